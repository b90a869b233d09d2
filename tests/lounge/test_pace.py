"""How much and how often a member may post, under their name and with it withheld, and that counting tells nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from confrere.lounge import actions, rules
from confrere.lounge.actions import tallying
from confrere.lounge.models import Flag, Mask, Post, Question, Removal, Tally
from confrere.lounge.queries import keeping as found
from confrere.people.queries import Standing
from confrere.vault import keys
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
SECRET, OTHER = "5" * 40, "6" * 40


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="After six months", now=now)


@pytest.fixture
def holders(moderate: Enter, now: datetime) -> tuple[Standing, Standing]:
    """Two moderators with a key each."""
    found = moderate("first"), moderate("second")
    for place, holder in enumerate(found, 1):
        actions.take_key(standing=holder, place=place, now=now)
    return found


def ask_withheld(who: Standing, now: datetime, *, secret: str = SECRET, title: str = "Burnt out?") -> Question:
    return actions.ask(standing=who, specialty="cardiology", title=title, text="Who else", now=now, secret=secret)


def test_new_members_ask_three_times_a_day_and_settled_ones_more(asker: Standing, now: datetime) -> None:
    said: dict[str, Any] = {"standing": asker, "specialty": "cardiology", "title": "Again?"}
    for _each in range(3):
        actions.ask(**said, text="", now=now)
    with pytest.raises(Refusal, match=r"posted 3 times within 24 hours.*read five questions"):
        actions.ask(**said, text="", now=now)
    tomorrow = now + timedelta(days=1, seconds=1)
    for _each in range(2):
        actions.ask(**said, text="", now=tomorrow)  # asking is reading: five questions now, and a day has passed
    for _each in range(8):
        actions.ask(**said, text="", now=tomorrow)
    with pytest.raises(Refusal, match="That was a lot within ten minutes"):
        actions.ask(**said, text="", now=tomorrow)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://doi.org/1 https://doi.org/2 https://doi.org/3", "3 links in your text; 2 are the most"),
        ("@one @two @three", "3 colleagues called"),
        ("![a](https://doi.org/1) ![b](https://doi.org/2)", "2 images in your text; 1"),
    ],
)
def test_what_a_new_members_post_may_hold(
    question: Question, asker: Standing, text: str, sentence: str, now: datetime
) -> None:
    with pytest.raises(Refusal, match=sentence):
        actions.answer(standing=asker, question=question, text=text, source="", now=now)
    with pytest.raises(Refusal, match=sentence):
        actions.edit(standing=asker, post=question.posts.get(), title="x", text=text, source="", now=now)


def test_uploads_count_too(asker: Standing, now: datetime) -> None:
    pace = found.pace(standing=asker, checked=now, now=now)
    with pytest.raises(Refusal, match="1 attachments in your text; 0 are the most"):
        rules.keeping.check_load(text="", pace=pace, attachments=1)
    settled = found.Pace(new=False, questions=20, answers=0, lately=0, minutes=0)
    rules.keeping.check_load(text="", pace=settled, attachments=5)
    with pytest.raises(Refusal, match=r"Come back tomorrow\.$"):
        rules.keeping.check_pace(pace=settled, asking=True)


# With the name withheld.


def test_withheld_posts_count_too_whatever_secret_the_browser_makes(
    asker: Standing, enter: Enter, holders: object, now: datetime
) -> None:
    for number in range(3):
        ask_withheld(asker, now, secret=str(number) * 40)
    with pytest.raises(Refusal, match=r"posted 3 times today with your name withheld.*read five questions"):
        ask_withheld(asker, now, secret="7" * 40)
    ask_withheld(enter("somebody"), now)  # their own count
    tomorrow = now + timedelta(days=1)
    ask_withheld(asker, tomorrow, secret="8" * 40)
    assert sorted(Tally.objects.values_list("posts", flat=True)) == [1, 1, 3]
    assert str(Tally.objects.order_by("day").last()) == f"{tomorrow.astimezone(UTC).date()}: 1"


def test_no_count_leads_to_a_person_or_to_a_post(asker: Standing, enter: Enter, holders: object, now: datetime) -> None:
    other = enter("other")
    ask_withheld(asker, now)
    last = ask_withheld(other, now, secret=OTHER)
    tokens = {bytes(row.token) for row in Tally.objects.all()}
    assert len(tokens) == 2
    for person in (asker.person, other.person):
        assert not any(str(person).encode() in token for token in tokens)
    # All counts of a day were written in the same moment, so none shares the transaction of one post alone.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM lounge_tally")
        assert cursor.fetchone() == (1,)
    assert last.author_id is None


def test_keys_and_counts_are_destroyed_the_day_after(
    asker: Standing, holders: object, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = now.astimezone(UTC).date()
    name = f"veil-{today:%Y%m%d}"
    ask_withheld(asker, now)
    assert keys.store().exists(name)
    assert keys.keeper_of(name).backed_up is False
    assert tallying.end_tallies_at(now=now) == 0
    assert Tally.objects.count() == 1
    assert tallying.end_tallies_at(now=now + timedelta(days=1)) == 1
    assert (keys.store().exists(name), Tally.objects.count()) == (False, 0)
    actions.end_tallies()
    # Two processes make the day's key at once: the one that comes second reads what is there.
    there = keys.store().create(name)
    monkeypatch.setattr(keys.Folder, "exists", lambda *_asked: False)
    assert tallying._key(today) == there
    monkeypatch.undo()
    keys.store().destroy(name)


def test_slow_mode_holds_in_a_mask_too(question: Question, enter: Enter, holders: Any, now: datetime) -> None:
    peer = enter("peer")
    actions.set_slow(standing=holders[0], question=question, minutes=30, now=now)
    say: dict[str, Any] = {"standing": peer, "question": question, "source": "", "secret": SECRET}
    actions.answer(**say, text="One.", now=now)
    with pytest.raises(Refusal, match="slow mode"):
        actions.answer(**say, text="Two.", now=now + timedelta(minutes=5))
    actions.answer(**say, text="Two.", now=now + timedelta(minutes=30))


def test_who_withheld_their_name_appeals_and_nobody_learns_who(
    asker: Standing, moderate: Enter, enter: Enter, holders: Any, browse: Browse, now: datetime
) -> None:
    question = ask_withheld(asker, now)
    post = Post.objects.get(question=question)
    removal = actions.ask_removal(standing=holders[0], post=post, cause=Removal.Cause.UNKIND, now=now)
    actions.confirm_removal(standing=holders[1], removal=removal, now=now)
    stranger, author = browse(enter("stranger")), browse(asker)
    stranger.cookies["withheld"] = OTHER
    page, address = "/p/peers/lounge/removed/", f"/p/peers/lounge/removal/{removal.pk}/appeal/"
    assert "Nothing of yours was removed" in stranger.get(page).text
    assert "Nothing of yours was removed" in author.get(page).text  # another browser
    assert stranger.post(address, {"appeal": "Mine."}).status_code == 404
    author.cookies["withheld"] = SECRET
    assert "Burnt out?" in author.get(page).text
    assert author.post(address, {"appeal": "It was a question."}).status_code == 302
    removal.refresh_from_db()
    assert removal.appeal == "It was a question."
    assert "you appealed" in author.get(page).text
    actions.decide_appeal(standing=moderate("third"), removal=removal, restore=True, now=now)
    assert Post.objects.get(pk=post.pk).state == "shown"
    told = [one.body for one in Payload.objects.all() if "lounge.appealed" in one.body]
    assert len(told) == 1
    assert "name withheld" in told[0]


def test_who_withheld_their_name_takes_back_what_they_wrote(
    asker: Standing, enter: Enter, holders: object, browse: Browse, now: datetime
) -> None:
    question = ask_withheld(asker, now)
    post = Post.objects.get(question=question)
    actions.flag(standing=enter("reader"), post=post, reason=Flag.Reason.UNKIND, words="", now=now)
    author, address = browse(asker), f"/p/peers/lounge/p/{post.pk}/take-back/"
    assert author.post(address).status_code == 403
    author.cookies["withheld"] = SECRET
    assert "Take back" in author.get(f"/p/peers/lounge/q/{question.pk}/").text
    assert author.post(address).status_code == 302
    assert (Post.objects.get(pk=post.pk).text, Flag.objects.get().settled_by_id) == ("", None)
    assert Mask.objects.get().posts.get().state == "removed"

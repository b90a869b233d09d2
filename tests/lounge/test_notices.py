"""Who is told of what, when not, and that letters say nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from pytest_django.fixtures import Settings

from confrere.lounge import actions
from confrere.lounge.actions.notices import knock_now, tell_at, write_digests_at
from confrere.lounge.models import Browser, NoticeChoice, Post, Question, ReadMark
from confrere.lounge.models.own import Stance
from confrere.lounge.queries import notices as queries
from confrere.people import actions as people
from confrere.people.queries import Standing
from confrere.post.models import Letter
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
#: A Tuesday.
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 7, 10, tzinfo=UTC)
ALL = (0, 1, 2, 3, 4, 5, 6)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def peer(enter: Enter) -> Standing:
    return enter("peer")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="After a year", now=now)


@pytest.fixture
def post(question: Question, peer: Standing, now: datetime) -> Post:
    return actions.answer(standing=peer, question=question, text="Quokka dose", source="", now=now)


def choose(who: Standing, *, letters: bool = True, digest: str = "", quiet: tuple[int, ...] = ()) -> NoticeChoice:
    kind = NoticeChoice.Digest(digest)
    actions.choose(standing=who, letters=letters, digest=kind, quiet_days=quiet, now=NOON - timedelta(days=3))
    return NoticeChoice.objects.get(member_id=who.person)


def quiet(who: Standing, start: time, end: time, *, zone: str = "UTC") -> None:
    people.change_account(person=who.person, name=who.name, zone=zone, quiet_from=start, quiet_until=end, now=NOON)


# Letters.


def test_whoever_asked_gets_one_letter_a_day_with_a_link_and_no_content(
    post: Post, question: Question, asker: Standing, peer: Standing
) -> None:
    for _twice in range(2):
        assert tell_at(post=post.pk, now=NOON) == 1
    [letter] = Letter.objects.all()
    assert (letter.to, letter.subject) == ("asker@physicians.example", "Something waits for you")
    assert f"/p/peers/lounge/q/{question.pk}/" in letter.body
    assert "/no-lounge-letters/" in letter.one_click
    for word in ("Zebrafish", "Quokka", "peer", "cardiology", "Cardiology"):
        assert word not in letter.body.replace("/p/peers/", "")
    assert tell_at(post=post.pk, now=NOON + timedelta(days=1)) == 1
    assert Letter.objects.count() == 2


def test_followers_and_who_is_called_are_told_and_who_muted_is_not(
    enter: Enter, question: Question, asker: Standing, peer: Standing, now: datetime
) -> None:
    follower, called, agreed = enter("follower"), enter("ines"), enter("agreed")
    here = {"programme_id": question.programme_id, "site_id": question.site_id, "question": question}
    ReadMark.objects.create(**here, member_id=follower.person, stance=Stance.FOLLOW)
    actions.be_called(standing=agreed, called=True, now=now)
    post = actions.answer(standing=peer, question=question, text="Ask @ines or @cardiology", source="", now=now)
    everyone = {asker.person, follower.person, called.person, agreed.person}
    assert set(queries.to_tell(post)) == everyone
    ReadMark.objects.filter(member_id=asker.person).update(stance=Stance.MUTE)
    assert set(queries.to_tell(post)) == everyone - {asker.person}


def test_a_post_that_does_not_stand_tells_nobody(post: Post, peer: Standing) -> None:
    actions.take_back(standing=peer, post=post, now=NOON)
    assert tell_at(post=post.pk, now=NOON) == 0
    actions.tell(id=post.pk)
    assert Letter.objects.count() == 0


def test_who_chose_no_letters_or_left_gets_none(post: Post, asker: Standing) -> None:
    choose(asker, letters=False)
    assert tell_at(post=post.pk, now=NOON) == 0
    choose(asker)
    assert tell_at(post=post.pk, now=NOON - timedelta(days=500)) == 0  # no member yet then


# Quiet hours and days.


@pytest.mark.parametrize(
    ("start", "end", "days", "now", "until"),
    [
        (None, None, (), NOON, None),
        (time(11), time(13), (), NOON, NOON + timedelta(hours=1)),
        (time(13), time(14), (), NOON, None),
        (None, None, (1,), NOON, datetime(2026, 3, 4, tzinfo=UTC)),
        (time(23), time(6), (1,), NOON, datetime(2026, 3, 4, 6, tzinfo=UTC)),
        (None, None, (1, 2), NOON, datetime(2026, 3, 5, tzinfo=UTC)),
        (time(11), time(13), (2,), NOON, NOON + timedelta(hours=1)),
        (None, None, ALL, NOON, None),
        (time(22), time(21), (0, 1, 2, 3, 4, 5), NOON, datetime(2026, 3, 8, 21, tzinfo=UTC)),
    ],
)
def test_when_quiet_ends(
    asker: Standing, start: time | None, end: time | None, days: tuple[int, ...], now: datetime, until: datetime | None
) -> None:
    if start and end:
        quiet(asker, start, end)
    assert queries.quiet_end(person=asker.person, days=days, now=now) == until


def test_a_letter_waits_for_the_end_of_quiet_and_is_dropped_when_stopped(post: Post, asker: Standing) -> None:
    quiet(asker, time(11), time(13))
    tell_at(post=post.pk, now=NOON)
    guard = Letter.objects.get().guard
    waits = actions.verdict(guard=guard, now=NOON)
    assert waits is not None
    assert (waits.wanted, waits.not_before) == (True, NOON + timedelta(hours=1))
    token = NoticeChoice.objects.get().stop
    assert actions.stop(token=token, now=NOON) is not None
    stopped = actions.verdict(guard=guard, now=NOON)
    assert stopped is not None
    assert not stopped.wanted
    gone = actions.verdict(guard="lounge.nobody", now=NOON)
    assert gone is not None
    assert not gone.wanted
    assert actions.verdict(guard="survey.x", now=NOON) is None
    assert actions.stop(token="nobody", now=NOON) is None


def test_the_outbox_asks(post: Post, asker: Standing, settings: Settings) -> None:
    from confrere.post.signals import Verdict, leaving

    choose(asker, letters=False)
    guard = f"lounge.{NoticeChoice.objects.get().stop}"
    said: list[object] = [
        one for _who, one in leaving.send(sender=Letter, to="x@y.example", guard=guard, urgent=False, now=NOON)
    ]
    assert Verdict(wanted=False) in said


# Digests.


def test_a_digest_comes_once_never_empty_and_says_nothing(question: Question, peer: Standing) -> None:
    row = choose(peer, digest="daily")
    assert str(row) == f"{peer.person}: daily"
    assert [write_digests_at(now=MORNING + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    [letter] = Letter.objects.all()
    assert "Zebrafish" not in letter.body
    assert "/p/peers/lounge/digest/?since=" in letter.body
    assert write_digests_at(now=MORNING + timedelta(days=1)) == 0  # nothing moved
    actions.write_digests()


@pytest.mark.parametrize(
    ("digest", "days", "moment", "period"),
    [
        ("", (), MORNING, ""),
        ("daily", (), MORNING, "2026-03-04"),
        ("daily", (), MORNING - timedelta(minutes=11), ""),
        ("daily", (2,), MORNING, ""),
        ("weekly", (), MORNING, "2026-W10"),
        ("weekly", (), datetime(2027, 1, 3, 8, tzinfo=UTC), "2026-W53"),
    ],
)
def test_when_a_digest_is_due(
    peer: Standing, digest: str, days: tuple[int, ...], moment: datetime, period: str
) -> None:
    row = choose(peer, digest=digest, quiet=days)
    assert queries.period(row, zone="UTC", now=moment) == period


def test_none_in_quiet_hours_nor_to_who_has_left(question: Question, peer: Standing) -> None:
    choose(peer, digest="daily")
    quiet(peer, time(6), time(9))
    assert write_digests_at(now=MORNING) == 0
    assert write_digests_at(now=MORNING + timedelta(hours=2)) == 1
    Question.objects.update(moved_at=MORNING + timedelta(days=1))
    from confrere.people.models import Membership

    Membership.objects.filter(user_id=peer.person).update(until=MORNING + timedelta(days=1))
    assert write_digests_at(now=MORNING + timedelta(days=2)) == 0


def test_what_is_fresh(question: Question, peer: Standing, asker: Standing, enter: Enter) -> None:
    def titles(who: Standing) -> list[str]:
        found = queries.fresh(programme=who.programme, person=who.person, since=NOON - timedelta(days=1), now=NOON)
        return [one.question.title for one in found]

    assert (titles(peer), titles(asker), titles(enter("lapsed"))) == (["Zebrafish?"], [], [])
    other = actions.ask(standing=asker, specialty="dermatology", title="Axolotl?", text="", now=NOON)
    assert titles(peer) == ["Zebrafish?"]
    actions.follow_specialty(standing=peer, specialty="dermatology", stance=Stance.FOLLOW, now=NOON)
    assert titles(peer) == ["Axolotl?", "Zebrafish?"]
    actions.follow_specialty(standing=peer, specialty="cardiology", stance=Stance.MUTE, now=NOON)
    assert titles(peer) == ["Axolotl?"]
    actions.take_back(standing=asker, post=other.posts.get(), now=NOON)
    assert titles(peer) == []


# Knocks.


def test_a_browser_is_known_once_and_only_of_a_push_service(asker: Standing, now: datetime) -> None:
    endpoint = "https://fcm.googleapis.com/fcm/send/abc"
    with pytest.raises(Refusal, match="Choose mail"):
        actions.add_browser(standing=asker, endpoint="https://127.0.0.1/", now=now)
    for _twice in range(2):
        actions.add_browser(standing=asker, endpoint=endpoint, now=now)
    [browser] = Browser.objects.all()
    assert str(browser) == f"{asker.person}: browser {browser.pk}"
    actions.drop_browsers(standing=asker)
    assert Browser.objects.count() == 0


def test_knocks_are_silent_in_quiet_hours_and_forget_what_is_gone(
    asker: Standing, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    row = choose(asker)
    for number in range(3):
        endpoint = f"https://fcm.googleapis.com/{number}"
        actions.add_browser(standing=asker, endpoint=endpoint, now=NOON)
    answers = iter((201, 410, 500))
    monkeypatch.setattr("confrere.post.outside.post", lambda *_asked, **_more: next(answers))
    quiet(asker, time(11), time(13))
    assert knock_now(choice=row.pk, now=NOON) == 0
    assert knock_now(choice=row.pk, now=NOON + timedelta(hours=2)) == 1
    assert [one.endpoint[-1] for one in Browser.objects.order_by("pk")] == ["0", "2"]
    assert knock_now(choice=0, now=NOON) == 0
    actions.drop_browsers(standing=asker)
    actions.knock_at(id=row.pk)


def test_quiet_days_are_days_of_the_week(asker: Standing) -> None:
    row = choose(asker)
    row.quiet_days = [7]
    with pytest.raises(IntegrityError, match="quiet_days_are_days"):
        row.save()

"""The pages by which the lounge is kept clean, as members, authors and moderators see them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from confrere.lounge import actions
from confrere.lounge.models import Browser, Flag, GuardMark, NoticeChoice, Post, Question, Removal
from confrere.lounge.queries import today
from confrere.lounge.views.holding import MARK
from confrere.people.queries import Standing

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
HERE = "/p/peers/lounge"


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def peer(enter: Enter) -> Standing:
    return enter("peer")


@pytest.fixture
def first(moderate: Enter) -> Standing:
    return moderate("first")


@pytest.fixture
def second(moderate: Enter) -> Standing:
    return moderate("second")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="After a year", now=now)


@pytest.fixture
def post(question: Question, peer: Standing, now: datetime) -> Post:
    return actions.answer(standing=peer, question=question, text="Quokka dose", source="", now=now)


def test_a_held_text_comes_back_as_it_was_with_what_was_found_and_why(asker: Standing, browse: Browse) -> None:
    client, said = browse(asker), {"specialty": "cardiology", "title": "When?", "text": "MRN 4455667 & 3 March, ok"}
    held = client.post(f"{HERE}/ask/", said)
    assert (held.status_code, Post.objects.count()) == (422, 0)
    assert "4455667</mark> &amp; <mark>" in held.text
    assert "it looks like the number of a medical record." in held.text
    assert "cannot read text in pictures" in held.text
    keys = held.text.split(f'name="{MARK}" value="')[1:]
    marks = [key.partition('"')[0] for key in keys]
    one = client.post(f"{HERE}/ask/", {**said, MARK: marks[:1]})
    assert (one.status_code, one.text.count("checked")) == (422, 1)
    assert client.post(f"{HERE}/ask/", {**said, MARK: marks}).status_code == 302
    assert sorted(GuardMark.objects.values_list("kind", flat=True)) == ["date", "record-number"]


@pytest.mark.parametrize("page", ["ask/", "q/{question}/"])
def test_words_of_distress_show_where_help_answers_and_nothing_is_held_or_kept(
    question: Question, peer: Standing, browse: Browse, settings: Settings, page: str
) -> None:
    settings.HELP_NUMBERS = [("Doctors' line", "555-0100")]
    said = {"specialty": "cardiology", "title": "And me?", "text": "I can’t go on.", "source": ""}
    path = f"{HERE}/{page.format(question=question.pk)}"
    assert "hidden" in browse(peer).get(path).text
    answer = browse(peer).post(path, said)
    assert answer.status_code == 200
    for words in ('href="tel:988"', "555-0100", "Nothing about it is stored"):
        assert words in answer.text
    assert Post.objects.filter(text="I can’t go on.").exists()
    onward = answer.text.partition('class="card-act" href="')[2].partition('"')[0]
    assert browse(peer).get(onward).status_code == 200


def test_flagging(post: Post, asker: Standing, browse: Browse) -> None:
    client, path = browse(asker), f"{HERE}/p/{post.pk}/flag/"
    assert "The author does not learn who flagged" in client.get(path).text
    assert client.post(path, {"words": "x"}).status_code == 422
    assert "Until then it stands" in client.post(path, {"reason": "unkind"}).text
    Flag.objects.all().delete()
    assert "hidden from the members" in client.post(path, {"reason": "identifier", "words": "a name"}).text
    assert client.get(path).status_code == 404
    assert "Quokka" not in client.get(f"{HERE}/q/{post.question_id}/").text


def test_a_moderators_queue_from_flag_to_appeal(
    post: Post, asker: Standing, peer: Standing, first: Standing, second: Standing, moderate: Enter, browse: Browse,
    now: datetime,
) -> None:  # fmt: skip
    assert "Nothing waits" in browse(first).get(f"{HERE}/queue/").text
    assert browse(asker).get(f"{HERE}/queue/").status_code == 403
    browse(asker).post(f"{HERE}/p/{post.pk}/flag/", {"reason": "unsafe", "words": "Twice the dose"})
    assert next(card.sentence for card in today(standing=first, now=now)) == "1 post waits for a moderator."
    page = browse(first).get(f"{HERE}/queue/").text
    for words in ("Twice the dose", "Quokka dose", "members can read it", "Ask for its removal"):
        assert words in page
    browse(first).post(f"{HERE}/p/{post.pk}/remove/", {f"{post.pk}-cause": "nonsense"})
    assert Removal.objects.count() == 0
    browse(first).post(f"{HERE}/p/{post.pk}/remove/", {f"{post.pk}-cause": "unsafe"})
    removal = Removal.objects.get()
    assert "A second moderator decides" in browse(first).get(f"{HERE}/queue/").text
    own = browse(peer).get(f"{HERE}/removed/").text
    assert "a second moderator has to confirm" in own
    decide = f"{HERE}/removal/{removal.pk}/"
    browse(second).post(decide, {"decision": "nonsense"})
    assert "Confirm the removal" in browse(second).get(f"{HERE}/queue/").text
    browse(second).post(decide, {"decision": "confirm"})
    assert "removed by two moderators" in browse(peer).get(f"{HERE}/removed/").text
    appeal = f"{decide}appeal/"
    browse(peer).post(appeal, {"appeal": ""})
    browse(peer).post(appeal, {"appeal": "It is in the guideline"})
    assert "you appealed" in browse(peer).get(f"{HERE}/removed/").text
    assert "You took part in the removal" in browse(second).get(f"{HERE}/queue/").text
    third = moderate("third")
    assert "It is in the guideline" in browse(third).get(f"{HERE}/queue/").text
    browse(third).post(decide, {"decision": "restore"})
    assert "Quokka dose" in browse(asker).get(f"{HERE}/q/{post.question_id}/").text
    assert browse(asker).post(f"{HERE}/removal/987654321/appeal/").status_code == 404


def test_declining_and_keeping(post: Post, asker: Standing, first: Standing, second: Standing, browse: Browse) -> None:
    browse(asker).post(f"{HERE}/p/{post.pk}/flag/", {"reason": "identifier"})
    browse(first).post(f"{HERE}/p/{post.pk}/keep/")
    post.refresh_from_db()
    assert post.state == "shown"
    browse(first).post(f"{HERE}/p/{post.pk}/remove/", {f"{post.pk}-cause": "unsafe"})
    browse(second).post(f"{HERE}/removal/{Removal.objects.get().pk}/", {"decision": "decline"})
    post.refresh_from_db()
    assert post.state == "shown"


def test_a_moderators_own_post_waits_for_another(question: Question, first: Standing, asker: Standing, browse: Browse,
                                                 now: datetime) -> None:  # fmt: skip
    own = actions.answer(standing=first, question=question, text="Mine.", source="", now=now)
    actions.flag(standing=asker, post=own, reason=Flag.Reason.UNKIND, words="", now=now)
    assert "Another moderator decides" in browse(first).get(f"{HERE}/queue/").text
    assert "Nothing of yours was removed" in browse(first).get(f"{HERE}/removed/").text


def test_taking_back(question: Question, post: Post, asker: Standing, peer: Standing, browse: Browse) -> None:
    path = f"{HERE}/p/{post.pk}/take-back/"
    assert browse(asker).get(path).status_code == 403
    assert "cannot be undone" in browse(peer).get(path).text
    assert browse(peer).post(path).headers["Location"] == f"{HERE}/q/{question.pk}/"
    first = question.posts.get(number=0)
    assert browse(asker).post(f"{HERE}/p/{first.pk}/take-back/").headers["Location"] == f"{HERE}/"
    assert browse(asker).get(f"{HERE}/q/{question.pk}/").status_code == 404


def test_a_note_of_peers(post: Post, asker: Standing, first: Standing, second: Standing, browse: Browse) -> None:
    path, page = f"{HERE}/p/{post.pk}/contradict/", f"{HERE}/q/{post.question_id}/"
    assert "Say what is wrong" in browse(first).get(path).text
    assert browse(first).post(path, {"text": "x"}).status_code == 422
    assert browse(first).post(path, {"text": "MRN 4455667", "source": "NEJM"}).status_code == 422
    browse(first).post(path, {"text": "The trial showed the opposite", "source": "NEJM 2024"})
    assert "A peer offers a note" in browse(asker).get(page).text
    number = browse(second).get(page).text.partition("/lounge/note/")[2].partition("/")[0]
    browse(second).post(f"{HERE}/note/{number}/agree/")
    assert "Peers of the specialty contradict" in browse(asker).get(page).text


def test_slow_mode(question: Question, first: Standing, peer: Standing, browse: Browse) -> None:
    path = f"{HERE}/q/{question.pk}/slow/"
    assert 'value="30"' in browse(first).get(path).text
    assert browse(first).post(path, {"minutes": "x"}).status_code == 422
    browse(first).post(path, {"minutes": "45"})
    assert "once in 45 minutes" in browse(peer).get(f"{HERE}/q/{question.pk}/").text


def test_notices(asker: Standing, browse: Browse) -> None:
    client, path = browse(asker), f"{HERE}/notices/"
    assert "Letters and notices carry a link" in client.get(path).text
    assert client.post(path, {"digest": "hourly"}).status_code == 422
    client.post(path, {"digest": "weekly", "quiet_days": ["5", "6"]})
    row = NoticeChoice.objects.get()
    assert (row.letters, row.digest, row.quiet_days) == (False, "weekly", [5, 6])
    assert client.get(path).text.count("checked") == 3
    client.post(f"{path}browser/", {"endpoint": "https://web.push.apple.com/x"})
    assert "One browser of yours gets notices" in client.get(path).text
    client.post(f"{path}browser/")
    assert Browser.objects.count() == 0


@pytest.mark.parametrize("since", ["", "1", "x", "99999999999999"])
def test_the_digest_page_shows_what_stands_now(question: Question, peer: Standing, browse: Browse, since: str) -> None:
    assert "Zebrafish?" in browse(peer).get(f"{HERE}/digest/?since={since}").text


@pytest.mark.django_db
def test_letters_stop_with_one_click_and_without_sign_in(asker: Standing, browse: Browse) -> None:
    browse(asker).post(f"{HERE}/notices/", {"wanted": "letters", "digest": "daily"})
    row = NoticeChoice.objects.get()
    stranger, path = Client(enforce_csrf_checks=True), f"/no-lounge-letters/{row.stop}/"
    assert "Stop letters of the lounge?" in stranger.get(path).text
    row.refresh_from_db()
    assert row.letters
    assert "No more letters" in stranger.post(path, {"List-Unsubscribe": "One-Click"}).text
    row.refresh_from_db()
    assert (row.letters, row.digest) == (False, "")
    assert "Stop letters of the lounge?" in stranger.post(path, {"again": "1"}).text
    assert stranger.get("/no-lounge-letters/nobody/").status_code == stranger.post("/no-lounge-letters/x/").status_code


@pytest.mark.django_db
def test_the_apps_worker_is_a_script_at_the_root() -> None:
    answer = Client().get("/lounge-worker.js")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript")
    assert "Something waits for you." in answer.text

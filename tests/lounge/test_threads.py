"""Writing and reading a thread: what helps, changes, outcomes, polls, mentions, endorsements, drafts, marks."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from confrere.lounge import actions, queries
from confrere.lounge.actions import showing
from confrere.lounge.actions.calling import called
from confrere.lounge.models import Draft, Interest, Mention, Post, Question, ReadMark, Revision
from confrere.lounge.models.asked import State
from confrere.lounge.models.own import Stance
from confrere.lounge.queries import threads
from confrere.lounge.views import writing
from confrere.people.queries import Standing
from confrere.post.models import Letter
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def peer(enter: Enter) -> Standing:
    return enter("peer")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="When to stop?", text="Six months", now=now)


@pytest.fixture
def answer(peer: Standing, question: Question, now: datetime) -> Post:
    return actions.answer(standing=peer, question=question, text="At twelve.", source="", now=now)


@pytest.fixture
def path(question: Question) -> str:
    return f"/p/peers/lounge/q/{question.pk}/"


def test_what_helps_is_added_after_posting(asker: Standing, path: str, browse: Browse) -> None:
    client = browse(asker)
    assert "stands already" in client.get(f"{path}describe/").content.decode()
    sent = {"setting": "ward", "age_band": "older", "course": "two weeks", "tried": "rest", "urgency_days": "3"}
    refused = client.post(f"{path}describe/", sent)
    assert refused.status_code == 422
    assert "Confirm that the patient agreed" in refused.content.decode()
    assert client.post(f"{path}describe/", sent | {"attested": "on"}).status_code == 302
    page = client.get(path).content.decode()
    assert "65 to 79 years" in page
    assert "The author says: the patient agreed" in page
    assert "helps within 3 days" in client.get("/p/peers/lounge/").content.decode()
    assert client.post(f"{path}describe/", {"urgency_days": "91"}).status_code == 422


def test_only_who_asked_describes_polls_and_tells(peer: Standing, path: str, browse: Browse) -> None:
    client = browse(peer)
    for act in ("describe", "poll", "outcome"):
        assert client.get(f"{path}{act}/").status_code == 403


def test_a_change_keeps_what_stood_there(
    asker: Standing, peer: Standing, answer: Post, path: str, browse: Browse
) -> None:
    client = browse(peer)
    edit = f"{path}p/{answer.pk}/edit/"
    assert "At twelve." in client.get(edit).content.decode()
    assert client.post(edit, {"text": "At twelve.", "source": ""}).status_code == 302
    assert Revision.objects.count() == 0
    assert "Nothing was changed" in client.get(f"{path}p/{answer.pk}/history/").content.decode()
    assert client.post(edit, {"text": "At **nine**.", "source": "ESC"}).status_code == 302
    answer.refresh_from_db()
    assert (answer.html, answer.basis) == ("<p>At <strong>nine</strong>.</p>\n", "source")
    assert "At twelve." in client.get(f"{path}p/{answer.pk}/history/").content.decode()
    assert ">changed</a>" in client.get(path).content.decode()
    assert "nine" in client.get("/p/peers/lounge/search/?q=nine").content.decode()
    assert client.post(edit, {"text": ""}).status_code == 422
    assert browse(asker).get(edit).status_code == 403


def test_a_question_changes_with_its_title(asker: Standing, question: Question, path: str, browse: Browse) -> None:
    asking = Post.objects.get(question=question)
    client = browse(asker)
    sent = {"title": "When to go on?", "text": "Six months"}
    looked = client.post(f"{path}p/{asking.pk}/edit/", sent | {"preview": "1"}).content.decode()
    assert "How it will look" in looked
    assert client.post(f"{path}p/{asking.pk}/edit/", sent).status_code == 302
    question.refresh_from_db()
    assert (question.title, Revision.objects.get().title) == ("When to go on?", "When to stop?")
    assert str(Revision.objects.get()).startswith(f"{asking.pk} until")
    assert "When to stop?" in client.get(f"{path}p/{asking.pk}/history/").content.decode()


def test_who_asked_tells_how_it_went(asker: Standing, answer: Post, path: str, browse: Browse) -> None:
    client = browse(asker)
    assert "Two lines are enough" in client.get(f"{path}outcome/").content.decode()
    assert client.post(f"{path}outcome/", {"text": "It went well."}).status_code == 302
    told = Post.objects.get(kind="outcome")
    assert (told.number, told.basis) == (2, "")
    page = client.get(path).content.decode()
    assert "How it went" in page
    assert "One answer" in page  # an outcome is none
    for act in (
        lambda: actions.accept(standing=asker, question=told.question, answer=told, now=told.written_at),
        lambda: actions.endorse(standing=asker, post=told, on=True, now=told.written_at),
    ):
        with pytest.raises(Refusal, match="Only an answer"):
            act()
    edited = actions.edit(standing=asker, post=told, title="", text="Very well.", source="x", now=told.written_at)
    assert (edited.text, edited.source) == ("Very well.", "")


def test_after_two_weeks_the_author_is_asked_once_how_it_went(
    asker: Standing, answer: Post, question: Question, now: datetime
) -> None:
    actions.ask(standing=asker, specialty="cardiology", title="Unanswered", text="", now=now)
    assert showing.ask_outcomes_at(now=now + timedelta(days=13)) == 0
    assert showing.ask_outcomes_at(now=now + timedelta(days=15)) == 1
    assert showing.ask_outcomes_at(now=now + timedelta(days=16)) == 0
    letter = Letter.objects.get()
    assert letter.to == "asker@physicians.example"
    assert "When to stop" not in letter.subject + letter.body
    actions.ask_outcomes()


def test_a_poll_shows_counts_after_ones_own_choice(
    asker: Standing, peer: Standing, path: str, browse: Browse, now: datetime
) -> None:
    client, other = browse(asker), browse(peer)
    assert "Add a poll" in client.get(f"{path}poll/").content.decode()
    assert client.post(f"{path}vote/", {"choice": "0"}).status_code == 404
    for wrong in ("only one", "a\na", "x" * 121 + "\ny"):
        assert client.post(f"{path}poll/", {"choices": wrong}).status_code == 422
    assert client.post(f"{path}poll/", {"choices": "stop\n\ngo on\n"}).status_code == 302
    assert client.post(f"{path}poll/", {"choices": "stop\ngo on"}).status_code == 409
    assert (
        "colleague" not in other.get(path).content.decode().partition("What would you do?")[2].partition("</form>")[0]
    )
    assert other.post(f"{path}vote/", {"choice": "1"}).status_code == 302
    assert "one colleague" in other.get(path).content.decode()
    assert other.post(f"{path}vote/", {"choice": "0"}).status_code == 302
    assert other.post(f"{path}vote/", {"choice": "2"}).status_code == 422
    assert other.post(f"{path}vote/", {"choice": "x"}).status_code == 422
    found = queries.question(programme=asker.programme, question=int(path.split("/")[-2]))
    assert found is not None
    ballot = queries.ballot(question=found, member=peer.person)
    assert ballot is not None
    assert (ballot.rows, ballot.mine) == ([("stop", 1), ("go on", 0)], 0)
    assert str(ballot.poll) == f"poll {found.pk}"


def test_peers_of_the_specialty_stand_by_an_answer(
    enter: Enter, asker: Standing, answer: Post, path: str, browse: Browse, now: datetime
) -> None:
    client = browse(asker)
    assert "I stand by this" in client.get(path).content.decode()
    stand = f"{path}endorse/{answer.pk}/"
    assert client.post(stand, {"on": "1"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Peers of this specialty stand by it: asker" in page
    assert client.post(stand).status_code == 302
    assert "stand by it:" not in client.get(path).content.decode()
    elsewhere = actions.ask(standing=asker, specialty="neurology", title="x", text="", now=now)
    given = actions.answer(standing=enter("third"), question=elsewhere, text="y", source="", now=now)
    with pytest.raises(Refusal, match="by peers"):
        actions.endorse(standing=asker, post=given, on=True, now=now)
    with pytest.raises(Refusal, match="your own"):
        actions.endorse(standing=enter("fourth") and asker, post=_own(asker, elsewhere, now), on=True, now=now)


def _own(asker: Standing, question: Question, now: datetime) -> Post:
    return actions.answer(standing=asker, question=question, text="mine", source="", now=now)


def test_an_answer_can_be_quoted_and_looked_at_first(asker: Standing, answer: Post, path: str, browse: Browse) -> None:
    client = browse(asker)
    assert "&gt; At twelve.\n\n" in client.get(f"{path}?quote=1").content.decode()
    assert "&gt; At" not in client.get(f"{path}?quote=99").content.decode()
    looked = client.post(path, {"text": "**bold**", "preview": "1"})
    assert looked.status_code == 200
    assert "<strong>bold</strong>" in looked.content.decode()
    assert Post.objects.filter(number__gt=1).count() == 0
    alone = client.post("/p/peers/lounge/preview/", {"text": "*so*", "preview": "1"})
    assert alone.content.decode() == "<p><em>so</em></p>\n"


def test_what_is_typed_is_kept_until_it_is_sent(asker: Standing, path: str, question: Question, browse: Browse) -> None:
    client = browse(asker)
    typed = {"specialty": "neurology", "title": "Half a", "text": "question"}
    assert client.post("/p/peers/lounge/draft/", typed).status_code == 200
    assert client.post("/p/peers/lounge/draft/", typed | {"title": "Half of a"}).status_code == 200
    assert Draft.objects.count() == 1
    page = client.get("/p/peers/lounge/ask/").content.decode()
    assert "Half of a" in page
    assert "You began this" in page
    client.post("/p/peers/lounge/draft/", {"question": str(question.pk), "text": "half an answer"})
    assert "half an answer" in client.get(path).content.decode()
    assert client.post(path, {"text": "whole"}).status_code == 302
    client.post("/p/peers/lounge/draft/", {"title": " "})
    assert Draft.objects.count() == 0
    found = queries.draft(programme=asker.programme, member=asker.person, question=question.pk)
    assert found is None


def test_marks_are_the_members_own(asker: Standing, peer: Standing, path: str, answer: Post, browse: Browse) -> None:
    client = browse(asker)
    assert "Nothing kept yet" in client.get("/p/peers/lounge/bookmarks/").content.decode()
    client.post(f"{path}keep/", {"bookmark": "on"})
    client.post(f"{path}keep/", {"stance": "follow"})
    client.post(f"{path}keep/", {"stance": "everything"})
    mark = ReadMark.objects.get(member=asker.person)
    assert (mark.stance, mark.number, mark.bookmarked_at is not None) == ("follow", 0, True)
    assert "When to stop?" in client.get("/p/peers/lounge/bookmarks/").content.decode()
    page = client.get(path).content.decode()
    assert "Take the bookmark off" in page
    assert "Follow no longer" in page
    mark.refresh_from_db()
    assert (mark.stance, mark.number) == ("follow", 1)
    client.post(f"{path}keep/", {"bookmark": "off"})
    client.post(f"{path}keep/", {"stance": "mute"})
    assert "Hear of it again" in client.get(path).content.decode()


def test_long_threads_go_by_pages(
    asker: Standing,
    peer: Standing,
    path: str,
    question: Question,
    browse: Browse,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "POSTS", 2)
    monkeypatch.setattr(writing, "POSTS", 2)
    for number in range(5):
        actions.answer(standing=peer, question=question, text=f"answer {number + 1}.", source="", now=now)
    client = browse(asker)
    first = client.get(path).content.decode()
    assert "answer 2." in first
    assert "answer 3." not in first
    assert "?after=2" in first
    assert ReadMark.objects.get(member=asker.person).number == 2
    last = client.get(f"{path}?after=4").content.decode()
    assert "answer 5." in last
    assert "From the beginning" in last
    assert "Later answers" not in last
    client.get(path)
    assert ReadMark.objects.get(member=asker.person).number == 5  # going back unreads nothing
    sent = browse(peer).post(path, {"text": "answer 6."})
    assert sent.headers["Location"] == f"{path}?after=4#post-6"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@cardiology and @ama.osei, please", ["cardiology", "ama.osei"]),
        ("mail me@example.org @x-y. @x-y", ["x-y"]),
        ("@a1 @a2 @a3 @a4 @a5 @a6", ["a1", "a2", "a3", "a4", "a5"]),
    ],
)
def test_who_is_called_by_a_text(text: str, words: list[str]) -> None:
    assert called(text) == words


def test_mentions_reach_specialties_and_single_colleagues(
    enter: Enter, asker: Standing, peer: Standing, now: datetime
) -> None:
    enter("double.one")
    enter("double.two")
    question = actions.ask(standing=asker, specialty="cardiology", title="x", text="@cardiology @peer", now=now)
    actions.ask(standing=asker, specialty="cardiology", title="x", text="@asker @double", now=now)
    actions.ask(standing=asker, specialty="cardiology", title="x", text="@nobody", now=now)
    mentions = Mention.objects.order_by("pk")
    assert [str(one).partition(" ")[2] for one in mentions] == ["cardiology", str(peer.person)]
    (line,) = queries.news_for_me(programme=peer.programme, member=peer.person, listed={})
    assert (line.question, line.new) == (question, 1)


def test_a_post_that_is_hidden_is_counted_nowhere(
    asker: Standing, answer: Post, question: Question, path: str, browse: Browse, now: datetime
) -> None:
    actions.accept(standing=asker, question=question, answer=answer, now=now)
    actions.change_state(post=answer, state=State.HIDDEN)
    question.refresh_from_db()
    assert (question.answers, question.last, question.accepted_id) == (0, 0, None)
    assert "At twelve." not in browse(asker).get(path).content.decode()
    actions.change_state(post=answer, state=State.SHOWN)
    question.refresh_from_db()
    assert (question.answers, question.last, question.state) == (1, 1, "shown")
    actions.change_state(post=Post.objects.get(question=question, number=0), state=State.REMOVED)
    assert browse(asker).get(path).status_code == 404
    with pytest.raises(Refusal, match="nothing here"):
        actions.answer(standing=asker, question=question, text="late", source="", now=now)


def test_invisible_characters_are_refused(asker: Standing, question: Question, now: datetime) -> None:
    with pytest.raises(Refusal, match="invisible characters"):
        actions.answer(standing=asker, question=question, text="a\u202eb", source="", now=now)


def test_what_a_member_wants_to_hear(asker: Standing, question: Question, browse: Browse, now: datetime) -> None:
    client = browse(asker)
    listen = "/p/peers/lounge/in/cardiology/listen/"
    home = "/p/peers/lounge/in/cardiology/"
    assert "Call me when somebody writes @cardiology" in client.get(home).content.decode()
    assert client.post(listen, {"called": "on"}).status_code == 302
    assert "Do not call me any longer" in client.get(home).content.decode()
    client.post(listen, {"stance": "follow"})
    assert "You follow this specialty" in client.get(home).content.decode()
    assert "You follow" in client.get("/p/peers/lounge/specialties/").content.decode()
    client.post(listen, {"stance": "mute"})
    assert "Muted" in client.get(home).content.decode()
    assert "When to stop?" not in client.get("/p/peers/lounge/").content.decode()
    client.post(listen, {"stance": "nonsense", "called": "off"})
    row = Interest.objects.get()
    assert (row.stance, row.called, str(row)) == (Stance.MUTE, False, f"{asker.person} cardiology")

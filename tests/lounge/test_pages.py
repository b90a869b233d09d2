"""What a member, a colleague without a valid credential, and a stranger see."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from confrere.lounge import actions, queries
from confrere.lounge.models import Post, Question
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def colleague(enter: Enter) -> Standing:
    return enter("colleague")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(
        standing=asker, specialty="cardiology", title="When to stop?", text="After *six* months", now=now
    )


def test_a_member_asks_and_another_answers(asker: Standing, colleague: Standing, browse: Browse) -> None:
    asked = browse(asker).post(
        "/p/peers/lounge/ask/", {"specialty": "cardiology", "title": "When to stop?", "text": "After *six* months"}
    )
    question = Question.objects.get()
    path = f"/p/peers/lounge/q/{question.pk}/"
    assert (asked.status_code, asked.headers["Location"]) == (302, f"{path}describe/")

    answered = browse(colleague).post(path, {"text": "At **twelve**.", "source": "ESC 2023"})
    answer = Post.objects.get(number=1)
    assert answered.headers["Location"].endswith("#post-1")
    assert (answer.basis, answer.source, answer.specialty) == ("source", "ESC 2023", "cardiology")

    page = browse(asker).get(path).content.decode()
    assert "At <strong>twelve</strong>." in page
    assert "After <em>six</em> months" in page


def test_the_asker_says_what_helped(
    asker: Standing, colleague: Standing, question: Question, browse: Browse, now: datetime
) -> None:
    answer = actions.answer(standing=colleague, question=question, text="At twelve.", source="", now=now)
    path = f"/p/peers/lounge/q/{question.pk}/accept/{answer.pk}/"
    refused = browse(colleague).post(path)
    assert refused.status_code == 403
    assert "Only the colleague who asked" in refused.content.decode()
    assert browse(asker).post(path).status_code == 302
    question.refresh_from_db()
    assert question.accepted_id == answer.pk
    assert "this helped" in browse(colleague).get(f"/p/peers/lounge/q/{question.pk}/").content.decode()
    assert "one helped" in browse(colleague).get("/p/peers/lounge/").content.decode()


def test_nobody_accepts_their_own_answer(asker: Standing, question: Question, now: datetime) -> None:
    own = actions.answer(standing=asker, question=question, text="Found it.", source="", now=now)
    with pytest.raises(Refusal, match="your own"):
        actions.accept(standing=asker, question=question, answer=own, now=now)


def test_a_lapsed_credential_shuts_the_door_with_the_way_back(enter: Enter, question: Question, browse: Browse) -> None:
    lapsed = browse(enter("lapsed"))
    for path in ("", "ask/", "in/cardiology/", f"q/{question.pk}/"):
        answer = lapsed.get(f"/p/peers/lounge/{path}")
        assert answer.status_code == 403
        assert "Ask your coordinator" in answer.content.decode()
        assert "When to stop" not in answer.content.decode()


def test_strangers_and_other_programmes_see_nothing(enter: Enter, question: Question, browse: Browse) -> None:
    path = f"/p/peers/lounge/q/{question.pk}/"
    assert Client().get(path).headers["Location"].startswith("/accounts/")
    outsider = browse(enter("outsider", programme="others"))
    there = outsider.get(path)
    absent = outsider.get("/p/peers/lounge/q/999999/")
    through_own = outsider.get(f"/p/others/lounge/q/{question.pk}/")
    assert (there.status_code, absent.status_code, through_own.status_code) == (404, 404, 404)


def test_what_was_typed_is_kept(asker: Standing, browse: Browse) -> None:
    kept = browse(asker).post("/p/peers/lounge/ask/", {"specialty": "alchemy", "title": "", "text": "typed with care"})
    assert kept.status_code == 422
    assert "typed with care" in kept.content.decode()
    assert Question.objects.count() == 0


def test_an_empty_answer_is_refused_in_place(asker: Standing, question: Question, browse: Browse) -> None:
    kept = browse(asker).post(f"/p/peers/lounge/q/{question.pk}/", {"text": "", "source": "a source typed first"})
    assert kept.status_code == 422
    assert "a source typed first" in kept.content.decode()


def test_an_unlisted_specialty_is_refused_by_the_rule_too(asker: Standing, now: datetime) -> None:
    with pytest.raises(Refusal, match="from the list"):
        actions.ask(standing=asker, specialty="alchemy", title="Gold?", text="", now=now)


def test_an_unlisted_specialty_has_no_page(asker: Standing, browse: Browse) -> None:
    assert browse(asker).get("/p/peers/lounge/in/alchemy/").status_code == 404


def test_lists_go_by_key_without_gap_or_repeat(enter: Enter, browse: Browse, now: datetime) -> None:
    askers = [enter(f"asker{number}") for number in range(15)]  # new here, so three questions each
    for k in range(45):
        asker = askers[k % 15]
        # Three share each moment, so that the key must break ties.
        actions.ask(standing=asker, specialty="cardiology", title=f"Q{k}", text="", now=now - timedelta(minutes=k // 3))
    seen: list[int] = []
    key = None
    while True:
        page = queries.questions(programme=asker.programme, member=asker.person, listed={}, after=key)
        seen += [line.question.pk for line in page.lines]
        key = page.next_key
        if key is None:
            break
    assert len(seen) == len(set(seen)) == 45
    first = browse(asker).get("/p/peers/lounge/")
    assert "Older questions" in first.content.decode()


@pytest.mark.parametrize(
    "after",
    [
        "nonsense",
        "2026-01-01,1",
        "2026-13-45T00:00:00Z,1",
        "0001-01-01T00:00:00+14:00,1",
        "2099-01-01T00:00:00+23:59,x",
        "2026-01-01T00:00:00Z,x",
        f"2026-01-01T00:00:00Z,{'9' * 5000}",
    ],
)
def test_a_spoilt_key_starts_from_the_top(asker: Standing, question: Question, browse: Browse, after: str) -> None:
    assert "When to stop?" in browse(asker).get("/p/peers/lounge/", {"after": after}).content.decode()


def test_the_next_page_starts_after_the_key(asker: Standing, question: Question, browse: Browse, now: datetime) -> None:
    page = browse(asker).get("/p/peers/lounge/", {"after": f"{now.isoformat()},{question.pk}"})
    assert "No question here yet" in page.content.decode()


def test_waiting_shows_only_what_nobody_answered(
    asker: Standing, colleague: Standing, question: Question, browse: Browse, now: datetime
) -> None:
    path = "/p/peers/lounge/in/cardiology/?waiting=1"
    assert "When to stop?" in browse(colleague).get(path).content.decode()
    actions.answer(standing=colleague, question=question, text="At twelve.", source="", now=now)
    assert "When to stop?" not in browse(colleague).get(path).content.decode()


def test_new_means_moved_since_i_read(asker: Standing, colleague: Standing, question: Question, now: datetime) -> None:
    def new() -> int:
        (line,) = queries.questions(programme=asker.programme, member=asker.person, listed={}).lines
        return line.new

    assert new() == 0  # one's own question
    actions.answer(standing=colleague, question=question, text="x", source="", now=now + timedelta(hours=1))
    assert new() == 1
    actions.mark_read(standing=asker, question=question, number=1, now=now)
    assert new() == 0


def test_today_tells_a_member_what_waits_in_their_specialty(
    enter: Enter, asker: Standing, colleague: Standing, question: Question, now: datetime
) -> None:
    (card,) = queries.today(standing=colleague, now=now)
    assert card.sentence == "1 question in Cardiology waits for an answer."
    assert queries.today(standing=asker, now=now) == []  # one's own question does not wait for oneself
    assert queries.today(standing=enter("lapsed"), now=now) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_and_a_thread_cost_the_same_however_many(
    asker: Standing,
    colleague: Standing,
    browse: Browse,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for k in range(count):
        question = actions.ask(standing=asker, specialty="cardiology", title=f"Q{k}", text="", now=now)
    for _ in range(count):
        actions.answer(standing=colleague, question=question, text="x", source="", now=now)
    client = browse(asker)
    client.get("/p/peers/lounge/")  # the session and the database's own marker are read once
    with django_assert_num_queries(7):
        client.get("/p/peers/lounge/")
    with django_assert_num_queries(9):
        client.get(f"/p/peers/lounge/q/{question.pk}/")

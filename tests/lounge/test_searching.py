"""Search reads as its manual says: docs/how-to/search-the-lounge.md."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from confrere.lounge import actions, queries
from confrere.lounge.actions import showing
from confrere.lounge.actions.noting import words_of
from confrere.lounge.models import Post
from confrere.lounge.models.asked import State
from confrere.lounge.queries import Search, parse, searching
from confrere.people.queries import Standing

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
LISTED = queries.specialties.shipped()


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("beta blocker", Search(wanted=("beta", "blocker"))),
        ('"beta blocker" -cancer', Search(wanted=("beta blocker",), unwanted=("cancer",))),
        ("specialty:cardiology", Search(specialty="cardiology")),
        ('specialty:"Heart failure"', Search(specialty="heart-failure")),
        ("specialty:alchemy gold", Search(wanted=("gold",), unknown=("specialty:alchemy",))),
        ("by:ama.osei", Search(by="ama.osei")),
        ("has:answer", Search(answered=True)),
        ("is:answered", Search(answered=True)),
        ("is:unanswered", Search(answered=False)),
        ("has:pictures", Search(unknown=("has:pictures",))),
        ("after:2026", Search(after=date(2026, 1, 1))),
        ("after:2026-02-03 x", Search(wanted=("x",), after=date(2026, 2, 3))),
        ("after:soon", Search(unknown=("after:soon",))),
        ('"" x "unended', Search(wanted=("x", "unended"))),
        ("", Search()),
    ],
)
def test_a_line_is_taken_apart(line: str, understood: Search) -> None:
    assert parse(line, listed=LISTED) == understood


@pytest.mark.parametrize(
    ("asked", "empty"),
    [
        (Search(), True),
        (Search(unwanted=("x",)), True),
        (Search(after=date(2026, 1, 1)), True),
        (Search(by="x"), False),
    ],
)
def test_something_has_to_be_looked_for(asked: Search, empty: bool) -> None:
    assert asked.empty is empty


@pytest.fixture
def lounge(enter: Enter, now: datetime) -> Callable[..., list[str]]:
    """Three questions; returns how to search them: the titles that a line finds."""
    ama, ben = enter("ama"), enter("ben")
    old = now - timedelta(days=400)
    bleeding = actions.ask(
        standing=ama, specialty="cardiology", title="Bleeding on apixaban", text="in:neurology by:1", now=old
    )
    actions.ask(standing=ben, specialty="neurology", title="First seizure", text="Beta blocker stopped?", now=now)
    actions.ask(standing=ben, specialty="cardiology", title="Tired", text="blocker, then beta & <b>bold</b>", now=now)
    actions.answer(standing=ben, question=bleeding, text="Stop before cancer surgery.", source="", now=now)

    def find(line: str, page: int = 1) -> list[str]:
        asked = parse(line, listed=LISTED)
        found = queries.search(programme=ama.programme, asked=asked, listed=LISTED, now=now, page=page)
        return sorted(hit.title for hit in found.hits)

    return find


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("bleeds", ["Bleeding on apixaban"]),
        ("beta blocker", ["First seizure", "Tired"]),
        ('"beta blocker"', ["First seizure"]),
        ("apixaban -cancer", ["Bleeding on apixaban"]),
        ("blocker -beta", []),
        ("specialty:cardiology", ["Bleeding on apixaban", "Tired"]),
        ("specialty:neurology", ["First seizure"]),
        ("specialty:neurology -seizure", []),
        ("specialty:cardiology after:2999", []),
        ("specialty:cardiology is:unanswered after:2020", ["Tired"]),
        ("by:ama", ["Bleeding on apixaban"]),
        ("by:ben cancer", ["Bleeding on apixaban"]),
        ("by:nobody", []),
        ("by:ama has:answer", ["Bleeding on apixaban"]),
        ("by:ama is:unanswered", []),
        ("by:... tired", ["Tired"]),
        ("has:answer", ["Bleeding on apixaban"]),
        ("is:unanswered", ["First seizure", "Tired"]),
        ("is:unanswered beta", ["First seizure", "Tired"]),
        ("apixaban is:unanswered", []),
        ("after:2999 beta", []),
        ("or", []),
        ("", []),
        ("-beta", []),
    ],
)
def test_what_a_line_finds(lounge: Callable[..., list[str]], line: str, titles: list[str]) -> None:
    assert lounge(line) == titles


def test_what_was_written_since_then(lounge: Callable[..., list[str]], now: datetime) -> None:
    day = (now - timedelta(days=30)).date().isoformat()
    assert lounge(f"after:{day} apixaban") == []
    assert lounge(f"after:{day} cancer") == ["Bleeding on apixaban"]
    assert lounge("cancer", 2) == []


def test_older_posts_are_found_too_where_the_newest_give_few(
    lounge: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "RECENT", 2)
    actions.age_posts()
    assert list(Post.objects.order_by("pk").values_list("recent", flat=True)) == [False, False, True, True]
    assert lounge("seizure") == ["First seizure"]
    monkeypatch.setattr(searching, "ENOUGH", 1)
    assert lounge("beta blocker") == ["Tired"]


def test_older_posts_are_asked_month_by_month_and_no_further_than_is_enough(
    lounge: Callable[..., list[str]], enter: Enter, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    cleo, then = enter("cleo"), now - timedelta(days=1500)
    old = actions.ask(standing=cleo, specialty="cardiology", title="Ancient beta", text="", now=now)
    asking = Post.objects.select_related("question").get(question=old)
    asking.written_at = then
    Post.objects.filter(pk=asking.pk).update(written_at=then, search=words_of(asking))
    Post.objects.update(recent=False)
    assert lounge("beta") == ["Ancient beta", "First seizure", "Tired"]
    assert lounge("beta after:2020") == ["Ancient beta", "First seizure", "Tired"]
    monkeypatch.setattr(searching, "OLDER", 2)
    assert lounge("beta") == ["First seizure", "Tired"]


@pytest.mark.parametrize(
    ("after", "many", "first", "last"),
    [
        (None, 37, "at:2026-02", ""),
        (date(2025, 12, 31), 3, "at:2026-02", "at:2025-12"),
        (date(2023, 3, 1), 37, "at:2026-02", ""),
        (date(2001, 1, 1), 37, "at:2026-02", ""),
    ],
)
def test_months_are_asked_newest_first(after: date | None, many: int, first: str, last: str) -> None:
    markers, oldest = searching._months(after, datetime(2026, 2, 28, tzinfo=UTC))
    assert (len(markers), markers[0], markers[-1], oldest) == (many, first, last, datetime(2023, 3, 1, tzinfo=UTC))


def test_the_page_shows_passages_and_says_what_it_left_out(
    lounge: Callable[..., list[str]], enter: Enter, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(enter("reader"))
    page = client.get("/p/peers/lounge/search/?q=beta+is:lovely").content.decode()
    assert "<mark>beta</mark> &amp;" in page
    assert "<b>" not in page
    assert "“is:lovely” says nothing" in page
    assert "Add at least one word" in client.get("/p/peers/lounge/search/?q=-x").content.decode()
    assert "Nothing found" in client.get("/p/peers/lounge/search/?q=xyzzy").content.decode()
    assert client.get("/p/peers/lounge/search/?page=nonsense").status_code == 200
    monkeypatch.setattr(searching, "PAGE", 1)
    monkeypatch.setattr(searching, "ENOUGH", 1)
    page = client.get("/p/peers/lounge/search/?q=beta").content.decode()
    assert "More results" in page
    assert "there may be older ones" in page


def test_what_is_hidden_is_found_by_nothing(lounge: Callable[..., list[str]], enter: Enter) -> None:
    post = Post.objects.get(text__contains="cancer")
    actions.change_state(post=post, state=State.HIDDEN)
    assert lounge("cancer") == []
    actions.change_state(post=Post.objects.get(question=post.question_id, number=0), state=State.REMOVED)
    assert lounge("apixaban") == []


def test_a_hit_leads_to_its_page_of_the_thread() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    hits = [
        queries.Hit(question=1, number=n, title="", label="", name="", at=at, answers=0, accepted=False, snippet="")
        for n in (0, 1, 20, 21, 45)
    ]
    assert [hit.page for hit in hits] == [0, 0, 0, 20, 40]


def test_similar_questions_share_words(lounge: Callable[..., list[str]], enter: Enter, browse: Browse) -> None:
    reader = enter("reader")
    found = queries.alike(programme=reader.programme, title="Apixaban: who bleeds?")
    assert [title for _number, title, _answers in found] == ["Bleeding on apixaban"]
    assert queries.alike(programme=reader.programme, title="of the") == []
    part = browse(reader).get("/p/peers/lounge/ask/alike/?title=seizure").content.decode()
    assert "First seizure" in part

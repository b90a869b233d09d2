"""Gates that noise cannot move: how many queries, which plans, how many pages of the database.

The sizes here are small, so that the gates run with every change; `benchmarks/lounge` has the large ones.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from confrere.lounge import actions
from confrere.lounge.actions import loading
from confrere.lounge.models import Question
from confrere.lounge.queries import searching
from confrere.people import actions as people

#: The most queries of each page.
LIST, THREAD, SEARCH, REPLY = 8, 10, 6, 14
START = 1_700_000_000


def corpus(folder: Path, *, topics: int, posts: int) -> Path:
    """A corpus like the shared one: every topic has equally many posts of some thirty words; one word is common."""
    draw = random.Random(1)
    words = [f"w{number:04d}x" for number in range(3000)]
    with (folder / "topics.tsv").open("w") as asked, (folder / "posts.tsv").open("w") as written:
        for topic in range(topics):
            title = " ".join(draw.choices(words, k=6))
            asked.write(f"{topic + 1}\t{topic % 5}\t{1 + topic % 20}\t{title}\t{START + topic * 60}\n")
            for number in range(posts):
                text = " ".join([*draw.choices(words, k=30), *(["kaliemia"] if draw.random() < 0.1 else [])])
                at = START + topic * 60 + number
                user = 1 + (topic + number) % 20
                written.write(f"{topic * posts + number + 1}\t{topic + 1}\t{user}\t{at}\t{text}\n")
    return folder


@contextmanager
def reader(folder: Path, *, topics: int) -> Iterator[tuple[Client, int]]:
    """A member of a lounge of this size, and the number of a question in its middle."""
    now = timezone.now()
    loaded = actions.load(folder=corpus(folder, topics=topics, posts=5), now=now, tell=lambda _said: None)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; ANALYZE lounge_post; ANALYZE lounge_question; SET ROLE confrere_app")
    name, value = people.open_session(person=loaded.reader, now=now)
    client = Client()
    client.cookies[name] = value
    middle = Question.objects.filter(programme_id=loaded.programme).order_by("pk")[topics // 2]
    client.get("/p/corpus/lounge/")  # the database's own marker is read once
    yield client, middle.pk


def statements(client: Client, path: str, data: dict[str, str] | None = None) -> list[str]:
    """What a request asks the database, without the beginnings and ends of transactions."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path) if data is None else client.post(path, data)
    assert answer.status_code == (200 if data is None else 302)
    said = [str(query["sql"]) for query in seen.captured_queries]
    return [one for one in said if not one.startswith(("SAVEPOINT", "RELEASE"))]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def explained(statement: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement.replace("%", "%%"), [])
        found = cursor.fetchone()[0]
    return dict((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def plans(client: Client, path: str) -> list[dict[str, Any]]:
    return [explained(one) for one in statements(client, path) if one.startswith(("SELECT", "\nWITH", "WITH"))]


PAGES: tuple[tuple[str, str], ...] = (
    ("list", "/p/corpus/lounge/in/allergy-immunology/"),
    ("thread", "/p/corpus/lounge/q/{question}/"),
)


@pytest.mark.django_db
def test_no_page_asks_more_than_it_may(tmp_path: Path) -> None:
    with reader(tmp_path, topics=50) as (client, question):
        thread = f"/p/corpus/lounge/q/{question}/"
        assert len(statements(client, "/p/corpus/lounge/")) <= LIST
        assert len(statements(client, PAGES[0][1])) <= LIST
        assert len(statements(client, thread)) <= THREAD
        assert len(statements(client, "/p/corpus/lounge/search/?q=kaliemia+specialty:cardiology+by:member")) <= SEARCH
        assert len(statements(client, thread, {"text": "A reply.", "source": ""})) <= REPLY


#: Tables that no page reads whole.
BIG = {"lounge_post", "lounge_question", "lounge_readmark"}
#: Pages that must cost the same in a lounge five times as large.
GATES: dict[str, str] = {
    "list": "in/allergy-immunology/",
    "list of all": "",
    "a late page": "?after={key}",
    "unanswered": "?waiting=1",
    "thread": "q/{question}/",
    "bookmarks": "bookmarks/",
    "common word": "search/?q=kaliemia",
    "common phrase": "search/?q=%22kaliemia+sepsidine%22",
    "by": "search/?q=kaliemia+by:7",
    "specialty, answered": "search/?q=specialty:allergy-immunology+has:answer",
    "similar": "ask/alike/?title=w0001x+kaliemia",
}
SEARCHED = {"common word", "common phrase", "by", "specialty, answered", "similar"}
TOPICS = (600, 3000)


@dataclass(frozen=True)
class Measured:
    """Of one size: buffers by page, and the plan of every statement that reads."""

    buffers: dict[str, int]
    read: dict[str, set[tuple[str, str]]]


@pytest.mark.slow
@pytest.mark.django_db
def test_nothing_grows_with_the_number_of_posts(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3,000 posts and 15,000: a third more buffers at most, twice as many for a search, no large table is read whole.

    Trees that are as small as here still get deeper; `benchmarks/lounge` compares larger sizes. What a search looks at
    is bounded by numbers that are made smaller, so that they bind at both sizes. Takes some seconds: 18,000 posts are
    written.
    """
    monkeypatch.setattr(loading, "RECENT", 1000)
    for name, smaller in {"CANDIDATES": 50, "ENOUGH": 20, "OLDER": 30}.items():
        monkeypatch.setattr(searching, name, smaller)
    small, large = (measured(tmp_path_factory.mktemp("corpus"), topics) for topics in TOPICS)
    grown = {name: (small.buffers[name], many) for name, many in large.buffers.items()}
    assert {name: pair for name, pair in grown.items() if pair[1] > pair[0] * (2 if name in SEARCHED else 4 / 3)} == {}
    assert large.buffers["a late page"] <= large.buffers["list of all"] * 1.2
    whole = {(name, table) for name, read in large.read.items() for table, kind in read if kind == "Seq Scan"}
    assert not [one for one in whole if one[1] in BIG]


def measured(folder: Path, topics: int) -> Measured:
    before = connection.savepoint()
    assert before is not None
    with reader(folder, topics=topics) as (client, question):
        late = Question.objects.order_by("-moved_at", "-pk").values_list("moved_at", "pk")[topics - topics // 20]
        filled = {"question": question, "key": f"{late[0].isoformat().replace('+', '%2B')},{late[1]}"}
        paths = {name: f"/p/corpus/lounge/{path.format(**filled)}" for name, path in GATES.items()}
        found = {name: buffers(client, path) for name, path in paths.items()}
        found["reply"] = buffers(client, f"/p/corpus/lounge/q/{question}/", {"text": "A reply.", "source": ""})
        read = {
            name: {
                (node["Relation Name"], node["Node Type"])
                for plan in plans(client, path)
                for node in nodes(plan)
                if "Relation Name" in node
            }
            for name, path in paths.items()
        }
    connection.savepoint_rollback(before)
    return Measured(found, read)


def buffers(client: Client, path: str, data: dict[str, str] | None = None) -> int:
    """Pages of tables, indexes and long values that the second of two requests asks for, by the database's counters."""
    statements(client, path, data)
    before = fetched()
    statements(client, path, data)
    return fetched() - before


def fetched() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            """
            SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) FROM pg_class
            WHERE relkind IN ('r', 'i', 't') AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)
            """
        )
        return int(cursor.fetchone()[0])

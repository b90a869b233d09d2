"""Gates that noise cannot move: how many queries, which plans, how many pages of the database.

The sizes here are small, so that the gates run with every change; `benchmarks/lounge` has the large ones.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from confrere.lounge import actions
from confrere.lounge.models import Question
from confrere.people import actions as people

#: The most queries of each page.
LIST, THREAD, SEARCH, REPLY = 8, 10, 6, 14
START = 1_700_000_000


def corpus(folder: Path, *, topics: int, posts: int) -> Path:
    """A corpus like the shared one: every topic has equally many posts of some sixty words; one word is common."""
    draw = random.Random(1)
    words = [f"w{number:04d}x" for number in range(3000)]
    with (folder / "topics.tsv").open("w") as asked, (folder / "posts.tsv").open("w") as written:
        for topic in range(topics):
            title = " ".join(draw.choices(words, k=6))
            asked.write(f"{topic + 1}\t{topic % 5}\t{1 + topic % 20}\t{title}\t{START + topic * 60}\n")
            for number in range(posts):
                text = " ".join([*draw.choices(words, k=60), *(["kaliemia"] if draw.random() < 0.1 else [])])
                at = START + topic * 60 + number
                user = 1 + (topic + number) % 20
                written.write(f"{topic * posts + number + 1}\t{topic + 1}\t{user}\t{at}\t{text}\n")
    return folder


@contextmanager
def reader(folder: Path, *, topics: int) -> Iterator[tuple[Client, int]]:
    """A member of a lounge of this size, and the number of a question in its middle."""
    now = timezone.now()
    loaded = actions.load(folder=corpus(folder, topics=topics, posts=10), now=now, tell=lambda _said: None)
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


def hits(found: list[dict[str, Any]]) -> int:
    """Pages that were read."""
    return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in found)


PAGES: tuple[tuple[str, str], ...] = (
    ("list", "/p/corpus/lounge/in/allergy-immunology/"),
    ("thread", "/p/corpus/lounge/q/{question}/"),
    ("search", "/p/corpus/lounge/search/?q=kaliemia"),
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


@pytest.mark.django_db
def test_no_page_reads_all_posts_or_questions_nor_more_pages_when_there_are_more(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """300 questions and 1,500. Takes some seconds: 18,000 posts are written."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for topics in (300, 1500):
        before = connection.savepoint()
        with reader(tmp_path_factory.mktemp("corpus"), topics=topics) as (client, question):
            found[topics] = {name: plans(client, path.format(question=question)) for name, path in PAGES}
        connection.savepoint_rollback(before)
    for name, _path in PAGES:
        small, large = found[300][name], found[1500][name]
        assert len(small) == len(large)
        read = {
            (node["Relation Name"], node["Node Type"])
            for plan in large
            for node in nodes(plan)
            if node.get("Relation Name") in {"lounge_post", "lounge_question"}
        }
        assert not any(kind == "Seq Scan" for _table, kind in read), (name, read)

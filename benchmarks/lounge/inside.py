"""What is asked of the site from inside, in a Django process of its own: cookies, addresses, and what each costs.

`python inside.py cookies|operations|counts` prints JSON. A count is taken in a transaction that is rolled back, by the
database's own counters, so that noise cannot move it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

import django

WORDS = ("torsadox", "sepsidine", "kaliemia")  # planted in 0.1, 1 and 10 % of posts
MEMBERS = 60
BLOCK = 30
SOME = 5
BASE = "/p/corpus/lounge/"
#: Every page and buffer that the transaction asked for, of tables, indexes and long values.
FETCHED = """
SELECT coalesce(sum(pg_stat_get_xact_blocks_fetched(oid)), 0) FROM pg_class
WHERE relkind IN ('r', 'i', 't') AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of request: the addresses it goes round, and what is sent (None: read)."""

    paths: tuple[str, ...]
    data: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Queries, and buffers of the database, of one request: medians over its addresses."""

    queries: float
    buffers: float


def operations() -> dict[str, Operation]:
    """What is measured, with addresses spread over the corpus."""
    from confrere.lounge.models import Post, Question

    rows = Question.objects.filter(programme__slug="corpus").order_by("pk")
    twenty = list(rows.filter(answers=19).values_list("pk", flat=True))
    threads = tuple(f"{BASE}q/{key}/" for key in twenty[:: max(1, len(twenty) // BLOCK)][:BLOCK])
    slugs = sorted(set(rows.values_list("specialty", flat=True)[:1000]))
    name = f"by:{Post.objects.filter(programme__slug='corpus').values_list('author__name', flat=True)[0].split()[-1]}"
    late = rows.order_by("-moved_at", "-pk").values_list("moved_at", "pk")
    moment, key = late[min(20 * 999, len(late) - 40)]
    text = Post.objects.filter(programme__slug="corpus", number=3)[0].text
    searches = {f"search {word}": f"search/?q={word}" for word in WORDS} | {
        "search specialty:": f"search/?q=kaliemia+specialty:{slugs[0]}",
        "search by:": f"search/?q=kaliemia+{name}",
        "search has:answer": "search/?q=has:answer",
        "search is:unanswered": "search/?q=is:unanswered",
        "search after:": "search/?q=kaliemia+after:2025",
        "search phrase": f"search/?q=%22{'+'.join(text.split()[2:4])}%22",
        "search -word": "search/?q=sepsidine+-kaliemia",
    }
    return {
        "list of a specialty": Operation(tuple(f"{BASE}in/{slug}/" for slug in slugs)),
        "list of all": Operation((BASE,)),
        "list of all, page 1,000": Operation((f"{BASE}?after={moment.isoformat().replace('+', '%2B')},{key}",)),
        "list, unanswered": Operation(tuple(f"{BASE}in/{slug}/?waiting=1" for slug in slugs)),
        "list of all, unanswered": Operation((f"{BASE}?waiting=1",)),
        "thread of 20 posts": Operation(threads),
        **{kind: Operation((BASE + path,)) for kind, path in searches.items()},
        "similar questions": Operation((f"{BASE}ask/alike/?title={'+'.join(text.split()[:6])}",)),
        "reply": Operation(threads, {"text": text, "source": ""}),
        "digest, its page": Operation((f"{BASE}digest/?since=1760000000",)),
        "bookmarks": Operation((f"{BASE}bookmarks/",)),
    }


def cookies() -> list[str]:
    """Sessions of many members: the first has read nothing, the second everything, the others write."""
    from django.db import transaction
    from django.utils import timezone

    from confrere.people import actions
    from confrere.people.models import User

    found = [User.objects.get(email=f"corpus-{user}@physicians.example") for user in (0, 1)]
    found += User.objects.filter(email__startswith="corpus-").exclude(pk__in=[one.pk for one in found])[:MEMBERS]
    with transaction.atomic():
        opened = [actions.open_session(person=one.pk, now=timezone.now()) for one in found]
    return ["=".join(pair) for pair in opened]


def counts() -> dict[str, Cost]:
    """What each operation costs one who has read nothing, and some also one who has read everything."""
    asked = operations()
    found = {kind: cost(reader(cookies()[0]), one) for kind, one in asked.items()}
    for kind in ("list of a specialty", "list of all", "thread of 20 posts"):
        found[f"{kind}, all read"] = cost(reader(cookies()[1]), asked[kind])
    return found


def reader(cookie: str) -> Any:
    """A client with this cookie."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    name, _is, value = cookie.partition("=")
    client.cookies[name] = value
    return client


def cost(client: Any, one: Operation) -> Cost:
    """Medians over some of the addresses, each asked once before."""
    some = one.paths[:: max(1, len(one.paths) // SOME)][:SOME]
    measured = [spent(partial(ask, client, path, one.data)) for path in some]
    return Cost(median(each.queries for each in measured), median(each.buffers for each in measured))


def ask(client: Any, path: str, data: dict[str, str] | None) -> None:
    """One request that has to succeed."""
    answer = client.get(path) if data is None else client.post(path, data)
    if answer.status_code != (200 if data is None else 302):
        raise SystemExit(f"{path}: {answer.status_code}")


def spent(act: Callable[[], object]) -> Cost:
    """What an act costs, once it has been done before. Nothing of it stays."""
    with undone():
        act()
    with undone() as run:
        before = run(FETCHED)
        with counted() as asked:
            act()
        run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction belongs to the act
        return Cost(len(asked), run(FETCHED) - before)


@contextmanager
def undone() -> Iterator[Callable[[str], int]]:
    """A transaction that is rolled back; call what is yielded with a statement for its number, 0 if it has none."""
    from django.db import connection, transaction

    def run(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0]) if cursor.description else 0

    with transaction.atomic():
        yield run
        transaction.set_rollback(True)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of this connection meanwhile; savepoints are the frame's and not counted."""
    from django.db import connection

    seen: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


VERBS: dict[str, Callable[[], Any]] = {"cookies": cookies, "operations": operations, "counts": counts}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(VERBS[sys.argv[1]](), default=asdict))

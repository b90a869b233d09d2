"""Load a corpus for measurements in bulk, into a programme of its own; only where all people are simulated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from confrere.lounge import rules
from confrere.lounge.actions.showing import RECENT
from confrere.lounge.corpus import Corpus, CorpusTrouble, Entry, Topic
from confrere.lounge.markup import render
from confrere.lounge.queries.specialties import shipped
from confrere.people import actions as people
from confrere.people.roles import Role
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: The programme into which a corpus is loaded.
SLUG = "corpus"
_AT_ONCE = 2_000
_SYSTEM = audit.Actor.system("lounge.load")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and the number of a member who has read nothing yet."""

    programme: int
    members: int
    questions: int
    posts: int
    reader: int


@transaction.atomic
def load(*, folder: Path, now: datetime, tell: Callable[[str], None]) -> Loaded:
    """Load a corpus: its users as verified members, its topics as questions, its posts with their rendered text.

    All or nothing. Raises `Refusal` in a database that may hold real people, where a corpus lies already (409), and
    for files that are no corpus (422).
    """
    rules.check_may_load(slug=SLUG)
    corpus = _read(folder)
    site = people.create_site(slug=SLUG, name="Simulated corpus", zone="UTC", now=now, actor=_SYSTEM)
    programme = people.create_programme(
        slug=SLUG, name="Simulated corpus", site=site, zone="UTC", now=now, actor=_SYSTEM
    )
    specialties = [slug for slug, one in shipped().items() if not one.parent]
    into = _Load(programme, site, specialties, now)
    reader = into.member(0)
    for done, user in enumerate(sorted(corpus.users), start=1):
        into.member(user)
        if done % 500 == 0:
            tell(f"{done} of {len(corpus.users)} members")
    into.reserve(len(corpus.topics))
    for topics in batched(corpus.topics.values(), _AT_ONCE):
        into.questions(topics)
    done, oldest = 0, corpus.posts - RECENT
    for entries in batched(corpus.entries(), _AT_ONCE):
        into.posts(entries, recent=done >= oldest)
        done += len(entries)
        tell(f"{done} of {corpus.posts} posts")
    audit.record(
        action="lounge.loaded",
        actor=_SYSTEM,
        about=f"programme:{programme}",
        programme=programme,
        kept_as=kept.LOUNGE,
        now=now,
        details={"questions": len(corpus.topics), "posts": done},
    )
    return Loaded(programme, len(corpus.users) + 1, len(corpus.topics), done, reader)


def _read(folder: Path) -> Corpus:
    try:
        return Corpus(folder)
    except CorpusTrouble as trouble:
        raise Refusal(str(trouble), status=422) from None


class _Load:
    """The rows of a corpus on their way into the tables, in statements of some thousand rows each."""

    def __init__(self, programme: int, site: int, specialties: list[str], now: datetime) -> None:
        self.programme, self.site, self.now = programme, site, now
        self.specialties = specialties
        self.persons: dict[int, int] = {}
        self.first = 0

    def specialty_of(self, topic: Topic) -> str:
        return self.specialties[topic.category % len(self.specialties)]

    def member(self, user: int) -> int:
        """A verified member; their specialty goes round the list."""
        joined = self.now - timedelta(days=30)
        name = f"Simulated Member {user}" if user else "Simulated Reader"
        person = people.create_account(
            email=f"corpus-{user}@physicians.example", name=name, zone="UTC", now=joined, actor=_SYSTEM
        )
        people.grant_role(person=person, programme=self.programme, role=Role.PARTICIPANT, now=joined, actor=_SYSTEM)
        people.verify(
            person=person,
            specialty=self.specialties[user % len(self.specialties)],
            evidence="simulated",
            until=self.now + timedelta(days=330),
            now=joined,
            actor=_SYSTEM,
        )
        self.persons[user] = person
        return person

    def reserve(self, many: int) -> None:
        """Set aside numbers for so many questions, one after the other."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('lounge_question', 'id')) FROM generate_series(1, %s)", [many]
            )
            self.first = min(number for (number,) in cursor.fetchall())

    def questions(self, topics: tuple[Topic, ...]) -> None:
        rows = [
            (self.first + each.number, self.specialty_of(each), self.persons[each.user], each.title, each.asked_at,
             each.moved_at, each.posts - 1)
            for each in topics
        ]  # fmt: skip
        self._insert(
            """
            INSERT INTO lounge_question
                (id, specialty, author_id, title, asked_at, moved_at, answers, last, numbered, programme_id, site_id,
                 state, setting, age_band, course, tried, outcome_asked_at)
            SELECT id, specialty, author, title, asked_at, moved_at, answers, answers, answers, %s::bigint, %s::bigint,
                   'shown', '', '', '', '', %s::timestamptz
            FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[],
                        %s::int[]) AS row (id, specialty, author, title, asked_at, moved_at, answers)
            """,
            rows,
            self.now,
        )

    def posts(self, entries: tuple[Entry, ...], *, recent: bool) -> None:
        self._insert(
            """
            INSERT INTO lounge_post
                (question_id, number, kind, author_id, specialty, text, html, basis, source, state, written_at, search,
                 programme_id, site_id, recent)
            SELECT question, number, kind, author, specialty, text, html,
                   CASE kind WHEN 'answer' THEN 'experience' ELSE '' END, '', 'shown', at,
                   lounge_words(title, text, ARRAY['in:' || place, 'is:' || kind, 'by:' || author,
                                               'at:' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')]),
                   %s::bigint, %s::bigint, %s::boolean
            FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                        %s::timestamptz[], %s::text[], %s::text[])
                 AS row (question, number, kind, author, specialty, text, html, at, title, place)
            """,
            list(map(self._post, entries)),
            recent,
        )

    def _post(self, entry: Entry) -> tuple[Any, ...]:
        asks = entry.number == 0
        return (
            self.first + entry.topic.number,
            entry.number,
            "question" if asks else "answer",
            self.persons[entry.user],
            self.specialties[entry.user % len(self.specialties)],
            entry.text,
            render(entry.text),
            entry.at,
            entry.topic.title if asks else "",
            self.specialty_of(entry.topic),
        )

    def _insert(self, sql: str, rows: Sequence[tuple[Any, ...]], more: datetime | bool) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.programme, self.site, more, *columns])

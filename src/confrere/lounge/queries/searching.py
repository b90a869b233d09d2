"""Search: operators, a bounded number of the newest candidates, snippets.

The words of a post and its markers (`in:cardiology`, `is:question`, `by:12`, `at:2026-03`) stand in one index, so that
a filter narrows the index itself. The newest posts of a programme have an index of their own that is asked first; the
older ones are asked only where the newest gave few, month by month. What is ranked is never more than `CANDIDATES` of
the newest and `OLDER` of the others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from confrere.lounge.queries.search_line import Search
from confrere.lounge.queries.specialties import Place
from confrere.lounge.queries.threads import POSTS

#: So many of the newest matches among the recent posts are ranked.
CANDIDATES: Final = 1_000
#: So many older matches are enough: then no month before is asked.
OLDER: Final = 300
#: So many months are asked one by one; what is older, at once.
MONTHS: Final = 36
#: With so many matches among the recent posts the older ones are not asked.
ENOUGH: Final = 60
#: Hits on a page.
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One question that was found. snippet: safe HTML with `<mark>`. number: of the post where it was found."""

    question: int
    number: int
    title: str
    label: str
    name: str
    at: datetime
    answers: int
    accepted: bool
    snippet: str

    @property
    def page(self) -> int:
        """The key of the thread's page on which it stands; 0 for the first."""
        return (self.number - 1) // POSTS * POSTS if self.number else 0


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of one page, best first. bounded: whether there may be older ones that were not looked at."""

    hits: Sequence[Hit] = field(default_factory=tuple)
    more: bool = False
    bounded: bool = False


#: Where words are looked for: candidates by the index, ranked once they are few. The index is asked for all the words,
#: side by side or not (`loose`), so that what is looked at is bounded before phrases are compared.
_BY_WORDS = """
asked AS MATERIALIZED (SELECT {query} AS q, {loose} AS loose),
recent AS MATERIALIZED (
  SELECT id, question_id, ts_rank_cd(search, q) AS rank FROM (
    SELECT p.id, p.question_id, p.search, asked.q, asked.q = asked.loose AS plain FROM lounge_post p, asked
    WHERE p.programme_id = %(programme)s AND p.state = 'shown' AND p.recent AND p.search @@ asked.loose {cut}
    ORDER BY p.id DESC LIMIT {candidates}
  ) AS newest WHERE plain OR search @@ q
),
older AS MATERIALIZED (
  SELECT id, question_id, ts_rank_cd(search, q) AS rank FROM (
    -- Month by month, newest first, and no month is asked once there are enough.
    SELECT one.id, one.question_id, one.search, asked.q, asked.q = asked.loose AS plain FROM asked
    CROSS JOIN unnest(%(months)s::text[]) AS month (marker)
    CROSS JOIN LATERAL (
      SELECT p.id, p.question_id, p.search FROM lounge_post p
      WHERE (SELECT count(*) FROM recent) < {enough}
        AND p.programme_id = %(programme)s AND p.state = 'shown' AND NOT p.recent {cut}
        AND p.search @@ CASE marker WHEN '' THEN asked.loose ELSE asked.loose && quote_literal(marker)::tsquery END
        AND (marker <> '' OR p.written_at < %(oldest)s)
      ORDER BY p.id DESC LIMIT {older}
    ) AS one
    LIMIT {older}
  ) AS newest WHERE plain OR search @@ q
),
found AS (SELECT * FROM recent UNION ALL SELECT * FROM older),
looked AS (
  SELECT (SELECT count(*) FROM recent) >= {enough} OR (SELECT count(*) FROM older) >= {older} AS bounded
)"""

#: Without words it is a list: the newest questions by their own index.
_BY_LIST = """
asked AS MATERIALIZED (SELECT ''::tsquery AS q),
found AS MATERIALIZED (
  SELECT p.id, p.question_id, newest.rank FROM (
    SELECT q.id, extract(epoch FROM q.moved_at) AS rank FROM lounge_question q
    WHERE q.programme_id = %(programme)s AND q.state = 'shown' {answered} {listed}
    ORDER BY q.moved_at DESC, q.id DESC LIMIT {limit} + {offset}
  ) AS newest
  JOIN lounge_post p ON p.question_id = newest.id AND p.number = 0
),
looked AS (SELECT FALSE AS bounded)"""

#: One hit a question, and snippets of this page only. One statement, because it is the database that knows when the
#: newest gave enough.
_SEARCH = """
WITH {found},
best AS (
  SELECT DISTINCT ON (f.question_id) f.id, f.question_id, f.rank FROM found f
  ORDER BY f.question_id, f.rank DESC, f.id DESC
),
page AS MATERIALIZED (
  -- Questions are looked at one by one, best first, until the page is full.
  SELECT best.* FROM (SELECT * FROM best ORDER BY rank DESC, id DESC) best
  CROSS JOIN LATERAL (
    SELECT FROM lounge_question q WHERE q.id = best.question_id AND q.state = 'shown' {answered} LIMIT 1
  ) AS shown
  ORDER BY best.rank DESC, best.id DESC LIMIT {limit} OFFSET {offset}
)
SELECT q.id, p.number, q.title, q.specialty, u.name, p.written_at, q.answers, q.accepted_id IS NOT NULL,
       ts_headline('english', p.text, asked.q,
                   'StartSel=\x02, StopSel=\x03, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "'),
       looked.bounded
FROM page JOIN lounge_post p ON p.id = page.id
CROSS JOIN LATERAL (SELECT * FROM lounge_question WHERE id = page.question_id LIMIT 1) q
LEFT JOIN people_user u ON u.id = p.author_id CROSS JOIN asked CROSS JOIN looked
ORDER BY page.rank DESC, page.id DESC
"""


def search(*, programme: int, asked: Search, listed: Mapping[str, Place], now: datetime, page: int = 1) -> Found:
    """A page of hits, one for each question: best first, or newest movement first where no words are looked for.

    page: counts from 1; behind the candidates there is nothing. Nothing to look for finds nothing. One query.
    """
    if asked.empty:
        return Found()
    values: dict[str, Any] = {"programme": programme}
    numbers = {  # of ours; they stand in the text, so that the plan knows them
        "candidates": CANDIDATES,
        "older": OLDER,
        "enough": ENOUGH,
        "limit": PAGE + 1,
        "offset": (page - 1) * PAGE,
        "answered": {True: "AND q.answers > 0", False: "AND q.answers = 0", None: ""}[asked.answered],
    }
    if asked.wanted or asked.unwanted or asked.by:
        query, loose = _query(asked, values)
        found = _BY_WORDS.format(query=query, loose=loose, cut=_cut(asked, values), **numbers)
        values["months"], values["oldest"] = _months(asked.after, now)
    else:
        found = _BY_LIST.format(listed=_listed(asked, values), **numbers)
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH.format(found=found, **numbers), values)
        rows = cursor.fetchall()
    hits = [_hit(row, listed) for row in rows[:PAGE]]
    return Found(hits=hits, more=len(rows) > PAGE, bounded=bool(rows) and rows[0][9])


def _months(after: date | None, now: datetime) -> tuple[list[str], datetime]:
    """The markers of the last three years' months, newest first, and "" for all that is older; and where those begin.

    after: no month before this day is asked.
    """
    last = now.year * 12 + now.month - 1
    begun = last - MONTHS + 1
    first = begun if after is None else max(begun, after.year * 12 + after.month - 1)
    markers = [month(datetime(each // 12, each % 12 + 1, 1, tzinfo=UTC)) for each in range(last, first - 1, -1)]
    return [*markers, *([""] if first == begun else [])], datetime(begun // 12, begun % 12 + 1, 1, tzinfo=UTC)


def month(at: datetime) -> str:
    """The marker of the month in which something was written."""
    return f"at:{at.astimezone(UTC):%Y-%m}"


def alike(*, programme: int, title: str) -> Sequence[tuple[int, str, int]]:
    """(question, title, answers) of up to five of the newest questions that share words with a title. One query.

    It compares words in their basic form, not what is meant: a paraphrase without a common word is not found.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH asked AS MATERIALIZED (
              SELECT string_agg(quote_literal(lexeme), '|')::tsquery AS any_word
              FROM unnest(to_tsvector('english', %(title)s))
            ), candidate AS MATERIALIZED (
              SELECT p.question_id, p.search FROM lounge_post p, asked
              WHERE p.programme_id = %(programme)s AND p.state = 'shown' AND p.recent
                AND p.search @@ (any_word && quote_literal('is:question')::tsquery)
              ORDER BY p.id DESC LIMIT %(candidates)s
            )
            SELECT q.id, q.title, q.answers FROM candidate c JOIN lounge_question q ON q.id = c.question_id, asked
            WHERE q.state = 'shown' ORDER BY ts_rank(c.search, any_word, 1) DESC, q.id DESC LIMIT 5
            """,
            {"title": title[:160], "programme": programme, "candidates": CANDIDATES},
        )
        return [(number, about, answers) for number, about, answers in cursor.fetchall()]


def _query(asked: Search, values: dict[str, Any]) -> tuple[str, str]:
    """The expressions of the tsquery, and of the looser one of which it is a part: all the words, none excluded.

    What they compare with is added to `values`.
    """
    values["words"] = " ".join(
        [*(_quoted(each) for each in asked.wanted), *("-" + _quoted(each) for each in asked.unwanted)]
    )
    values["plain"] = " ".join(asked.wanted)
    parts = []
    if asked.specialty:
        values["specialty"] = f"'in:{asked.specialty}'"
        parts.append("%(specialty)s::tsquery")
    if asked.answered is not None and not asked.wanted:
        parts.append(_ASKING)  # the asking stands for its thread
    if asked.by:
        words = [word for word in re.split(r"[\s.]+", asked.by) if word]
        values |= {f"name{n}": rf"\m{re.escape(word)}\M" for n, word in enumerate(words)}
        parts.append(_BY.format(named="".join(f" AND u.name ~* %(name{n})s" for n in range(len(words)))))
    exact, loose = "websearch_to_tsquery('english', %(words)s)", "plainto_tsquery('english', %(plain)s)"
    return " && ".join([exact, *parts]), " && ".join([loose, *parts])


def _listed(asked: Search, values: dict[str, Any]) -> str:
    """What narrows the list of questions."""
    found = ""
    if asked.specialty:
        values["specialty"] = asked.specialty
        found += " AND q.specialty = %(specialty)s"
    if asked.after is not None:
        values["after"] = _midnight(asked.after)
        found += " AND q.moved_at >= %(after)s AND q.asked_at >= %(after)s"
    return found


_ASKING = "quote_literal('is:question')::tsquery"
#: Whoever is called so in the programme, ten at most; nobody's number is 0.
_BY = """
(SELECT coalesce(string_agg(quote_literal('by:' || named.id), '|'), quote_literal('by:0'))::tsquery FROM (
  SELECT u.id FROM people_user u WHERE EXISTS (
    SELECT FROM people_membership m WHERE m.user_id = u.id AND m.programme_id = %(programme)s
  ){named} LIMIT 10
) AS named)"""


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _cut(asked: Search, values: dict[str, Any]) -> str:
    if asked.after is None:
        return ""
    values["after"] = _midnight(asked.after)
    return "AND p.written_at >= %(after)s"


def _quoted(words: str) -> str:
    """A phrase as the database's search line takes it; quotation marks inside would end it."""
    return '"' + words.replace('"', " ") + '"'


def _hit(row: Sequence[Any], listed: Mapping[str, Place]) -> Hit:
    return Hit(
        question=row[0],
        number=row[1],
        title=row[2],
        label=listed[row[3]].label if row[3] in listed else row[3],
        name=row[4] or "",
        at=row[5],
        answers=row[6],
        accepted=row[7],
        snippet=_marked(row[8]),
    )


def _marked(snippet: str) -> SafeString:
    """A snippet as HTML: everything escaped, then what was found marked."""
    return mark_safe(escape(snippet).replace("\x02", "<mark>").replace("\x03", "</mark>"))  # noqa: S308  # escaped

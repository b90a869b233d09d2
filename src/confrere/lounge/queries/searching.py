"""Search: operators, a bounded number of the newest candidates, snippets.

The words of a post and its markers (`in:cardiology`, `is:question`, `by:12`) stand in one index, so that a filter
narrows the index itself. The newest posts of a programme have an index of their own that is asked first; the older
ones are asked only where the newest gave few. What is ranked is never more than `CANDIDATES`, newest first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from confrere.lounge.queries.specialties import Place
from confrere.lounge.queries.threads import POSTS

#: So many of the newest matches are ranked, of the recent posts and of the older ones each.
CANDIDATES: Final = 1_000
#: With so many matches among the recent posts the older ones are not asked.
ENOUGH: Final = 60
#: Hits on a page.
PAGE: Final = 20
_TOKEN = re.compile(r'(?P<not>-)?(?:(?P<op>specialty|by|has|is|after):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for, taken apart. problems: what could not be understood, in sentences without the reason.

    wanted, unwanted: words or phrases. authors: numbers of persons who may be meant by `by:`.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    specialty: str = ""
    by: str = ""
    answered: bool | None = None
    after: date | None = None
    unknown: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.wanted or self.specialty or self.by or self.answered is not None)


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


def parse(text: str, *, listed: Mapping[str, Place]) -> Search:
    """Take a line of search apart: `specialty: by: has:answer is:unanswered after: "phrase" -word`.

    What is no operator is a word. An operator with something it does not know is named in `unknown` and left out.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    unknown: list[str] = []
    said: dict[str, Any] = {}
    for token in _TOKEN.finditer(text[:400]):
        value = (token["phrase"] if token["phrase"] is not None else token["word"]).strip()
        if not value:
            continue
        if token["op"] is None:
            (unwanted if token["not"] else wanted).append(value)
        elif not _understood(said, token["op"], value, listed):
            unknown.append(f"{token['op']}:{value}")
    return Search(wanted=tuple(wanted), unwanted=tuple(unwanted), unknown=tuple(unknown), **said)


def _understood(said: dict[str, Any], operator: str, value: str, listed: Mapping[str, Place]) -> bool:
    """Note what an operator says; False if it says nothing that we know."""
    if operator == "by":
        said["by"] = value
        return True
    if operator == "specialty":
        plain = value.casefold()
        slug = next((one.slug for one in listed.values() if plain in (one.slug, one.label.casefold())), None)
        said["specialty"] = slug or ""
        return slug is not None
    if operator == "after":
        try:
            said["after"] = date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")
        except ValueError:
            return False
        return True
    known = {("has", "answer"): True, ("is", "answered"): True, ("is", "unanswered"): False}
    if (operator, value.casefold()) not in known:
        return False
    said["answered"] = known[operator, value.casefold()]
    return True


#: Candidates by the index, ranked once they are few, one hit a question, and snippets of this page only: one statement,
#: because it is the database that knows when the newest gave enough. `markers` narrows the index; `after` and
#: `answered` cut rows.
_SEARCH = """
WITH asked AS MATERIALIZED (SELECT {query} AS q),
recent AS MATERIALIZED (
  SELECT id, question_id, ts_rank_cd(search, q) AS rank FROM (
    SELECT p.id, p.question_id, p.search, asked.q FROM lounge_post p, asked
    WHERE p.programme_id = %(programme)s AND p.state = 'shown' AND p.recent AND p.search @@ asked.q {cut}
    ORDER BY p.id DESC LIMIT {candidates}
  ) AS newest
),
older AS MATERIALIZED (
  SELECT id, question_id, ts_rank_cd(search, q) AS rank FROM (
    SELECT p.id, p.question_id, p.search, asked.q FROM lounge_post p, asked
    WHERE (SELECT count(*) FROM recent) < {enough}
      AND p.programme_id = %(programme)s AND p.state = 'shown' AND NOT p.recent AND p.search @@ asked.q {cut}
    ORDER BY p.id DESC LIMIT {candidates}
  ) AS newest
),
found AS (SELECT * FROM recent UNION ALL SELECT * FROM older),
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
       (SELECT count(*) FROM recent) >= {candidates} OR (SELECT count(*) FROM older) >= {candidates}
         OR (SELECT count(*) FROM recent) >= {enough}
FROM page JOIN lounge_post p ON p.id = page.id
CROSS JOIN LATERAL (SELECT * FROM lounge_question WHERE id = page.question_id LIMIT 1) q
LEFT JOIN people_user u ON u.id = p.author_id CROSS JOIN asked
ORDER BY page.rank DESC, page.id DESC
"""


def search(*, programme: int, asked: Search, listed: Mapping[str, Place], page: int = 1) -> Found:
    """A page of hits, one for each question, best first. One query.

    page: counts from 1; behind the candidates there is nothing. Nothing to look for finds nothing.
    """
    if asked.empty:
        return Found()
    values: dict[str, Any] = {
        "programme": programme,
    }
    sql = _SEARCH.format(
        query=_query(asked, values),
        cut=_cut(asked, values),
        candidates=CANDIDATES,  # numbers of ours stand in the text, so that the plan knows them
        enough=ENOUGH,
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
        answered={True: "AND q.answers > 0", False: "AND q.answers = 0", None: ""}[asked.answered],
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    hits = [_hit(row, listed) for row in rows[:PAGE]]
    return Found(hits=hits, more=len(rows) > PAGE, bounded=bool(rows) and rows[0][9])


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


def _query(asked: Search, values: dict[str, Any]) -> str:
    """The expression of the tsquery; what it compares with is added to `values`."""
    values["words"] = " ".join(
        [*(_quoted(each) for each in asked.wanted), *("-" + _quoted(each) for each in asked.unwanted)]
    )
    parts = ["websearch_to_tsquery('english', %(words)s)"]
    if asked.specialty:
        values["specialty"] = f"'in:{asked.specialty}'"
        parts.append("%(specialty)s::tsquery")
    if asked.answered is not None and not asked.wanted:
        parts.append(_ASKING)  # the asking stands for its thread
    if asked.by:
        words = [word for word in re.split(r"[\s.]+", asked.by) if word]
        values |= {f"name{n}": rf"\m{re.escape(word)}\M" for n, word in enumerate(words)}
        parts.append(_BY.format(named="".join(f" AND u.name ~* %(name{n})s" for n in range(len(words)))))
    return " && ".join(parts)


_ASKING = "quote_literal('is:question')::tsquery"
#: Whoever is called so in the programme, ten at most; nobody's number is 0.
_BY = """
(SELECT coalesce(string_agg(quote_literal('by:' || named.id), '|'), quote_literal('by:0'))::tsquery FROM (
  SELECT u.id FROM people_user u WHERE EXISTS (
    SELECT FROM people_membership m WHERE m.user_id = u.id AND m.programme_id = %(programme)s
  ){named} LIMIT 10
) AS named)"""


def _cut(asked: Search, values: dict[str, Any]) -> str:
    if asked.after is None:
        return ""
    values["after"] = datetime(asked.after.year, asked.after.month, asked.after.day, tzinfo=UTC)
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

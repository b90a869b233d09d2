"""Lists of questions: by key, never by offset, with what is new to the reader."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from confrere.lounge.models import Post, Question, ReadMark
from confrere.lounge.models.asked import State

PAGE = 20
#: What a line shows, and nothing else is fetched.
_SHOWN = (
    "title", "specialty", "asked_at", "moved_at", "answers", "last", "accepted_id", "author__name", "programme_id",
    "urgency_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A question as it stands in a list. new: how many posts in it the reader has not seen, the asking included."""

    question: Question
    specialty: str
    new: int


@dataclass(frozen=True, slots=True)
class Page:
    """Questions of one page, newest movement first, and the key from which the next page starts (None: the end)."""

    lines: Sequence[Line]
    next_key: tuple[datetime, int] | None


def shown(*, programme: int, member: int) -> QuerySet[Question, Any]:
    """The questions that members see, with the number that this member has read up to (None: not opened)."""
    mark = ReadMark.objects.filter(question=OuterRef("pk"), member_id=member).values("number")
    return (
        Question.objects.filter(programme_id=programme, state=State.SHOWN)
        .select_related("author")
        .annotate(read=Subquery(mark, output_field=IntegerField()))
        .only(*_SHOWN)
    )


def with_new(rows: QuerySet[Question, Any]) -> QuerySet[Question, Any]:
    """The same with `new`: how many shown posts lie beyond the mark, counted by the index for these rows alone."""
    unread = (
        Post.objects.filter(question=OuterRef("pk"), state=State.SHOWN, number__gt=Coalesce(OuterRef("read"), -1))
        .order_by()
        .values("question")
    )
    return rows.annotate(new=Coalesce(Subquery(unread.annotate(many=Count("pk")).values("many")), 0))


def questions(
    *,
    programme: int,
    member: int,
    listed: Mapping[str, str],
    specialty: str | None = None,
    muted: Collection[str] = (),
    waiting: bool = False,
    after: tuple[datetime, int] | None = None,
) -> Page:
    """One page of questions with their authors.

    listed: names of specialties by slug. specialty: only of this one. muted: none of these. waiting: only those without
    an answer. after: the key of the last question seen. One query.
    """
    rows = with_new(shown(programme=programme, member=member)).order_by(F("moved_at").desc(), F("id").desc())
    if specialty is not None:
        rows = rows.filter(specialty=specialty)
    if muted:
        rows = rows.exclude(specialty__in=muted)
    if waiting:
        rows = rows.filter(answers=0)
    if after is not None:
        rows = rows.filter(beyond(*after))
    return page_of(list(rows[: PAGE + 1]), listed)


def beyond(moment: datetime, key: int) -> Q:
    """What comes after this key. Said as a bound on the indexed time, too, so that the index starts there."""
    return Q(moved_at__lte=moment) & (Q(moved_at__lt=moment) | Q(id__lt=key))


def bookmarks(*, programme: int, member: int, listed: Mapping[str, str]) -> Sequence[Line]:
    """What a member keeps for later, newest bookmark first; a hundred at most. One query."""
    own = ReadMark.objects.filter(question=OuterRef("pk"), member_id=member).values("bookmarked_at")
    rows = (
        with_new(shown(programme=programme, member=member))
        .filter(pk__in=ReadMark.objects.filter(member_id=member, bookmarked_at__isnull=False).values("question"))
        .annotate(kept=Subquery(own))
        .order_by(F("kept").desc(), F("id").desc())
    )
    return [line(row, listed) for row in rows[:100]]


def page_of(found: list[Question], listed: Mapping[str, str]) -> Page:
    """The page that these rows make; one row more than fits says that there is another page."""
    lines = [line(row, listed) for row in found[:PAGE]]
    last = lines[-1].question if len(found) > PAGE else None
    return Page(lines, (last.moved_at, last.pk) if last else None)


def line(row: Any, listed: Mapping[str, str]) -> Line:
    """A row as a line. A specialty that is closed since keeps its short name."""
    return Line(row, listed.get(row.specialty, row.specialty), row.new)

"""Reading the lounge: lists by key, one query a list, one query a thread's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.lounge.models import Answer, Question, ReadMark
from confrere.people import queries as people
from confrere.people.queries import Card, Standing
from confrere.people.roles import Role

PAGE = 20
MEMBERS = frozenset({Role.PARTICIPANT, Role.COACH, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Line:
    """A question as it stands in a list: with its specialty's plain name, and whether something in it is new to me."""

    question: Question
    specialty: str
    new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Questions of one page, newest movement first, and the key from which the next page starts (None: the end)."""

    lines: Sequence[Line]
    next_key: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with the plain name of the specialty that its author had when it was given."""

    answer: Answer
    specialty: str


def questions(
    *,
    programme: int,
    member: int,
    specialty: str | None,
    waiting: bool = False,
    after: tuple[datetime, int] | None = None,
) -> Page:
    """One page of questions with their authors.

    waiting: only those without an answer. after: the key of the last question seen. One query.
    """
    mark = ReadMark.objects.filter(question=OuterRef("pk"), member_id=member).values("read_at")
    rows = (
        Question.objects.filter(programme_id=programme)
        .select_related("author")
        .annotate(read_at=Subquery(mark, output_field=DateTimeField()))
        .only("title", "specialty", "asked_at", "moved_at", "answers", "accepted_id", "author__name", "programme_id")
        .order_by(F("moved_at").desc(), F("id").desc())
    )
    if specialty is not None:
        rows = rows.filter(specialty=specialty)
    if waiting:
        rows = rows.filter(answers=0)
    if after is not None:
        moment, key = after
        rows = rows.filter(Q(moved_at__lt=moment) | Q(moved_at=moment, id__lt=key))
    found = list(rows[: PAGE + 1])
    labels = people.specialties()
    lines = [
        Line(row, labels[row.specialty], new=row.read_at is None or row.read_at < row.moved_at) for row in found[:PAGE]
    ]
    last = lines[-1].question if len(found) > PAGE else None
    return Page(lines, (last.moved_at, last.pk) if last else None)


def question(*, programme: int, question: int) -> Question | None:
    """One question of this programme with its author; None alike for absent and for another programme's. One query."""
    return Question.objects.filter(programme_id=programme, pk=question).select_related("author").first()


def answers(*, programme: int, question: int) -> list[Given]:
    """The answers in the order in which they came. One query."""
    labels = people.specialties()
    rows = Answer.objects.filter(programme_id=programme, question_id=question).select_related("author").order_by("id")
    return [Given(row, labels[row.specialty]) for row in rows]


def answer(*, programme: int, question: int, answer: int) -> Answer | None:
    """One answer of this question; None alike for absent and foreign."""
    return Answer.objects.filter(programme_id=programme, question_id=question, pk=answer).first()


def today(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """What waits for this member: questions of their own specialty that nobody has answered yet."""
    credential = people.credential(person=standing.person, now=now) if standing.roles & MEMBERS else None
    if credential is None:
        return []
    waiting = (
        Question.objects.filter(programme_id=standing.programme, specialty=credential.specialty, answers=0)
        .exclude(author_id=standing.person)
        .count()
    )
    if not waiting:
        return []
    return [
        Card(
            order=60,
            title=_("Lounge"),
            sentence=ngettext(
                "%(count)d question in %(specialty)s waits for an answer.",
                "%(count)d questions in %(specialty)s wait for an answer.",
                waiting,
            )
            % {"count": waiting, "specialty": credential.label},
            act=_("Read them"),
            url=reverse("lounge:specialty", args=[standing.programme_slug, credential.specialty]) + "?waiting=1",
            kept_as="lounge.Question.title",
        )
    ]

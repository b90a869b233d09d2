"""First conversations as their two people see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from confrere.coaching.clock import Span
from confrere.coaching.models import Conversation, Leeway


@dataclass(frozen=True, slots=True)
class Talk:
    """A first conversation. coach: the number of the page."""

    number: int
    span: Span
    coach: int
    coach_person: int
    coach_name: str
    person: int
    person_name: str
    video_link: str
    phone: str

    def other(self, person: int) -> str:
        """The name of the one whom `person` talks to."""
        return self.coach_name if person == self.person else self.person_name


def conversations(*, programme: int, person: int, now: datetime) -> list[Talk]:
    """A person's own first conversations that are not over, as coach or participant, earliest first. One query."""
    rows = _mine(programme, person).filter(during__endswith__gt=now)
    return [_talk(row) for row in rows.order_by("during", "pk")]


def conversation(*, programme: int, person: int, number: int) -> Talk | None:
    """One of them, for its two people only; None for everyone else."""
    row = _mine(programme, person).filter(pk=number).first()
    return None if row is None else _talk(row)


def had(*, programme: int, person: int) -> int:
    """How many a participant has taken; those called off do not count."""
    found = Leeway.objects.filter(programme_id=programme, person_id=person).values_list("conversations", flat=True)
    return found.first() or 0


def _mine(programme: int, person: int) -> "QuerySet[Conversation]":
    return Conversation.objects.select_related("coach__person", "person").filter(
        Q(coach__person_id=person) | Q(person_id=person), programme_id=programme
    )


def _talk(row: Conversation) -> Talk:
    return Talk(
        number=row.pk,
        span=Span(row.during.lower, row.during.upper),
        coach=row.coach_id,
        coach_person=row.coach.person_id,
        coach_name=row.coach.person.name,
        person=row.person_id,
        person_name=row.person.name,
        video_link=row.coach.video_link,
        phone=row.coach.phone,
    )

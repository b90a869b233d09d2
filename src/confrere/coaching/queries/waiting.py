"""Who waits for which coach: read by themselves only."""

from dataclasses import dataclass
from datetime import datetime

from confrere.coaching.models import Waiting


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody's place before a coach. until: a place is kept for them so long; None while it is not their turn."""

    coach: int
    coach_name: str
    until: datetime | None


def in_line(*, programme: int, person: int) -> list[InLine]:
    """The lines in which a person stands, the one whose turn it is first. One query."""
    rows = Waiting.objects.filter(programme=programme, person=person).select_related("coach__person")
    return [
        InLine(coach=row.coach_id, coach_name=row.coach.person.name, until=row.until)
        for row in rows.order_by("until", "since")
    ]

"""Hours that coaches offer, and which starts in them are free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Func, Q
from django.db.models.fields import DateTimeField

from confrere.coaching.clock import Span
from confrere.coaching.models import Hours, Occupied
from confrere.coaching.slots import free_starts


@dataclass(frozen=True, slots=True)
class Offered:
    """One stretch of hours on a coach's own page."""

    hours: int
    span: Span
    zone: str  # IANA name of the clock they were said in
    weekly: bool


def hours_of(*, programme: int, person: int, now: datetime) -> list[Offered]:
    """The hours that a coach still offers, earliest first. One query."""
    rows = (
        Hours.objects.filter(programme_id=programme, coach__person_id=person)
        .alias(end=Func(F("during"), function="upper", output_field=DateTimeField()))
        .filter(end__gt=now)
        .order_by("during")
    )
    return [
        Offered(
            hours=row.pk,
            span=Span(row.during.lower, row.during.upper),
            zone=row.zone,
            weekly=row.series is not None,
        )
        for row in rows
    ]


def open_slots(
    *,
    programme: int,
    coaches: Iterable[int],
    minutes: int,
    within: Span,
    person: int | None = None,
    moving: int | None = None,
) -> Mapping[int, list[datetime]]:
    """Coach → free starts, earliest first, of sessions of `minutes` that lie wholly `within`. Two queries.

    person: whoever would come; starts at which that person has something else are left out.
    moving: a booking whose own time counts as free, because it is about to leave it.
    """
    hours: dict[int, list[Span]] = {coach: [] for coach in coaches}
    humans: dict[int, int] = {}
    for row in Hours.objects.filter(
        programme_id=programme, coach__in=hours, during__overlap=(within.start, within.end)
    ).select_related("coach"):
        hours[row.coach_id].append(Span(row.during.lower, row.during.upper))
        humans[row.coach_id] = row.coach.person_id
    busy = _busy({*humans.values()} | ({person} if person else set()), within=within, moving=moving)
    return {
        coach: free_starts(
            windows=windows,
            busy=busy.get(humans.get(coach, 0), []) + busy.get(person or 0, []),
            minutes=minutes,
            within=within,
        )
        for coach, windows in hours.items()
    }


def _busy(persons: Iterable[int], *, within: Span, moving: int | None) -> dict[int, list[Span]]:
    """Person → time kept by bookings of any programme: nobody is in two places because of two programmes."""
    out: dict[int, list[Span]] = {}
    for row in Occupied.objects.filter(person__in=persons, during__overlap=(within.start, within.end)):
        if row.booking_id != moving:
            out.setdefault(row.person_id, []).append(Span(row.during.lower, row.during.upper))
    return out


def is_busy(*, person: int, span: Span, moving: int | None = None) -> bool:
    """Whether a person already has an appointment then, in any programme."""
    rows = Occupied.objects.filter(person_id=person, during__overlap=(span.start, span.end))
    return rows.exclude(booking=moving).exists()


def offered_then(*, coach: int, spans: Sequence[Span]) -> Span | None:
    """The first of the hours that a coach already offers within any of the spans; None if there are none. One query."""
    overlapping = Q()
    for span in spans:
        overlapping |= Q(during__overlap=(span.start, span.end))
    row = Hours.objects.filter(overlapping, coach=coach).order_by("during").first()
    return None if row is None else Span(row.during.lower, row.during.upper)

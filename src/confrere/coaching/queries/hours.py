"""Hours that coaches offer, and which starts in them are free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Func, QuerySet
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
    for coach, human, during in _hours(programme, hours, within).values_list("coach", "coach__person", "during"):
        hours[coach].append(Span(during.lower, during.upper))
        humans[coach] = human
    busy = kept_times({*humans.values()} | ({person} if person else set()), within=within, moving=moving, asking=person)
    return {
        coach: free_starts(
            windows=windows,
            busy=busy.get(humans.get(coach, 0), []) + busy.get(person or 0, []),
            minutes=minutes,
            within=within,
        )
        for coach, windows in hours.items()
    }


def offers(*, programme: int, coach: int, span: Span) -> bool:
    """Whether a coach's hours cover the whole of this time. One query."""
    rows = _hours(programme, [coach], span).values_list("during", flat=True)
    windows = [Span(during.lower, during.upper) for during in rows]
    minutes = (span.end - span.start) // timedelta(minutes=1)
    return bool(free_starts(windows=windows, busy=[], minutes=minutes, within=span))


def _hours(programme: int, coaches: Iterable[int], within: Span) -> QuerySet[Hours]:
    return Hours.objects.filter(
        programme_id=programme, coach__in=list(coaches), during__overlap=(within.start, within.end)
    )


def kept_times(
    persons: Iterable[int], *, within: Span, moving: int | None, asking: int | None = None
) -> dict[int, list[Span]]:
    """Person → time kept by bookings of any programme: nobody is in two places because of two programmes.

    moving: a booking whose own time does not count.
    asking: whose own hold, while they choose, does not count. One query.
    """
    out: dict[int, list[Span]] = {}
    rows = Occupied.objects.filter(person__in=persons, during__overlap=(within.start, within.end))
    for person, booking, holder, during in rows.values_list("person", "booking", "holder", "during"):
        own = booking == moving if holder is None else holder == asking
        if not own:
            out.setdefault(person, []).append(Span(during.lower, during.upper))
    return out


def offered_then(*, coach: int, spans: Sequence[Span]) -> Span | None:
    """The first of the hours that a coach already offers within any of the spans; None if there are none. One query."""
    whole = (min(span.start for span in spans), max(span.end for span in spans))
    rows = Hours.objects.filter(coach=coach, during__overlap=whole).order_by("during").values_list("during", flat=True)
    offered = (Span(during.lower, during.upper) for during in rows)
    return next((one for one in offered if any(one.overlaps(span) for span in spans)), None)

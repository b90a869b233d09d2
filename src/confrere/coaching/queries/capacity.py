"""Whether the hours that coaches offer carry the sessions that people may still book: sums, never who."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Entitlement, HeldSession, Hours, Occupied, State

#: As long as a grant usually lasts: a trial coaches its arms in two such windows, one after the other.
WINDOW = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Capacity:
    """One window of time; all in minutes. ``offered`` is ``kept`` and ``free`` together.

    ``owed``: sessions that may still be booked under grants that end in this window. Those of an earlier window are
    not counted again. Both the next free hours and the sessions owed move with every booking.
    """

    span: Span
    offered: int
    kept: int
    owed: int

    @property
    def free(self) -> int:
        """Offered, and nobody meets the coach then."""
        return self.offered - self.kept

    @property
    def short(self) -> int:
        """How many minutes are missing for those who may still book; 0 where the hours suffice."""
        return max(self.owed - self.free, 0)


def capacity(*, programme: int, now: datetime) -> tuple[Capacity, Capacity]:
    """The hours ahead in this window of 91 days and in the next. Five queries, however many coaches."""
    spans = (Span(now, now + WINDOW), Span(now + WINDOW, now + 2 * WINDOW))
    whole = (now, now + 2 * WINDOW)
    hours = Hours.objects.filter(programme_id=programme, during__overlap=whole)
    offered = [
        (coach, Span(during.lower, during.upper)) for coach, during in hours.values_list("coach__person", "during")
    ]
    # What somebody holds for a few minutes while choosing is nobody's appointment yet.
    people = {coach for coach, _span in offered}
    rows = Occupied.objects.filter(person__in=people, during__overlap=whole, holder=None)
    kept: dict[int, list[Span]] = {}
    for coach, during in rows.values_list("person", "during"):
        kept.setdefault(coach, []).append(Span(during.lower, during.upper))
    taken = [
        (coach, part)
        for coach, span in offered
        for one in kept.get(coach, ())
        if (part := _common(span, one)) is not None
    ]
    owed = _owed(programme, now)
    return (_window(spans[0], offered, taken, owed), _window(spans[1], offered, taken, owed))


def _window(
    span: Span, offered: list[tuple[int, Span]], taken: list[tuple[int, Span]], owed: list[tuple[datetime, int]]
) -> Capacity:
    return Capacity(
        span=span,
        offered=sum(_minutes(span, one) for _coach, one in offered),
        kept=sum(_minutes(span, one) for _coach, one in taken),
        owed=sum(minutes for until, minutes in owed if span.start < until <= span.end),
    )


def _owed(programme: int, now: datetime) -> list[tuple[datetime, int]]:
    """(end, minutes still to be booked) of each grant that has not ended."""
    grants = Entitlement.objects.filter(programme_id=programme, until__gt=now)
    rows = list(grants.values_list("pk", "until", "minutes"))
    numbers = [pk for pk, _until, _minutes in rows]
    booked = Booking.objects.filter(entitlement__in=numbers, state=State.BOOKED)
    held = HeldSession.objects.filter(entitlement__in=numbers)
    gone = {*booked.values_list("entitlement", "k"), *held.values_list("entitlement", "k")}
    return [
        (until, sum(length for k, length in enumerate(minutes, start=1) if (pk, k) not in gone))
        for pk, until, minutes in rows
    ]


def _common(one: Span, other: Span) -> Span | None:
    if not one.overlaps(other):
        return None
    return Span(max(one.start, other.start), min(one.end, other.end))


def _minutes(within: Span, span: Span) -> int:
    part = _common(within, span)
    return 0 if part is None else (part.end - part.start) // timedelta(minutes=1)

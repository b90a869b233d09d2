"""Reading what coaches are paid, and what coaching came to: sums for those who pay, never who met whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from statistics import median

from confrere.coaching.models import Booking, Entitlement, HeldSession, LineKind, PayLine, Rate, State
from confrere.science.cost import ProgrammeCost

#: Below so many people a middle value would tell of single ones.
FEWEST = 5
#: What the pilot with outside coaches paid for one participant (Kiser 2024), to hold our own cost against.
PILOT_COST = Decimal(1400)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement; ``amount`` is below zero where it takes another back."""

    line: int
    coach: int
    kind: LineKind
    day: date
    minutes: int
    hourly: Decimal
    amount: Decimal
    currency: str
    cost_centre: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of a month, oldest first."""

    first: date
    lines: tuple[Line, ...]

    @property
    def minutes(self) -> int:
        """Minutes that count, with supervision: a line taken back counts no longer."""
        return sum(-line.minutes if line.kind is LineKind.REVERSAL else line.minutes for line in self.lines)

    @property
    def amount(self) -> Decimal:
        """The sum to be paid."""
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sessions delivered against those granted. ``first_after`` are days, None below five people."""

    people: int
    begun: int
    granted: int
    held: int
    first_after: float | None
    unpaid: int


def rate_on(*, programme: int, day: date) -> Rate | None:
    """The rate of that day; the latest of several that begin on one day."""
    return Rate.objects.filter(programme_id=programme, since__lte=day).order_by("-since", "-pk").first()


def hourly(rate: Rate, kind: LineKind) -> Decimal:
    """What an hour of this kind is worth: of a group as of one, unless the rate says otherwise."""
    if kind is LineKind.SUPERVISION:
        return rate.supervision_hourly
    return rate.group_hourly if kind is LineKind.GROUP and rate.group_hourly is not None else rate.hourly


def lines(*, programme: int, coach: int | None = None) -> list[Line]:
    """The lines of one coach, or of all, by day. One query."""
    rows = PayLine.objects.filter(programme_id=programme).select_related("reversal").order_by("day", "pk")
    if coach is not None:
        rows = rows.filter(coach_id=coach)
    return [_line(row) for row in rows]


def _line(row: PayLine) -> Line:
    return Line(
        line=row.pk,
        coach=row.coach_id,
        kind=LineKind(row.kind),
        day=row.day,
        minutes=row.minutes,
        hourly=row.hourly,
        amount=row.amount,
        currency=row.currency,
        cost_centre=row.cost_centre,
        taken_back=hasattr(row, "reversal"),
    )


def statement(*, programme: int, coach: int) -> list[Month]:
    """A coach's lines by month, the newest month first."""
    mine = lines(programme=programme, coach=coach)
    months = [Month(first, tuple(found)) for first, found in groupby(mine, key=lambda line: line.day.replace(day=1))]
    return months[::-1]


def due(*, now: datetime, settled: timedelta) -> Sequence[int]:
    """Bookings that were held, are settled and have no line yet, in every programme."""
    rows = Booking.objects.filter(state=State.HELD, paid=False, during__endswith__lte=now - settled)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def delivery(*, programme: int) -> Delivery:
    """What was granted and what took place. Four queries."""
    grants = list(Entitlement.objects.filter(programme_id=programme).values_list("pk", "person", "minutes", "since"))
    held = HeldSession.objects.filter(programme_id=programme)
    firsts = Booking.objects.filter(programme_id=programme, state=State.HELD, k=1).select_related("entitlement")
    waited = [(row.during.lower - row.entitlement.since) / timedelta(days=1) for row in firsts]
    return Delivery(
        people=len({person for _pk, person, _minutes, _since in grants}),
        begun=held.values("entitlement__person").distinct().count(),
        granted=sum(len(minutes) for _pk, _person, minutes, _since in grants),
        held=held.count(),
        first_after=median(waited) if len(waited) >= FEWEST else None,
        unpaid=Booking.objects.filter(programme_id=programme, state=State.HELD, paid=False).count(),
    )


def cost(*, programme: int, participants: int) -> ProgrammeCost | None:
    """The cost of what was paid, with training and without; None while nobody was coached or nothing paid."""
    rows = [line for line in lines(programme=programme) if not line.taken_back and line.kind is not LineKind.REVERSAL]
    if not rows or participants == 0:
        return None
    coaching = sum((line.amount for line in rows if line.kind is not LineKind.STIPEND), Decimal(0))
    training = sum((line.amount for line in rows if line.kind is LineKind.STIPEND), Decimal(0))
    return ProgrammeCost(coaching=coaching, training=training, participants=participants)

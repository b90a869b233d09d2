"""Hours that coaches offer, and which starts in them are free."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Func, Q, QuerySet
from django.db.models.fields import DateTimeField

from confrere.coaching.clock import Span
from confrere.coaching.models import LIVE, Away, Booking, BusyCalendar, BusyTime, Coach, Hours, Occupied
from confrere.coaching.slots import free_starts, without
from confrere.coaching.words import local


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coach offers within some time, and what is in the way."""

    windows: Sequence[Span]
    busy: Sequence[Span]  # sessions with the minutes around them, days away, another calendar
    earliest: datetime | None  # by the coach's notice
    full: frozenset[date]  # days, by the clock of `zone`, on which the coach's most sessions are booked
    zone: str

    def takes(self, start: datetime) -> bool:
        late = self.earliest is None or start >= self.earliest
        return late and (not self.full or local(start, zone=self.zone).date() not in self.full)

    def starts(self, *, minutes: int, within: Span) -> list[datetime]:
        found = free_starts(windows=self.windows, busy=self.busy, minutes=minutes, within=within)
        return [start for start in found if self.takes(start)]

    def fits(self, span: Span) -> bool:
        """Whether a session may lie here: at a start that is shown now, or was before somebody else booked nearby."""
        minutes = (span.end - span.start) // timedelta(minutes=1)
        shown = {
            start
            for busy in ([], self.busy)
            for start in free_starts(windows=self.windows, busy=busy, minutes=minutes, within=span)
        }
        free = any(stretch.contains(span) for stretch in without(self.windows, self.busy))
        return free and span.start in shown and self.takes(span.start)


def away(*, programme: int, person: int | None, now: datetime) -> list[Away]:
    """Days away to come, soonest first: of one coach, or the programme's holidays (person None). One query."""
    rows = Away.objects.filter(programme_id=programme, during__endswith__gt=now).order_by("first", "pk")
    return list(rows.filter(coach=None) if person is None else rows.filter(coach__person_id=person))


def busy_calendar(*, programme: int, person: int) -> BusyCalendar | None:
    """The other calendar that a coach named; None without one. Its address stays sealed."""
    return BusyCalendar.objects.filter(programme_id=programme, coach__person_id=person).first()


def open_slots(
    *,
    programme: int,
    coaches: Iterable[int],
    minutes: int,
    within: Span,
    person: int | None = None,
    moving: int | None = None,
    now: datetime | None = None,
) -> Mapping[int, list[datetime]]:
    """Coach → free starts, earliest first, of sessions of `minutes` that lie wholly `within`. Three queries, a fourth
    where a coach has a limit for the day.

    person: whoever would come; starts at which that person has something else are left out.
    moving: a booking whose own time counts as free, because it is about to leave it.
    now: from when each coach's own notice counts; None where it was looked at already.
    """
    asked = list(coaches)
    plans = _plans(programme=programme, coaches=asked, within=within, asking=person, moving=moving, now=now)
    return {coach: plans[coach].starts(minutes=minutes, within=within) if coach in plans else [] for coach in asked}


def offers(*, programme: int, coach: int, span: Span, moving: int | None = None, now: datetime | None = None) -> bool:
    """Whether a coach can be met for the whole of this time, and at this start. Queries as `open_slots`."""
    plans = _plans(programme=programme, coaches=[coach], within=span, asking=None, moving=moving, now=now)
    return coach in plans and plans[coach].fits(span)


def _plans(
    *,
    programme: int,
    coaches: Sequence[int],
    within: Span,
    asking: int | None,
    moving: int | None,
    now: datetime | None,
) -> dict[int, Plan]:
    """Plans of the coaches who offer something then. asking: whose other appointments are in the way."""
    rows: dict[int, list[Hours]] = {}
    for row in _hours(programme, coaches, within).select_related("coach"):
        rows.setdefault(row.coach_id, []).append(row)
    own = {asking} if asking else set()
    who = {coach: found[0].coach for coach, found in rows.items()}
    most = timedelta(minutes=max((coach.buffer for coach in who.values()), default=0))
    around = Span(within.start - most, within.end + most)
    kept = kept_times({coach.person_id for coach in who.values()} | own, within=around, moving=moving, asking=asking)
    blocked = _blocked(programme, list(who), within)
    full = _full(who.values(), {coach: found[0].zone for coach, found in rows.items()}, within=within, moving=moving)
    mine = [span for person in own for span in kept.get(person, [])]
    return {
        number: Plan(
            windows=[Span(row.during.lower, row.during.upper) for row in rows[number]],
            busy=[
                *_padded(kept.get(coach.person_id, []), coach.buffer),
                *blocked.get(None, []),
                *blocked.get(number, []),
                *mine,
            ],
            earliest=None if now is None else now + timedelta(hours=coach.notice),
            full=full.get(number, frozenset()),
            zone=rows[number][0].zone,
        )
        for number, coach in who.items()
    }


def _padded(spans: Iterable[Span], minutes: int) -> list[Span]:
    around = timedelta(minutes=minutes)
    return [Span(span.start - around, span.end + around) for span in spans]


def _blocked(programme: int, coaches: Sequence[int], within: Span) -> dict[int | None, list[Span]]:
    """Coach → days away and busy times of another calendar; None → the programme's holidays. One query."""
    lies = (within.start, within.end)
    everybody = Q(coach__in=coaches) | Q(coach=None, programme=programme)
    away = Away.objects.filter(everybody, during__overlap=lies).values_list("coach", "during")
    busy = BusyTime.objects.filter(coach__in=coaches, during__overlap=lies).values_list("coach", "during")
    out: dict[int | None, list[Span]] = {}
    for coach, during in away.union(busy, all=True):
        out.setdefault(coach, []).append(Span(during.lower, during.upper))
    return out


def _full(
    coaches: Iterable[Coach], zones: Mapping[int, str], *, within: Span, moving: int | None
) -> dict[int, frozenset[date]]:
    """Coach → days on which as many sessions are booked as the coach takes. One query, none without such a coach."""
    limits = {coach.pk: coach.daily for coach in coaches if coach.daily is not None}
    if not limits:
        return {}
    whole = (within.start - timedelta(days=2), within.end + timedelta(days=2))
    booked = Booking.objects.filter(coach__in=limits, state__in=LIVE, during__overlap=whole)
    if moving is not None:
        booked = booked.exclude(pk=moving)
    counted: dict[int, Counter[date]] = {coach: Counter() for coach in limits}
    for coach, during in booked.values_list("coach", "during"):
        counted[coach][local(during.lower, zone=zones[coach]).date()] += 1
    return {
        coach: frozenset(day for day, many in counted[coach].items() if many >= limit)
        for coach, limit in limits.items()
    }


def _hours(programme: int, coaches: Iterable[int], within: Span) -> QuerySet[Hours]:
    return Hours.objects.filter(
        programme_id=programme, coach__in=list(coaches), during__overlap=(within.start, within.end)
    ).order_by("during")


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
        own = moving is not None and booking == moving if holder is None else holder == asking
        if not own:
            out.setdefault(person, []).append(Span(during.lower, during.upper))
    return out


def offered_then(*, coach: int, spans: Sequence[Span]) -> Span | None:
    """The first of the hours that a coach already offers within any of the spans; None if there are none. One query."""
    whole = (min(span.start for span in spans), max(span.end for span in spans))
    rows = Hours.objects.filter(coach=coach, during__overlap=whole).order_by("during").values_list("during", flat=True)
    offered = (Span(during.lower, during.upper) for during in rows)
    return next((one for one in offered if any(one.overlaps(span) for span in spans)), None)

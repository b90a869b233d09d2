"""Between the clock on the wall and the instant: UTC ranges from local times, gaps and folds never guessed.

Without it, 02:30 on a day when the clocks jump is silently another time, and 01:30 on a day when they fall
back is two times that compare equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
MIDNIGHT = time(0)
#: Years in which hours can lie: near the ends of the calendar, neither a week nor another clock can be added.
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of real time [start, end), both aware and in UTC; never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts: {self.start} .. {self.end}")

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Unclear(ValueError):
    """A wall time that is no instant, or two. wall: naive local time; zone: IANA name."""

    def __init__(self, wall: datetime, zone: str) -> None:
        super().__init__(f"{wall} in {zone}")
        self.wall = wall
        self.zone = zone


class Gap(Unclear):
    """The clocks jump over this wall time: it does not exist on that day."""


class Fold(Unclear):
    """The clocks fall back through this wall time: it comes twice on that day."""


def instant(wall: datetime, *, zone: str, fold: int | None = None) -> datetime:
    """The UTC instant of a naive wall time in an IANA zone.

    fold: 0 takes the first, 1 the second of a time that comes twice; None refuses to choose.
    Raises Gap, and Fold when fold is None.
    """
    local = wall.replace(tzinfo=ZoneInfo(zone))
    first = local.replace(fold=0).astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    if first > second:
        raise Gap(wall, zone)
    if first < second and fold is None:
        raise Fold(wall, zone)
    return second if fold else first


def morning(on: date, *, zone: str) -> datetime:
    """The instant with which a day begins: its midnight, the first where it comes twice, and where the clocks jump
    over it the jump itself (a time that does not exist reads as that instant, by the clock before the jump).
    """
    return datetime.combine(on, MIDNIGHT, ZoneInfo(zone)).astimezone(UTC)


def window(*, on: date, starts: time, ends: time, zone: str, fold: int | None = None) -> Span:
    """One stretch of a day by the wall clock, as real time. `ends` at 00:00 means the midnight that follows.

    Raises Gap and Fold as `instant`, ValueError when it would end before it starts.
    """
    last = on + timedelta(days=1) if ends == MIDNIGHT else on
    return Span(
        instant(datetime.combine(on, starts), zone=zone, fold=fold),
        instant(datetime.combine(last, ends), zone=zone, fold=fold),
    )


def weekly(*, on: date, starts: time, ends: time, zone: str, weeks: int, fold: int | None = None) -> Iterator[Span]:
    """The same wall time in each of `weeks` weeks (1 = this one only); real instants shift with the clocks."""
    for week in range(weeks):
        yield window(on=on + week * WEEK, starts=starts, ends=ends, zone=zone, fold=fold)


def again(*, start: datetime, zone: str, times: int, weeks: int) -> list[datetime]:
    """The same time on the wall, `times` times (from 1), every `weeks` weeks; the first is `start` itself, in UTC.

    Raises Gap and Fold as `instant`, for a later one.
    """
    wall = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return [start, *(instant(wall + each * weeks * WEEK, zone=zone) for each in range(1, times))]

"""Free starts laid out as days of one week, in a person's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from confrere.coaching.words import local

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, with the Mondays of the nearest weeks before and after that have something free."""

    days: tuple[Day, ...]
    earlier: date | None
    later: date | None


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(starts: Sequence[datetime], *, zone: str, asked: date | None) -> Week | None:
    """The week of `asked`, or the first with a free start; None when nothing is free at all.

    starts: instants, sorted. zone: IANA name of the clock in which a day is a day.
    """
    if not starts:
        return None
    days = [local(start, zone=zone).date() for start in starts]
    first = monday(asked or days[0])
    last = first + timedelta(days=DAYS - 1)
    earlier = [monday(day) for day in days if day < first]
    later = [monday(day) for day in days if day > last]
    return Week(
        days=tuple(
            Day(
                first + timedelta(days=number),
                tuple(start for start, day in zip(starts, days, strict=True) if day == first + timedelta(days=number)),
            )
            for number in range(DAYS)
        ),
        earlier=earlier[-1] if earlier else None,
        later=later[0] if later else None,
    )

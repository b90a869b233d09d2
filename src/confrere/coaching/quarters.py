"""Quarters of a year, by their first day; which one coaches are asked about, and which are over."""

from datetime import date, datetime, timedelta

from confrere.vault import days

#: After its end a quarter can be answered for as long as this; then it is pooled.
GRACE = timedelta(days=14)


def quarter_of(day: date) -> date:
    """The first day of the quarter in which a day lies."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def following(quarter: date) -> date:
    """The first day of the next quarter."""
    return quarter_of(quarter + timedelta(days=95))


def open_quarter(now: datetime) -> date:
    """The quarter that can be answered now: in a quarter's first two weeks the one before it."""
    return quarter_of(days.of(now) - GRACE)


def asked_now(now: datetime) -> bool:
    """Whether coaches are reminded: in the two weeks before a quarter ends, and in the two after."""
    return following(open_quarter(now)) - GRACE <= days.of(now)

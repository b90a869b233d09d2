"""Time behind the study door is kept by the day, so that no instant joins a study id to a person.

A person's act and what follows from it under the study id are written moments apart. If both sides kept the exact
time, a copy of the database would bring them together by it. Days are those of UTC, the same for everyone.
"""

from datetime import UTC, date, datetime, time, timedelta


def of(moment: datetime) -> date:
    """The day of a moment (aware)."""
    return moment.astimezone(UTC).date()


def start(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), UTC)


def floor(moment: datetime) -> datetime:
    """The first moment of the day in which a moment lies."""
    return start(of(moment))


def ceiling(moment: datetime) -> datetime:
    """The moment itself when a day begins with it, else the beginning of the next day."""
    began = floor(moment)
    return began if began == moment else began + timedelta(days=1)

"""What a session remembers of its sign-in: when it began, when it was used, by what means, and when last proved."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.sessions.backends.base import SessionBase

#: Without a request for this long, a session is over.
IDLE: Final = timedelta(hours=1)
#: However busy, a session is over after this long.
LIFE: Final = timedelta(hours=24)
#: For pages that name people: how long the last proof (passkey or code) counts.
PROOF: Final = timedelta(minutes=15)
#: How exactly the last use is remembered: a finer clock would be a write for each request.
GRAIN: Final = timedelta(minutes=1)

BEGAN: Final = "people.began"
USED: Final = "people.used"
PROVED: Final = "people.proved"
#: Set while a mailed code is the only proof there is.
BY_CODE: Final = "people.by_code"


def begin(session: SessionBase, *, by_code: bool, now: datetime) -> None:
    """A sign-in has just succeeded."""
    session[BEGAN] = session[USED] = session[PROVED] = now.timestamp()
    session[BY_CODE] = by_code


def prove(session: SessionBase, *, now: datetime) -> None:
    """The person has just shown again who they are."""
    session[PROVED] = now.timestamp()


def is_over(session: SessionBase, *, now: datetime) -> bool:
    """Whether a signed-in session has been idle, or has lived, too long; one that never began is over."""
    used, began = session.get(USED), session.get(BEGAN)
    if used is None or began is None:
        return True
    return now - _moment(used) > IDLE or now - _moment(began) > LIFE


def use(session: SessionBase, *, now: datetime) -> None:
    """Note a request, to the minute."""
    if now - _moment(session[USED]) >= GRAIN:
        session[USED] = now.timestamp()


def is_fresh(session: SessionBase, *, now: datetime, within: timedelta = PROOF) -> bool:
    """Whether the person has shown who they are within the last quarter of an hour, or another time."""
    return PROVED in session and now - _moment(session[PROVED]) <= within


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)

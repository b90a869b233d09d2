"""Reading how the post does."""

import collections
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from procrastinate.contrib.django.models import ProcrastinateWorker

from confrere.post.folder import Delivered, newest
from confrere.post.jobs import SILENCE
from confrere.post.models import Letter, Picture, State

#: A letter that waits longer than this is late, whatever the worker says.
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Counter:
    """How many letters wait, how many of these are late, and how many were given up in the last 7 days."""

    waiting: int
    late: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Of some letters: how many have left, wait for their turn, were given up, were no longer wanted."""

    sent: int
    waiting: int
    given_up: int
    dropped: int


def progress(digests: Iterable[str]) -> Progress:
    """How far the letters about some events are, which stand for them as `actions.digest` makes them. One query."""
    states = collections.Counter(Letter.objects.filter(event_digest__in=list(digests)).values_list("state", flat=True))
    return Progress(*(states[one] for one in (State.SENT, State.WAITING, State.GIVEN_UP, State.DROPPED)))


def worker_is_down(now: datetime) -> bool:
    """Whether nobody runs the jobs: no worker has given a sign of life within a minute before `now`."""
    return not ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - SILENCE).exists()


def counter(now: datetime) -> Counter:
    """The state of the outbox, for operators. Three counts, nothing about a person."""
    waiting = Letter.objects.filter(state=State.WAITING)
    return Counter(
        waiting=waiting.count(),
        late=waiting.filter(written_at__lt=now - LATE).count(),
        given_up=Letter.objects.filter(state=State.GIVEN_UP, ended_at__gt=now - timedelta(days=7)).count(),
    )


def delivered(folder: Path, *, to: str, most: int) -> list[Delivered]:
    """The newest letters that were put into a folder instead of being mailed; only those `to` an address, if given."""
    return newest(folder, to=to, most=most)


def picture(number: int) -> bytes | None:
    """The octets of a kept picture, a JPEG; None if there is none."""
    found = Picture.objects.filter(pk=number).values_list("jpeg", flat=True).first()
    return None if found is None else bytes(found)

"""Appointments as other programs' calendars read them: when, and nothing else."""

import hashlib
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import uuid5

from django.conf import settings
from django.db.models import F, Func, Q
from django.db.models.fields import DateTimeField

from confrere.coaching.models import LIVE, Booking, Device, Feed, Gathering, Occupied
from confrere.post.ics import Appointment


def digest(token: str) -> str:
    """What is kept of a calendar address. The token has 128 bits of chance, so that nobody finds it by trying."""
    return hashlib.sha256(token.encode()).hexdigest()


def entry(row: Booking, *, attendee: str = "") -> Appointment:
    """A booking as an entry; its uid leads back to nothing.

    attendee: the address of the letter that it travels in; empty in a feed.
    """
    return Appointment(
        uid=f"{uuid5(row.key, str(row.pk))}@{settings.HOST}",
        sequence=row.sequence,
        start=row.during.lower,
        end=row.during.upper,
        changed=row.changed_at,
        cancelled=row.state not in LIVE,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if attendee else "",
        attendee=attendee,
    )


def gathering_entry(
    row: Gathering, *, attendee: str = "", on: bool = True, changed: datetime | None = None
) -> Appointment:
    """A gathering as an entry, as `entry`. on: false when it is called off, or one's place given back."""
    return Appointment(
        uid=f"{uuid5(row.key, str(row.pk))}@{settings.HOST}",
        # Later always higher, also where a place was given back and taken again.
        sequence=max((changed or row.changed_at) - row.changed_at, timedelta(0)) // timedelta(seconds=1),
        start=row.during.lower,
        end=row.during.upper,
        changed=changed or row.changed_at,
        cancelled=not on,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if attendee else "",
        attendee=attendee,
    )


def feed(*, token: str, now: datetime) -> list[Appointment] | None:
    """What the calendar behind a private address shows: what is not over yet. None for no such address. Three queries.

    What is over is left out: whether it took place is nobody's to read there.
    """
    own = Feed.objects.filter(digest=digest(token)).first()
    if own is None:
        return None
    rows = (
        Booking.objects.filter(
            Q(coach__person=own.person_id) | Q(entitlement__person=own.person_id), programme=own.programme_id
        )
        .alias(end=Func(F("during"), function="upper", output_field=DateTimeField()))
        .filter(end__gt=now)
        .order_by("during", "pk")
    )
    mine = Occupied.objects.filter(person=own.person_id, programme=own.programme_id, gathering__isnull=False)
    several = Gathering.objects.filter(pk__in=mine.values("gathering"), during__endswith__gt=now)
    return [*(entry(row) for row in rows), *(gathering_entry(row) for row in several.order_by("during", "pk"))]


def has_feed(*, programme: int, person: int) -> bool:
    """Whether somebody's calendar has an address here."""
    return Feed.objects.filter(programme=programme, person=person).exists()


def devices(*, programme: int, person: int) -> int:
    """At how many browsers of a person there is a knock before an appointment."""
    return Device.objects.filter(programme=programme, person=person).count()

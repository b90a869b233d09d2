"""Counts for the trial, the coordinator and the director: never who meets whom, nor attendance by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from confrere.coaching.models import Entitlement, HeldSession, Source

#: Days after the grant at which a coordinator looks after those who have not booked.
REMINDERS = (7, 14, 21)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a person's grants came to. The trial puts it under the study id and forgets the person."""

    granted: int  # sessions
    held: int  # sessions
    minutes: int  # of the sessions held


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to whom sessions were granted and who has booked none."""

    person: int
    name: str
    since: datetime  # from when on the sessions could be booked
    days: int  # the greatest of REMINDERS that has passed


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant by a coordinator that can still be ended."""

    person: int
    name: str
    sessions: int
    until: datetime


def delivered(*, programme: int, source: str = Source.TRIAL) -> Mapping[int, Delivered]:
    """Person → sessions granted and held, of everyone with a grant from this source. Two queries."""
    held: dict[int, list[int]] = {}
    rows = HeldSession.objects.filter(programme_id=programme, entitlement__source=source)
    for entitlement, k in rows.values_list("entitlement", "k"):
        held.setdefault(entitlement, []).append(k)
    return {
        grant.person_id: Delivered(
            granted=len(grant.minutes),
            held=len(held.get(grant.pk, [])),
            minutes=sum(grant.minutes[k - 1] for k in held.get(grant.pk, [])),
        )
        for grant in Entitlement.objects.filter(programme_id=programme, source=source).order_by("pk")
    }


def granted_by_hand(*, programme: int, now: datetime, sites: frozenset[int] | None = None) -> list[Granted]:
    """What coordinators granted at these sites, or at any, and is still open, by name. One query."""
    rows = Entitlement.objects.filter(programme_id=programme, source=Source.COORDINATOR, until__gt=now)
    rows = rows if sites is None else rows.filter(site__in=sites)
    return [
        Granted(person=row.person_id, name=row.person.name, sessions=len(row.minutes), until=row.until)
        for row in rows.select_related("person").order_by("person__name", "pk")
    ]


def unbooked(*, programme: int, now: datetime, sites: frozenset[int] | None = None) -> list[Waiting]:
    """Granted at least seven days ago, still open, and never a session booked; longest first.

    Of these sites, or of every one. This is the one list by name that a coordinator sees (the consent says so). It
    says nothing about a coach, and whoever has once booked is never on it again, whatever became of the booking. One
    query.
    """
    grants = (
        Entitlement.objects.filter(
            booked_once=False,
            programme_id=programme,
            until__gt=now,
            since__lte=now - timedelta(days=REMINDERS[0]),
        )
        .select_related("person")
        .order_by("since", "pk")
    )
    return [
        Waiting(
            person=grant.person_id,
            name=grant.person.name,
            since=grant.since,
            days=max(days for days in REMINDERS if grant.since <= now - timedelta(days=days)),
        )
        for grant in (grants if sites is None else grants.filter(site__in=sites))
    ]

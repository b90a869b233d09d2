"""Counts for the trial, the coordinator and the director: never who meets whom, nor attendance by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from confrere.coaching import signals
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
    """A grant, as the coordinator sees it: nothing of what became of it."""

    person: int
    name: str
    sessions: int
    until: datetime
    source: Source
    open: bool  # not yet over


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
    return [_granted(row, now) for row in _grants(programme, sites).filter(source=Source.COORDINATOR, until__gt=now)]


def draws_to_come(*, programme: int) -> bool:
    """Whether people can still be drawn: until then grants would tell whoever recruits who is in an arm."""
    heard = signals.draws_asked.send(sender=Entitlement, programme=programme)
    return any(coming for _receiver, coming in heard)


def granted_elsewhere(*, programme: int, now: datetime, sites: frozenset[int] | None = None) -> list[Granted]:
    """What a trial or the service granted and is open, and what coordinators granted and has ended, by name.

    That is what may be extended beside `granted_by_hand`. One query.
    """
    by_hand = Q(source=Source.COORDINATOR)
    asked = (~by_hand & Q(until__gt=now)) | (by_hand & Q(until__lte=now))
    return [_granted(row, now) for row in _grants(programme, sites).filter(asked)]


def one_grant(
    *, programme: int, person: int, source: str, now: datetime, sites: frozenset[int] | None = None
) -> Granted | None:
    """One grant; None if there is none at these sites."""
    row = _grants(programme, sites).filter(person=person, source=source).first()
    return None if row is None else _granted(row, now)


def _grants(programme: int, sites: frozenset[int] | None) -> QuerySet[Entitlement]:
    rows = Entitlement.objects.filter(programme_id=programme).select_related("person").order_by("person__name", "pk")
    return rows if sites is None else rows.filter(site__in=sites)


def _granted(row: Entitlement, now: datetime) -> Granted:
    return Granted(
        person=row.person_id,
        name=row.person.name,
        sessions=len(row.minutes),
        until=row.until,
        source=Source(row.source),
        open=row.until > now,
    )


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

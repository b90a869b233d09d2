"""Group sessions and supervision: planned, joined, left, called off. Everybody's time lies in `Occupied`, as for two.

Who of the physicians came is asked of nobody and said by nobody; a place taken is all there is, for a week.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation

from confrere.coaching.actions import letters
from confrere.coaching.actions.booking import let_go, lock_coach
from confrere.coaching.actions.noting import note
from confrere.coaching.gathering_rules import (
    check_call_off,
    check_circle,
    check_give_back,
    check_join,
    check_offer_group,
    check_plan,
    check_took_place,
)
from confrere.coaching.models import Circle, CircleMember, Gathering, Occupied
from confrere.coaching.queries import gatherings
from confrere.coaching.queries.coaches import coach_of, page
from confrere.coaching.queries.entitlements import ledger
from confrere.coaching.rules import nothing_here
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.vault import classification as kept
from confrere.vault import days
from confrere.vault.erasers import erases
from confrere.vault.refusals import Refusal

_note = partial(note, kept_as=kept.GATHERING)


@transaction.atomic
def form_circle(
    *,
    programme: int,
    site: int,
    person: int,
    supervisor: int,
    members: Collection[int],
    now: datetime,
    sites: frozenset[int] | None = None,
) -> int:
    """Put coaches (of these sites, or of any) into a group under supervision; returns its number.

    Refuses what `check_circle` refuses.
    """
    coaches = people.members_of(programme, Role.COACH, now, sites)
    check_circle(supervisor=supervisor, members=members, coaches=coaches)
    row = Circle.objects.create(programme_id=programme, site_id=site, supervisor_id=supervisor, since=days.of(now))
    CircleMember.objects.bulk_create(
        CircleMember(programme_id=programme, site_id=site, circle=row, person_id=each) for each in sorted(set(members))
    )
    _note("form_circle", programme=programme, actor=person, about=f"circle:{row.pk}", now=now)
    return row.pk


@transaction.atomic
def end_circle(*, programme: int, person: int, circle: int, now: datetime, sites: frozenset[int] | None = None) -> None:
    """End such a group, of these sites or of any. What it has planned is called off; what it has had is still paid."""
    row = Circle.objects.select_for_update().filter(programme_id=programme, pk=circle).first()
    if row is None or (sites is not None and row.site_id not in sites):
        raise nothing_here()
    if Gathering.objects.filter(circle=row, during__startswith__lte=now).exists():
        raise Refusal(_("A supervision of this group is being settled. End the group a week after the last one."))
    for each in Gathering.objects.filter(circle=row):
        _drop(each, now=now)
    row.delete()
    _note("end_circle", programme=programme, actor=person, about=f"circle:{circle}", now=now)


def offer_group(
    *, programme: int, site: int, person: int, start: datetime, minutes: int, places: int, key: UUID, now: datetime
) -> int:
    """Offer a group session, as its coach; returns its number. Refuses what `check_offer_group` refuses."""
    with one_place_each(_("You have another appointment then. Choose another time.")), transaction.atomic():
        own = coach_of(programme=programme, person=person)
        seen = own and page(programme=programme, coach=own.coach, person=person, now=now)
        chosen = check_offer_group(own=own, seen=seen, places=places)
        lock_coach(programme=programme, coach=chosen.coach)
        made = {"kind": Gathering.Kind.GROUP, "coach_id": chosen.coach, "places": places}
        return _plan(programme, site, person, start=start, minutes=minutes, key=key, humans=[person], now=now, **made)


def plan_supervision(
    *, programme: int, site: int, person: int, circle: int, start: datetime, minutes: int, key: UUID, now: datetime
) -> int:
    """Plan when a group of coaches meets, as its supervisor: everybody's time is kept, or nobody's (409)."""
    clash = _("Somebody in the group has another appointment then. Choose another time.")
    with one_place_each(clash), transaction.atomic():
        row = Circle.objects.filter(programme_id=programme, pk=circle, supervisor_id=person).first()
        if row is None:
            raise nothing_here()
        members = list(row.members.values_list("person", flat=True))
        made = {"kind": Gathering.Kind.SUPERVISION, "circle_id": circle, "places": len(members)}
        humans = [person, *members]
        return _plan(programme, site, person, start=start, minutes=minutes, key=key, humans=humans, now=now, **made)


def _plan(
    programme: int,
    site: int,
    person: int,
    *,
    start: datetime,
    minutes: int,
    key: UUID,
    humans: Collection[int],
    now: datetime,
    **made: object,
) -> int:
    before = Gathering.objects.filter(programme_id=programme, leader_id=person, key=key).first()
    if before is not None:
        return before.pk
    span = check_plan(start=start, minutes=minutes, now=now)
    row = Gathering.objects.create(
        programme_id=programme,
        site_id=site,
        leader_id=person,
        during=(span.start, span.end),
        key=key,
        changed_at=now,
        **made,
    )
    let_go(holder=person, humans=sorted(humans), now=now)
    Occupied.objects.bulk_create(_seat(row, human) for human in sorted(humans))
    _note("plan_gathering", programme=programme, actor=person, about=f"gathering:{row.pk}", now=now)
    letters.gathering_changed(gathering=row.pk, humans=humans, on=True, now=now)
    return row.pk


def join_group(*, programme: int, person: int, gathering: int, now: datetime) -> None:
    """Take a place in a group session. Twice is once. Refuses what `check_join` refuses, and a clash with one's own."""
    with one_place_each(_("You already have an appointment at that time. Choose another one.")), transaction.atomic():
        mine = ledger(programme=programme, person=person, now=now, locked=True)
        row = _locked(programme, gathering)
        found = {each.number: each for each in gatherings.open_groups(programme=programme, person=person, now=now)}
        chosen = found.get(gathering)
        if chosen is not None and chosen.mine:
            return
        of = chosen and chosen.coach and page(programme=programme, coach=chosen.coach, person=person, now=now)
        check_join(found=chosen, page=of or None, ledger=mine, now=now)
        assert row is not None
        let_go(holder=person, humans=[person], now=now)
        _seat(row, person).save()
        _note("join_group", programme=programme, actor=person, about=f"gathering:{gathering}", now=now)
        letters.gathering_changed(gathering=gathering, humans=[person], on=True, now=now)


@transaction.atomic
def give_back(*, programme: int, person: int, gathering: int, now: datetime) -> None:
    """Give one's place in a group session back; nobody asks why, and the coach sees one name less."""
    _locked(programme, gathering)
    found = gatherings.meeting(programme=programme, person=person, number=gathering)
    check_give_back(found=found, person=person, now=now)
    Occupied.objects.filter(gathering=gathering, person=person).delete()
    _note("give_back", programme=programme, actor=person, about=f"gathering:{gathering}", now=now)
    letters.gathering_changed(gathering=gathering, humans=[person], on=False, now=now)


@transaction.atomic
def call_off(*, programme: int, person: int, gathering: int, now: datetime) -> None:
    """Call a gathering off, as its leader: everybody is told, and everybody's time is free again."""
    row = _locked(programme, gathering)
    found = gatherings.meeting(programme=programme, person=person, number=gathering)
    check_call_off(found=found, person=person, now=now)
    assert row is not None
    _drop(row, now=now)
    _note("call_off", programme=programme, actor=person, about=f"gathering:{gathering}", now=now)


@transaction.atomic
def took_place(*, programme: int, person: int, gathering: int, held: bool, now: datetime) -> None:
    """Its leader says whether it took place; for a week this can be changed."""
    found = gatherings.meeting(programme=programme, person=person, number=gathering)
    check_took_place(found=found, person=person, now=now)
    Gathering.objects.filter(pk=gathering).update(held=held)
    _note("took_place", programme=programme, actor=person, about=f"gathering:{gathering}", now=now)


def leave_gatherings(*, programme: int, coach: int, now: datetime) -> None:
    """Somebody coaches here no longer: what they lead is called off, and they are in no supervision to come.

    Only inside a transaction.
    """
    own = Gathering.objects.filter(programme_id=programme, leader_id=coach, during__startswith__gt=now)
    for each in own.select_for_update():
        _drop(each, now=now)
    to_come = Gathering.objects.filter(programme_id=programme, during__startswith__gt=now)
    Occupied.objects.filter(person_id=coach, gathering__in=to_come).delete()
    CircleMember.objects.filter(programme_id=programme, person_id=coach).delete()
    Circle.objects.filter(programme_id=programme, supervisor_id=coach).exclude(
        pk__in=Gathering.objects.filter(circle__isnull=False).values("circle")
    ).delete()


@erases(kept.GATHERING)
def erase_gatherings(*, now: datetime, held: frozenset[int]) -> int:
    """Groups of coaches, and what is left of gatherings, of programmes that are long over."""
    ended = people.long_over(now=now) - held
    gone = Gathering.objects.filter(programme__in=ended).delete()[0]
    return gone + Circle.objects.filter(programme__in=ended).delete()[0]


@contextmanager
def one_place_each(sentence: str) -> Iterator[None]:
    """Turn what the database refuses, since nobody is in two places, into a sentence."""
    try:
        yield
    except DatabaseError as error:
        if not isinstance(error.__cause__, ExclusionViolation | DeadlockDetected):
            raise
        raise Refusal(sentence) from None


def _locked(programme: int, gathering: int) -> Gathering | None:
    """A gathering as it stays until the transaction ends, so that its last place is taken once."""
    return Gathering.objects.select_for_update().filter(programme_id=programme, pk=gathering).first()


def _seat(row: Gathering, human: int) -> Occupied:
    return Occupied(
        programme_id=row.programme_id, site_id=row.site_id, person_id=human, gathering=row, during=row.during
    )


def _drop(row: Gathering, *, now: datetime) -> None:
    humans = list(Occupied.objects.filter(gathering=row).order_by("person").values_list("person", flat=True))
    letters.gathering_changed(gathering=row.pk, humans=humans, on=False, now=now)
    row.delete()

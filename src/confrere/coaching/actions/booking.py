"""Booking, moving and cancelling. The database refuses what two people at once would spoil."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation

from confrere.coaching import words
from confrere.coaching.actions import letters
from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Coach, Entitlement, Occupied, State
from confrere.coaching.queries.coaches import page
from confrere.coaching.queries.entitlements import Ledger, ledger, ledger_of
from confrere.coaching.queries.hours import kept_times, offers, open_slots
from confrere.coaching.queries.sessions import Session, session
from confrere.coaching.rules import (
    check_book,
    check_cancel,
    check_move,
    check_still_booked,
    check_takes,
    check_time,
    next_room,
    room_to_move,
    without,
)
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: How many free times a refused person is told.
OFFERED_INSTEAD = 3


def book(*, programme: int, person: int, coach: int, start: datetime, key: UUID, now: datetime) -> int:
    """Book the person's next session with a coach (the number of the coach's page); returns the booking's number.

    key: the form's own number. The same form again answers with the same booking; the same number with another
        coach or start is refused (422).
    Refuses (409) with a sentence: what `check_book` and `check_takes` refuse, an appointment of one's own at that
    time, and a time that somebody else was faster to take, naming the next three that are free.
    """
    with just_taken(programme=programme, person=person, coach=coach, after=start, now=now), transaction.atomic():
        # Locks, always in this order: the person's grants, then the coach.
        mine = ledger(programme=programme, person=person, now=now, locked=True)
        before = Booking.objects.filter(programme_id=programme, entitlement__person_id=person, key=key).first()
        if before is not None:
            return _the_same(before, coach=coach, start=start)
        _lock_coach(programme=programme, coach=coach)
        return _book(mine, programme=programme, person=person, coach=coach, start=start, key=key, now=now)


def _the_same(booking: Booking, *, coach: int, start: datetime) -> int:
    if (booking.coach_id, booking.asked_for) != (coach, start):
        raise Refusal(_("This form was already used for another time. Open the page again and choose."), status=422)
    return booking.pk


def _book(
    mine: Ledger | None, *, programme: int, person: int, coach: int, start: datetime, key: UUID, now: datetime
) -> int:
    check_book(ledger=mine, now=now, start=start)
    chosen = check_takes(page=page(programme=programme, coach=coach, person=person), person=person)
    assert mine is not None
    assert mine.next_k is not None
    span = Span(start, start + timedelta(minutes=mine.length(mine.next_k)))
    _check_free(programme=programme, person=person, coach=coach, human=chosen.person, span=span, moving=None)
    row = Booking.objects.create(
        programme_id=programme,
        site_id=mine.site,
        coach_id=coach,
        entitlement_id=mine.entitlement,
        k=mine.next_k,
        minutes=mine.length(mine.next_k),
        during=(span.start, span.end),
        zone=mine.zone,
        key=key,
        asked_for=start,
    )
    # In the order of their numbers, so that two bookings that meet in both people wait for each other, not deadlock.
    Occupied.objects.bulk_create(
        Occupied(programme_id=programme, site_id=mine.site, person_id=human, booking=row, during=(span.start, span.end))
        for human in sorted((person, chosen.person))
    )
    if not mine.taken:
        Entitlement.objects.filter(pk=mine.entitlement, booked_once=False).update(booked_once=True)
    _tell("book", booking=row.pk, programme=programme, person=person, now=now)
    return row.pk


def move(*, programme: int, person: int, booking: int, start: datetime, now: datetime) -> None:
    """Give a booked session another start with the same coach. Its own present time counts as free."""
    found = _mine(programme=programme, person=person, booking=booking)
    with (
        just_taken(programme=programme, person=person, coach=found.coach, after=start, now=now, moving=found),
        transaction.atomic(),
    ):
        held = check_move(session=locked(programme=programme, person=person, booking=booking), person=person, now=now)
        _lock_coach(programme=programme, coach=held.coach)
        if held.span.start == start:
            return
        rest = without(ledger_of(held.entitlement), k=held.k)
        check_time(ledger=rest, k=held.k, start=start, now=now)
        span = Span(start, start + timedelta(minutes=held.minutes))
        _check_free(
            programme=programme, person=person, coach=held.coach, human=held.coach_person, span=span, moving=booking
        )
        # One statement: the rows in `occupied` follow by their foreign key.
        Booking.objects.filter(pk=booking).update(during=(span.start, span.end))
        _tell("move", booking=booking, programme=programme, person=person, now=now)


@transaction.atomic
def cancel(*, programme: int, person: int, booking: int, now: datetime) -> None:
    """End a booking before its time; its number and both people's time are free again."""
    check_cancel(session=locked(programme=programme, person=person, booking=booking), person=person, now=now)
    _tell("cancel", booking=booking, programme=programme, person=person, now=now)
    release(booking=booking, state=State.CANCELLED)


def release(*, booking: int, state: State, **also: str) -> None:
    """Take a booking's number and both people's time away from it; `also` writes further columns of the booking."""
    Occupied.objects.filter(booking=booking).delete()
    Booking.objects.filter(pk=booking).update(state=state, k=None, **also)


def _mine(*, programme: int, person: int, booking: int) -> Session:
    return check_still_booked(session=session(programme=programme, person=person, booking=booking))


def locked(*, programme: int, person: int, booking: int) -> Session | None:
    """One's own session, read after its grant was locked, as booking does; None if it is not one's own.

    Only inside a transaction. Whoever changes a booking holds this lock. Two statements.
    """
    grants = Entitlement.objects.filter(programme_id=programme, booking=booking)
    grants.select_for_update(no_key=True, of=("self",)).only("pk").first()
    return session(programme=programme, person=person, booking=booking)


def _lock_coach(*, programme: int, coach: int) -> None:
    """Keep a coach's hours and sessions as they are until the transaction ends; no lock where there is no coach."""
    Coach.objects.select_for_update(no_key=True).filter(programme_id=programme, pk=coach).only("pk").first()


class _Taken(Exception):
    """The start is not among the free ones any more."""


def _check_free(*, programme: int, person: int, coach: int, human: int, span: Span, moving: int | None) -> None:
    """human: the person behind the coach's page."""
    busy = kept_times((person, human), within=span, moving=moving)
    if person in busy:
        raise Refusal(_("You already have an appointment at that time. Choose another one."))
    if human in busy or not offers(programme=programme, coach=coach, span=span):
        raise _Taken


@contextmanager
def just_taken(
    *, programme: int, person: int, coach: int, after: datetime, now: datetime, moving: Session | None = None
) -> Iterator[None]:
    """Turn "somebody was faster" into a sentence with the next free times, outside the failed transaction."""
    try:
        yield
    except _Taken:
        pass
    except DatabaseError as error:
        if not isinstance(error.__cause__, ExclusionViolation | DeadlockDetected):
            raise
    else:
        return
    raise Refusal(_instead(programme=programme, person=person, coach=coach, after=after, now=now, moving=moving))


def _instead(*, programme: int, person: int, coach: int, after: datetime, now: datetime, moving: Session | None) -> str:
    mine = ledger_of(moving.entitlement) if moving else ledger(programme=programme, person=person, now=now)
    assert mine is not None  # it was there when the time was found taken
    room = room_to_move(ledger=mine, session=moving, now=now) if moving else next_room(ledger=mine, now=now)
    free: list[datetime] = []
    if room:
        slots = open_slots(
            programme=programme, coaches=[coach], minutes=room.minutes, within=room.within, person=person
        )
        free = slots[coach]
    later = [start for start in free if start >= after][:OFFERED_INSTEAD]
    best = later if len(later) == OFFERED_INSTEAD else free[-OFFERED_INSTEAD:]
    if not best:
        return _("The time was just taken, and this coach has no other free time. Choose another coach.")
    return _("The time was just taken; these are free: %(times)s.") % {"times": words.moments(best, zone=mine.zone)}


def _tell(verb: str, *, booking: int, programme: int, person: int, now: datetime) -> None:
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(person),
        about=f"booking:{booking}",
        programme=programme,
        kept_as=kept.BOOKING,
        now=now,
    )
    letters.appointment_changed(booking=booking, now=now)

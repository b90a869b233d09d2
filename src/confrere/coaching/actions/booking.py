"""Booking, moving and cancelling. The database refuses what two people at once would spoil."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation

from confrere.coaching import words
from confrere.coaching.actions import letters
from confrere.coaching.clock import Span, Unclear, again
from confrere.coaching.models import Booking, Coach, Entitlement, Occupied, State, Waiting
from confrere.coaching.queries.coaches import Page, page
from confrere.coaching.queries.entitlements import Ledger, ledger, ledger_of
from confrere.coaching.queries.hours import kept_times, offers, open_slots
from confrere.coaching.queries.sessions import Session, session
from confrere.coaching.rules import (
    MOST_TIMES,
    check_book,
    check_cancel,
    check_move,
    check_series,
    check_still_booked,
    check_takes,
    check_time,
    next_room,
    nothing_here,
    room_to_move,
    without,
)
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: How many free times a refused person is told.
OFFERED_INSTEAD = 3


def book(
    *,
    programme: int,
    person: int,
    coach: int,
    start: datetime,
    key: UUID,
    now: datetime,
    times: int = 1,
    weeks: int = 1,
) -> int:
    """Book the person's next session with a coach (the number of the coach's page); returns the booking's number.

    times, weeks: the next `times` sessions at the same time on the person's wall, every `weeks` weeks: all or none;
        returned is the first one's number.
    key: the form's own number. The same form again answers with the same booking; the same number with another
        coach, start or rhythm is refused (422).
    Refuses (409) with a sentence: what `check_book` and `check_takes` refuse, an appointment of one's own at that
    time, and a time that somebody else was faster to take, naming the next three that are free; of several, which
    of them clash and why.
    """
    with just_taken(programme=programme, person=person, coach=coach, after=start, now=now), transaction.atomic():
        # Locks, always in this order: the person's grants, then the coach.
        mine = ledger(programme=programme, person=person, now=now, locked=True)
        keys = [key, *(uuid5(key, str(each)) for each in range(1, MOST_TIMES))]
        asked = Booking.objects.filter(programme_id=programme, entitlement__person_id=person, key__in=keys)
        before = list(asked.order_by("asked_for"))
        if before:
            return _the_same(before, coach=coach, start=start, times=times, weeks=weeks)
        lock_coach(programme=programme, coach=coach)
        check_book(ledger=mine, now=now)
        chosen = check_takes(page=page(programme=programme, coach=coach, person=person, now=now), person=person)
        assert mine is not None
        starts = check_series(ledger=mine, start=start, times=times, weeks=weeks)
        let_go(holder=person, humans=(person, chosen.person), now=now)
        meetings = _all_free(mine, chosen, programme=programme, starts=starts, now=now)
        made = [
            _write(mine, chosen, programme=programme, k=k, span=span, key=own, now=now)
            for (k, span), own in zip(meetings, keys, strict=False)
        ]
        Waiting.objects.filter(coach=coach, person=person).delete()
        return made[0]


def _the_same(before: Sequence[Booking], *, coach: int, start: datetime, times: int, weeks: int) -> int:
    first = before[0]
    try:
        starts = again(start=start, zone=first.zone, times=times, weeks=weeks) if times == len(before) else []
    except Unclear:
        starts = []
    if {each.coach_id for each in before} != {coach} or [each.asked_for for each in before] != starts:
        raise Refusal(_("This form was already used for another time. Open the page again and choose."), status=422)
    return first.pk


def _all_free(
    mine: Ledger, chosen: Page, *, programme: int, starts: Sequence[datetime], now: datetime
) -> list[tuple[int, Span]]:
    """The number and time of each session, in the order of `starts`; of several, refuses with all that clash."""
    found: list[tuple[int, Span]] = []
    clashes: list[str] = []
    for k, start in zip(mine.free, starts, strict=False):
        span = Span(start, start + timedelta(minutes=mine.length(k)))
        booked = replace(mine, booked=(*mine.booked, *found))
        try:
            check_time(ledger=booked, k=k, start=start, now=now)
            check_free(programme=programme, person=mine.person, coach=chosen, span=span, now=now)
        except Refusal as no:
            if len(starts) == 1:
                raise
            clashes.append(f"{words.moment(start, zone=mine.zone)}: {no.sentence}")
        except Taken:
            if len(starts) == 1:
                raise
            clashes.append(f"{words.moment(start, zone=mine.zone)}: {_('Your coach is not free then.')}")
        found.append((k, span))
    if clashes:
        raise Refusal(_("Nothing was booked, because not every time is free. %(which)s") % {"which": " ".join(clashes)})
    return found


def _write(mine: Ledger, chosen: Page, *, programme: int, k: int, span: Span, key: UUID, now: datetime) -> int:
    row = Booking.objects.create(
        programme_id=programme,
        site_id=mine.site,
        coach_id=chosen.coach,
        entitlement_id=mine.entitlement,
        k=k,
        minutes=mine.length(k),
        during=(span.start, span.end),
        zone=mine.zone,
        key=key,
        asked_for=span.start,
        changed_at=now,
    )
    # In the order of their numbers, so that two bookings that meet in both people wait for each other, not deadlock.
    Occupied.objects.bulk_create(
        Occupied(programme_id=programme, site_id=mine.site, person_id=human, booking=row, during=(span.start, span.end))
        for human in sorted((mine.person, chosen.person))
    )
    if not mine.taken:
        Entitlement.objects.filter(pk=mine.entitlement, booked_once=False).update(booked_once=True)
    _tell("book", booking=row.pk, programme=programme, person=mine.person, now=now)
    return row.pk


def move(*, programme: int, person: int, booking: int, start: datetime, now: datetime) -> None:
    """Give a booked session another start with the same coach. Its own present time counts as free."""
    found = _mine(programme=programme, person=person, booking=booking)
    with (
        just_taken(programme=programme, person=person, coach=found.coach, after=start, now=now, moving=found),
        transaction.atomic(),
    ):
        held = check_move(session=locked(programme=programme, person=person, booking=booking), person=person, now=now)
        lock_coach(programme=programme, coach=held.coach)
        if held.span.start == start:
            return
        rest = without(ledger_of(held.entitlement), k=held.k)
        check_time(ledger=rest, k=held.k, start=start, now=now)
        span = Span(start, start + timedelta(minutes=held.minutes))
        chosen = page(programme=programme, coach=held.coach, person=person, now=now)
        if chosen is None:  # one's own wish not to meet, which no page betrays
            raise nothing_here()
        let_go(holder=person, humans=(person, chosen.person), now=now)
        check_free(programme=programme, person=person, coach=chosen, span=span, moving=booking, now=now)
        # One statement: the rows in `occupied` follow by their foreign key.
        Booking.objects.filter(pk=booking).update(
            during=(span.start, span.end), sequence=F("sequence") + 1, changed_at=now, reminded=False
        )
        _tell("move", booking=booking, programme=programme, person=person, now=now)


@transaction.atomic
def cancel(*, programme: int, person: int, booking: int, now: datetime) -> None:
    """End a booking before its time; its number and both people's time are free again."""
    check_cancel(session=locked(programme=programme, person=person, booking=booking), person=person, now=now)
    release(booking=booking, state=State.CANCELLED, now=now)
    _tell("cancel", booking=booking, programme=programme, person=person, now=now)


def release(*, booking: int, state: State, now: datetime, **also: str) -> None:
    """Take a booking's number and both people's time away from it; `also` writes further columns of the booking."""
    Occupied.objects.filter(booking=booking).delete()
    Booking.objects.filter(pk=booking).update(state=state, k=None, sequence=F("sequence") + 1, changed_at=now, **also)


def let_go(*, holder: int, humans: Sequence[int], now: datetime) -> None:
    """End what this person holds while choosing, and what others held of these people's time for too long."""
    too_long = Occupied.objects.filter(person__in=humans, held_until__lte=now).values("holder")
    Occupied.objects.filter(Q(holder=holder) | Q(holder__in=too_long)).delete()


def _mine(*, programme: int, person: int, booking: int) -> Session:
    return check_still_booked(session=session(programme=programme, person=person, booking=booking))


def locked(*, programme: int, person: int, booking: int) -> Session | None:
    """One's own session, read after its grant was locked, as booking does; None if it is not one's own.

    Only inside a transaction. Whoever changes a booking holds this lock. Two statements.
    """
    grants = Entitlement.objects.filter(programme_id=programme, booking=booking)
    grants.select_for_update(no_key=True, of=("self",)).only("pk").first()
    return session(programme=programme, person=person, booking=booking)


def lock_coach(*, programme: int, coach: int) -> None:
    """Keep a coach's hours and sessions as they are until the transaction ends; no lock where there is no coach."""
    Coach.objects.select_for_update(no_key=True).filter(programme_id=programme, pk=coach).only("pk").first()


class Taken(Exception):
    """The start is not among the free ones any more."""


def check_free(
    *, programme: int, person: int, coach: Page, span: Span, now: datetime, moving: int | None = None
) -> None:
    """Raises unless the coach offers this time and neither of the two has something else then."""
    busy = kept_times((person, coach.person), within=span, moving=moving)
    if person in busy:
        raise Refusal(_("You already have an appointment at that time. Choose another one."))
    if coach.person in busy or not offers(programme=programme, coach=coach.coach, span=span, moving=moving, now=now):
        raise Taken


@contextmanager
def just_taken(
    *, programme: int, person: int, coach: int, after: datetime, now: datetime, moving: Session | None = None
) -> Iterator[None]:
    """Turn "somebody was faster" into a sentence with the next free times, outside the failed transaction."""
    try:
        yield
    except Taken:
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
            programme=programme, coaches=[coach], minutes=room.minutes, within=room.within, person=person, now=now
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

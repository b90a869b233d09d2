"""After the session: two taps, then less and less."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from confrere.coaching.actions.booking import locked, release
from confrere.coaching.models import Booking, HeldSession, Said, State
from confrere.coaching.queries.limits import has_read
from confrere.coaching.queries.sessions import Due, Session, ended
from confrere.coaching.rules import SETTLED_AFTER, check_confirm, check_said
from confrere.coaching.signals import session_held
from confrere.post.jobs import every
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault import queries as vault

#: What a booking becomes when this is what both say, or what counts after seven days.
BECOMES = {
    Said.HAPPENED: State.HELD,
    Said.MOVED: State.MOVED,
    Said.MISSED: State.MISSED,
    Said.NOTHING: State.MISSED,
}


@transaction.atomic
def confirm_held(*, programme: int, person: int, booking: int, said: Said, now: datetime) -> None:
    """Keep what one of the two people says of a session; when both say the same, it is so.

    Until then, and for seven days, both may change their answer. Refuses what `check_said` refuses.
    """
    found = check_confirm(session=locked(programme=programme, person=person, booking=booking), now=now)
    read = person != found.participant or has_read(programme=programme, person=person) is not None
    check_said(session=found, person=person, said=said, has_read=read)
    mine = "participant_said" if person == found.participant else "coach_said"
    theirs = found.coach_said if person == found.participant else found.participant_said
    if theirs == said:
        _becomes(found, programme=programme, said=said, now=now, **{mine: said})
    else:
        Booking.objects.filter(pk=booking).update(**{mine: said})
    audit.record(
        action="coaching.confirm_held",
        actor=audit.Actor.person(person),
        about=f"booking:{booking}",
        programme=programme,
        kept_as=kept.BOOKING,
        now=now,
    )


def _becomes(found: Session, *, programme: int, said: Said, now: datetime, **also: str) -> None:
    """What this answer makes of a booking; `also` writes further columns of it."""
    state = BECOMES[said]
    if state is not State.HELD:
        release(booking=found.booking, state=state, now=now, **also)
        return
    Booking.objects.filter(pk=found.booking).update(state=state, **also)
    HeldSession.objects.create(programme_id=programme, site_id=found.site, entitlement_id=found.entitlement, k=found.k)
    session_held.send(
        sender=HeldSession, programme=programme, person=found.participant, k=found.k, minutes=found.minutes
    )


def settle(*, now: datetime) -> int:
    """Seven days after a session: decide what is still open, then reduce it. Returns how many bookings that touched.

    If only one of the two has answered, that answer counts; if they differ, the participant's, whose session it is;
    if nobody has, the session did not happen and its number is free again. A held session keeps no answers; a
    booking that came to nothing is deleted.
    """
    kept_longer = vault.held().get(kept.BOOKING, frozenset())  # a legal hold: nothing is reduced while it lasts
    due = [each for each in ended(before=now - SETTLED_AFTER) if each.programme not in kept_longer]
    _forget_answers([each.booking for each in due if each.held], now=now)
    for each in due:
        if not each.held:
            settle_one(each, now=now)
    return len(due)


@transaction.atomic
def _forget_answers(bookings: Sequence[int], *, now: datetime) -> None:
    """Forget at once who said what of sessions that were held. Three statements, however many."""
    rows = Booking.objects.filter(pk__in=bookings).exclude(coach_said=Said.NOTHING, participant_said=Said.NOTHING)
    # What another worker has locked, it forgets.
    mine = list(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", "programme"))
    if not mine:
        return
    held = Booking.objects.filter(pk__in=[booking for booking, _programme in mine], state=State.HELD)
    held.update(coach_said=Said.NOTHING, participant_said=Said.NOTHING)
    audit.record_all([_settled(booking, programme=programme, now=now) for booking, programme in mine])


@transaction.atomic
def settle_one(due: Due, *, now: datetime) -> None:
    """Decide and reduce one booking that is still open, or came to nothing."""
    found = locked(programme=due.programme, person=due.participant, booking=due.booking)
    if found is None:  # another worker was faster
        return
    if found.state is State.BOOKED:
        _becomes(found, programme=due.programme, said=found.participant_said or found.coach_said, now=now)
    held = Booking.objects.filter(pk=due.booking, state=State.HELD)
    if not held.update(coach_said=Said.NOTHING, participant_said=Said.NOTHING):
        Booking.objects.filter(pk=due.booking).delete()
    audit.record_all([_settled(due.booking, programme=due.programme, now=now)])


def _settled(booking: int, *, programme: int, now: datetime) -> audit.Event:
    return audit.Event(
        action="coaching.settle",
        actor=audit.Actor.system("settle"),
        about=f"booking:{booking}",
        programme=programme,
        kept_as=kept.BOOKING,
        now=now,
    )


@every("17 * * * *")
def settle_due() -> None:
    """Hourly, by the worker."""
    settle(now=timezone.now())

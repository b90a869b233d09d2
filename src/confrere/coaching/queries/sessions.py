"""Sessions as their two people see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Func, Q, QuerySet
from django.db.models.fields import DateTimeField

from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Said, State


@dataclass(frozen=True, slots=True)
class Session:
    """A booking. k counts from 1; zero once the booking is no longer live."""

    booking: int
    k: int
    minutes: int
    span: Span
    state: State
    site: int
    entitlement: int
    coach: int  # number of the coach's page
    coach_person: int
    coach_name: str
    participant: int
    participant_name: str
    video_link: str
    phone: str
    coach_said: Said
    participant_said: Said

    def other(self, person: int) -> str:
        """The name of the one whom `person` meets."""
        return self.coach_name if person == self.participant else self.participant_name

    @property
    def is_booked(self) -> bool:
        """To come, or still to be confirmed."""
        return self.state is State.BOOKED

    def said_by(self, person: int) -> Said:
        return self.participant_said if person == self.participant else self.coach_said


def sessions(*, programme: int, person: int, states: Iterable[State] = (State.BOOKED,)) -> list[Session]:
    """A person's own sessions in a programme, as coach or participant, earliest first. One query."""
    rows = _two_people().filter(
        Q(coach__person_id=person) | Q(entitlement__person_id=person),
        programme_id=programme,
        state__in=tuple(states),
    )
    return [_session(row) for row in rows.order_by("during", "pk")]


def session(*, programme: int, person: int, booking: int) -> Session | None:
    """One booking, for its two people only; None for everyone else, and when there is none."""
    row = (
        _two_people()
        .filter(Q(coach__person_id=person) | Q(entitlement__person_id=person), programme_id=programme, pk=booking)
        .first()
    )
    return None if row is None else _session(row)


@dataclass(frozen=True, slots=True)
class Due:
    """A booking whose answers are due to be reduced."""

    programme: int
    participant: int
    booking: int
    held: bool  # decided already: only the answers are left to forget


def ended(*, before: datetime) -> list[Due]:
    """Bookings of every programme that were over at `before` and still say more than "held", oldest first."""
    rows = (
        Booking.objects.alias(end=Func(F("during"), function="upper", output_field=DateTimeField()))
        .filter(end__lte=before)
        .exclude(state=State.HELD, coach_said=Said.NOTHING, participant_said=Said.NOTHING)
        .order_by("during", "pk")
        .values_list("programme", "entitlement__person", "pk", "state")
    )
    return [Due(programme, person, booking, state == State.HELD) for programme, person, booking, state in rows]


def _two_people() -> QuerySet[Booking]:
    return Booking.objects.select_related("coach__person", "entitlement__person")


def _session(row: Booking) -> Session:
    return Session(
        booking=row.pk,
        k=row.k or 0,
        minutes=row.minutes,
        span=Span(row.during.lower, row.during.upper),
        state=State(row.state),
        site=row.site_id,
        entitlement=row.entitlement_id,
        coach=row.coach_id,
        coach_person=row.coach.person_id,
        coach_name=row.coach.person.name,
        participant=row.entitlement.person_id,
        participant_name=row.entitlement.person.name,
        video_link=row.coach.video_link,
        phone=row.coach.phone,
        coach_said=Said(row.coach_said),
        participant_said=Said(row.participant_said),
    )

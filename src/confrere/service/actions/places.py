"""Waiting, offered, taken, done: never more than the seats, whoever asks at once.

Every change locks the service's row first, and an offered or taken place takes a row of `Seat`, of which there are
as many as the coach hours carry: the database itself has no room for one more.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from confrere.coaching import actions as coaching
from confrere.service import queries
from confrere.service.actions.preparing import here
from confrere.service.models import Intake, Place, Seat, Service
from confrere.service.queries.counts import SOURCE
from confrere.service.rules import check_intake, check_move
from confrere.service.states import IntakeKind, Order, PlaceState, ServiceState
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor

SERVICE = Actor.system("service")


def ask(service: Service, *, person: int, now: datetime) -> Place:
    """Put a person in the line, and give them a seat at once where one is free; inside the caller's transaction.

    Whoever stands somewhere already, or had a place to its end, keeps that. Refuses while no intake is open, and
    whoever left after their coaching was opened.
    """
    today = days.of(now)
    tidy(service, today=today, now=now)
    place = queries.place_of(service=service, person=person)
    if place is not None and place.state not in {PlaceState.LAPSED, PlaceState.LEFT}:
        return place
    intake = check_intake(queries.current_intake(service, today=today))
    if place is None:
        place = Place(**here(service), service=service, person_id=person, asked_on=today)
    place.intake, place.number = intake, next_number(service)
    change(place, PlaceState.WAITING, now)
    if not _by_lot(service, intake):
        _fill(service, intake, today=today, now=now, asking=place.pk)
        place.refresh_from_db()
    place.told = place.state  # the page that asked says it
    place.save(update_fields=["told"])
    return place


@transaction.atomic
def move_on(*, programme: int, now: datetime) -> None:
    """End offers whose day has passed and places whose time is over; give the seats to those who wait."""
    tidy(queries.required(programme, locked=True), today=days.of(now), now=now)


def tidy(service: Service, *, today: date, now: datetime) -> None:
    """What a new day brings, whoever notices it first; nothing once the service has ended."""
    if service.state != ServiceState.OPEN:
        return
    rows = Place.objects.filter(service=service).order_by("number")
    for place in rows.filter(state=PlaceState.OFFERED, offered_until__lt=today):
        change(place, PlaceState.LAPSED, now)
    for place in rows.filter(state=PlaceState.TAKEN, until__lt=today):
        change(place, PlaceState.DONE, now)
    _carry_over(service, today=today)
    for intake in queries.intakes(service):
        if not _by_lot(service, intake):
            _fill(service, intake, today=today, now=now)


def take(place: Place, *, now: datetime) -> None:
    """Make an offered or asked-for place somebody's own: its days are fixed now, and coaching is granted."""
    service, today = place.service, days.of(now)
    since = max(today, place.intake.starts_on)
    place.since, place.until = since, since + timedelta(days=service.window_days)
    change(place, PlaceState.TAKEN, now, seat=place.seat)
    coaching.grant(
        programme=service.programme_id,
        site=service.site_id,
        person=place.person_id,
        minutes=service.minutes,
        since=days.start(since),
        until=days.start(place.until + timedelta(days=1)),  # the last day is theirs to its end
        source=SOURCE,
        actor=SERVICE,
        now=now,
    )


def change(
    place: Place, state: PlaceState, now: datetime, *, seat: Seat | None = None, until: date | None = None
) -> None:
    """Move a place to another state, with its seat and its deadline, and write it down."""
    if place.state:
        check_move(place, state)
    place.state, place.seat, place.offered_until, place.told = state, seat, until, ""
    place.save()
    audit.record(
        action=f"service.place_{state.value}",
        actor=Actor.person(place.person_id),
        about=f"service place {place.number}",
        programme=place.programme_id,
        kept_as=kept.SERVICE_PLACE,
        now=now,
    )


def next_number(service: Service) -> int:
    """The number behind everyone in the line."""
    last = Place.objects.filter(service=service).aggregate(last=Max("number"))["last"]
    return 1 if last is None else int(last) + 1


def _by_lot(service: Service, intake: Intake) -> bool:
    """Whether the seats of this intake wait for a draw."""
    return service.order == Order.LOTTERY and intake.drawn_on is None


def _carry_over(service: Service, *, today: date) -> None:
    """Whoever waited in vain for a cohort that has begun waits for the next one, in the order in which they stand."""
    coming = next((one for one in queries.intakes(service) if one.starts_on > today), None)
    if service.intake == IntakeKind.COHORTS and coming is not None:
        waiting = Place.objects.filter(service=service, state=PlaceState.WAITING, intake__starts_on__lte=today)
        waiting.update(intake=coming)


def _fill(service: Service, intake: Intake, *, today: date, now: datetime, asking: int | None = None) -> None:
    """Give the free seats of an intake to the first who wait; whoever asks this very moment takes theirs at once.

    A cohort that has begun takes nobody more: its window would be too short.
    """
    if intake.closes_on is not None and intake.starts_on <= today:
        return
    waiting = list(Place.objects.filter(intake=intake, state=PlaceState.WAITING).order_by("number"))
    free = Seat.objects.filter(intake=intake, place__isnull=True).order_by("number")[: len(waiting)]
    for seat, place in zip(free, waiting, strict=False):
        change(place, PlaceState.OFFERED, now, seat=seat, until=_last_day(service, intake, today))
        if place.pk == asking:
            take(place, now=now)


def _last_day(service: Service, intake: Intake, today: date) -> date:
    """Until when an offer stands: some days, and for a cohort no longer than until the day before it starts."""
    until = today + timedelta(days=service.offer_days)
    return until if intake.closes_on is None else min(until, intake.starts_on - timedelta(days=1))

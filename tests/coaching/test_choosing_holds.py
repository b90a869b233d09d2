"""A time is kept for some minutes for whoever is choosing it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions.choosing import HELD_FOR, forget_holds_due
from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Occupied
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    house.offer(person)
    return person, page


def hold(house: House, person: int, page: int, *, start: object = TUESDAY, now: object = NOW) -> object:
    return actions.hold(programme=house.programme, person=person, coach=page, start=start, now=now)  # type: ignore[arg-type]  # moments


def free(house: House, page: int, person: int) -> list[object]:
    within = Span(NOW, NOW + timedelta(days=7))
    return [
        *queries.open_slots(programme=house.programme, coaches=[page], minutes=90, within=within, person=person)[page]
    ]


def test_a_held_time_is_free_for_its_holder_only(house: House, coach: tuple[int, int]) -> None:
    mine, other = house.participant(), house.participant("Ben Adler")
    noted = Payload.objects.count()
    assert hold(house, mine, coach[1]) == NOW + HELD_FOR
    assert Payload.objects.count() == noted  # who looks at what is noted nowhere
    assert TUESDAY in free(house, coach[1], mine)
    assert TUESDAY not in free(house, coach[1], other)
    for verb in (hold, house.book):
        with pytest.raises(Refusal, match="The time was just taken"):
            verb(other, coach[1], TUESDAY) if verb == house.book else hold(house, other, coach[1])
    house.book(mine, coach[1], TUESDAY)
    assert Occupied.objects.filter(booking=None).count() == 0
    assert Occupied.objects.count() == 2


def test_everyone_holds_one_time_and_not_for_long(house: House, coach: tuple[int, int]) -> None:
    mine, other = house.participant(), house.participant("Ben Adler")
    hold(house, mine, coach[1])
    hold(house, mine, coach[1], start=TUESDAY - HALF_HOUR)
    assert {row.during.lower for row in Occupied.objects.all()} == {TUESDAY - HALF_HOUR}
    house.book(other, coach[1], TUESDAY - HALF_HOUR, now=NOW + HELD_FOR)
    assert Occupied.objects.filter(booking=None).count() == 0


def test_the_clock_forgets_holds(house: House, coach: tuple[int, int]) -> None:
    hold(house, house.participant(), coach[1])
    assert actions.forget_holds(now=NOW + HELD_FOR - timedelta(seconds=1)) == 0
    assert actions.forget_holds(now=NOW + HELD_FOR) == 2
    forget_holds_due()


def test_what_cannot_be_booked_cannot_be_held(house: House, coach: tuple[int, int]) -> None:
    with pytest.raises(Refusal, match="No coaching sessions"):
        hold(house, house.participant(granted=False), coach[1])
    with pytest.raises(Refusal, match="There is nothing here"):
        hold(house, house.participant(), 0)
    with pytest.raises(Refusal, match="The time was just taken"):
        hold(house, house.participant(), coach[1], start=TUESDAY + timedelta(days=1))


def test_the_database_keeps_holds_and_bookings_apart(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    booking = house.book(mine, coach[1], TUESDAY)
    row = {"programme_id": house.programme, "site_id": house.site, "during": (NOW, NOW + HALF_HOUR)}
    until = NOW + HELD_FOR
    for bad in (
        {"person_id": mine},
        {"person_id": mine, "holder_id": mine},
        {"person_id": mine, "held_until": until},
        {"person_id": house.person("X"), "booking_id": booking, "holder_id": mine, "held_until": until},
    ):
        with pytest.raises(IntegrityError, match="time_is_booked_or_held"), transaction.atomic():
            Occupied.objects.create(**row, **bad)
    Occupied.objects.create(**row, person_id=mine, holder_id=mine, held_until=until)
    later = {**row, "during": (NOW + HALF_HOUR, NOW + 2 * HALF_HOUR)}
    with pytest.raises(IntegrityError, match="everyone_holds_one_time"), transaction.atomic():
        Occupied.objects.create(**later, person_id=mine, holder_id=mine, held_until=until)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Booking.objects.count() == 1

"""What the database itself refuses: each test writes the bad row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching.models import (
    Acknowledged,
    Booking,
    Coach,
    Entitlement,
    Feed,
    HeldSession,
    Hours,
    Limits,
    Occupied,
    State,
    Waiting,
)

HOUR = timedelta(hours=1)


def booking_row(house: House, **other: Any) -> dict[str, Any]:
    page = other.pop("page", None) or house.coach()[1]
    grant = other.pop("grant", None) or house.grant(house.person("Ama Osei"))
    return {
        "programme_id": house.programme,
        "site_id": house.site,
        "coach_id": page,
        "entitlement_id": grant,
        "k": 1,
        "minutes": 90,
        "during": (TUESDAY, TUESDAY + HOUR),
        "zone": "America/New_York",
        "key": uuid4(),
        "asked_for": TUESDAY,
        "changed_at": NOW,
        **other,
    }


def occupy(house: House, person: int, booking: Booking, start: datetime, end: datetime) -> Occupied:
    return Occupied.objects.create(
        programme_id=house.programme, site_id=house.site, person_id=person, booking=booking, during=(start, end)
    )


def refused_by(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"k": None}, "a_live_booking_has_its_number"),
        ({"k": 0}, "a_live_booking_has_its_number"),
        ({"state": State.CANCELLED}, "a_live_booking_has_its_number"),
        ({"state": "kind of", "k": None}, "booking_state_is_known"),
        ({"coach_said": "He cried."}, "only_known_answers_after_a_session"),
        ({"participant_said": "It helped."}, "only_known_answers_after_a_session"),
        ({"zone": "we spoke of her mother"}, "booking_zone_is_a_name"),
        ({"during": DateTimeTZRange(empty=True)}, "bookings_are_half_open"),
        ({"during": DateTimeTZRange(TUESDAY, TUESDAY + HOUR, "[]")}, "bookings_are_half_open"),
        ({"during": DateTimeTZRange(TUESDAY, None)}, "bookings_are_half_open"),
    ],
)
def test_a_bad_booking_is_refused(house: House, change: dict[str, Any], constraint: str) -> None:
    with refused_by(constraint):
        Booking.objects.create(**booking_row(house, **change))


def test_session_k_is_booked_once(house: House) -> None:
    row = booking_row(house)
    Booking.objects.create(**row)
    with refused_by("a_session_is_booked_once"), transaction.atomic():
        Booking.objects.create(**{**row, "key": uuid4()})
    with refused_by("a_form_books_once"), transaction.atomic():
        Booking.objects.create(**{**row, "k": 2})
    Booking.objects.all().delete()


def test_nobody_is_in_two_places_in_whatever_role(house: House) -> None:
    coach, page = house.coach()
    person = house.person("Ama Osei")
    grant = house.grant(person)
    booking = Booking.objects.create(**booking_row(house, page=page, grant=grant))
    other = Booking.objects.create(
        **booking_row(house, page=page, grant=grant, k=2, during=(TUESDAY + HOUR / 2, TUESDAY + 2 * HOUR))
    )
    occupy(house, coach, booking, TUESDAY, TUESDAY + HOUR)
    occupy(house, person, booking, TUESDAY, TUESDAY + HOUR)
    with refused_by("nobody_is_in_two_places"), transaction.atomic():
        occupy(house, coach, other, TUESDAY + HOUR / 2, TUESDAY + 2 * HOUR)
    Occupied.objects.all().delete()
    Booking.objects.all().delete()


def test_time_is_kept_only_for_a_booking_at_that_time_and_follows_it(house: House) -> None:
    coach, page = house.coach()
    person = house.person("Ama Osei")
    booking = Booking.objects.create(**booking_row(house, page=page, grant=house.grant(person)))
    with refused_by("occupied_follows_its_booking"), transaction.atomic():
        occupy(house, coach, booking, TUESDAY, TUESDAY + 2 * HOUR)
    with refused_by("occupied_is_half_open"), transaction.atomic():
        Occupied.objects.create(
            programme_id=house.programme,
            site_id=house.site,
            person_id=coach,
            booking=booking,
            during=DateTimeTZRange(empty=True),
        )
    for human in (coach, person):
        occupy(house, human, booking, TUESDAY, TUESDAY + HOUR)
    with refused_by("one_row_per_person_and_booking|nobody_is_in_two_places"), transaction.atomic():
        occupy(house, coach, booking, TUESDAY, TUESDAY + HOUR)
    Booking.objects.update(during=(NOW, NOW + HOUR))
    assert {row.during.lower for row in Occupied.objects.all()} == {NOW}


@pytest.mark.parametrize("people", [0, 1, 3])
def test_a_live_booking_keeps_the_time_of_exactly_two_people(house: House, people: int) -> None:
    booking = Booking.objects.create(**booking_row(house))
    for _each in range(people):
        occupy(house, house.person("Somebody"), booking, TUESDAY, TUESDAY + HOUR)
    with refused_by(f"keeps the time of {people} people, not of 2"), transaction.atomic():
        check_now()
    Occupied.objects.all().delete()
    Booking.objects.all().delete()


def test_a_cancelled_booking_keeps_nobodys_time(house: House) -> None:
    booking = Booking.objects.create(**booking_row(house, state=State.CANCELLED, k=None))
    for name in ("Ama Osei", "Ben Adler"):
        occupy(house, house.person(name), booking, TUESDAY, TUESDAY + HOUR)
    with refused_by("keeps the time of 2 people, not of 0"), transaction.atomic():
        check_now()
    Occupied.objects.all().delete()


def check_now() -> None:
    """Fire what the database keeps for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS both_people_or_neither IMMEDIATE")


def test_hours_of_a_coach_do_not_overlap_and_are_half_open(house: House) -> None:
    _person, page = house.coach()
    row = {"programme_id": house.programme, "site_id": house.site, "coach_id": page, "zone": "America/New_York"}
    Hours.objects.create(during=(TUESDAY, TUESDAY + HOUR), **row)
    Hours.objects.create(during=(TUESDAY + HOUR, TUESDAY + 2 * HOUR), **row)
    with refused_by("hours_of_a_coach_do_not_overlap"), transaction.atomic():
        Hours.objects.create(during=(TUESDAY, TUESDAY + HOUR / 2), **row)
    with refused_by("hours_are_half_open"), transaction.atomic():
        Hours.objects.create(during=DateTimeTZRange(empty=True), **row)
    with refused_by("hours_zone_is_a_name"), transaction.atomic():
        Hours.objects.create(during=(NOW, NOW + HOUR), **{**row, "zone": "my time"})


def test_a_coach_has_one_page_and_can_be_reached(house: House) -> None:
    person, _page = house.coach()
    row = {
        "programme_id": house.programme,
        "site_id": house.site,
        "person_id": person,
        "biography": "…",
        "languages": "English",
        "capacity": 1,
    }
    with refused_by("one_page_per_coach"), transaction.atomic():
        Coach.objects.create(phone="+1 555 0100", **row)
    with refused_by("a_coach_can_be_reached"), transaction.atomic():
        Coach.objects.create(**{**row, "person_id": house.person("Noor Haddad")})


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "one_grant_per_source"),
        ({"source": "a friend"}, "entitlement_source_is_known"),
        ({"source": "service", "minutes": []}, "entitlement_has_sessions"),
        ({"source": "service", "until": NOW}, "entitlement_ends_after_it_starts"),
    ],
)
def test_a_bad_entitlement_is_refused(house: House, change: dict[str, Any], constraint: str) -> None:
    person = house.participant()
    row = {
        "programme_id": house.programme,
        "site_id": house.site,
        "person_id": person,
        "source": "trial",
        "minutes": [60],
        "since": NOW,
        "until": NOW + HOUR,
        "granted_at": NOW,
    }
    with refused_by(constraint):
        Entitlement.objects.create(**{**row, **change})


def test_a_session_is_held_once_and_counted_from_one(house: House) -> None:
    grant = house.grant(house.person("Ama Osei"))
    row = {"programme_id": house.programme, "site_id": house.site, "entitlement_id": grant}
    HeldSession.objects.create(k=1, **row)
    with refused_by("a_session_is_held_once"), transaction.atomic():
        HeldSession.objects.create(k=1, **row)
    with refused_by("held_sessions_count_from_one"), transaction.atomic():
        HeldSession.objects.create(k=0, **row)


def test_rows_name_themselves_without_naming_people(house: House) -> None:
    coach, page = house.coach()
    person = house.participant()
    (hours,) = house.offer(coach)
    booking = house.book(person, page, TUESDAY)
    held = HeldSession(entitlement_id=7, k=3)
    assert [str(row) for row in (Coach.objects.get(), Hours.objects.get(), Entitlement.objects.get(), held)] == [
        f"coach {coach}",
        f"hours of coach {page}",
        f"6 sessions of {person}",
        "session 3 of entitlement 7",
    ]
    assert {str(row) for row in Occupied.objects.all()} == {f"time of booking {booking}"}
    assert (str(Booking.objects.get()), hours) == (f"booking {booking}", Hours.objects.get().pk)


def test_what_stands_around_a_session_says_so() -> None:
    assert [
        str(each)
        for each in (
            Waiting(person_id=3, coach_id=4),
            Feed(person_id=3),
            Limits(state="MA", version=2),
            Acknowledged(person_id=3),
        )
    ] == ["person 3 waits for coach 4", "calendar of person 3", "limits MA 2", "limits read by person 3"]

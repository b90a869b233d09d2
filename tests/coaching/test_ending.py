"""Thirty days after its programme nothing is left of who met whom; a hold keeps what it names, and nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.coaching.conftest import NOW, TUESDAY, House, build_house

from confrere.coaching import actions
from confrere.coaching.models import Booking, Coach, Entitlement, HeldSession, Hours, Occupied, Said
from confrere.people import actions as people
from confrere.people.models import Membership
from confrere.vault import actions as vault
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

DAY = timedelta(days=1)
DIRECTOR = Actor.system("test director")
LAST = date(2026, 3, 20)
#: The first round that erases: the 31st day after the last.
ROUND = NOW.replace(month=4, day=20)
TABLES = (Booking, Occupied, HeldSession, Entitlement, Coach, Hours)


@pytest.fixture
def lived(house: House) -> House:
    """One session was held and confirmed, another one is booked; the programme ends on LAST."""
    person, page = house.coach()
    house.offer(person)
    participant = house.participant()
    booking = house.book(participant, page, TUESDAY)
    for one in (person, participant):
        actions.confirm_held(
            programme=house.programme, person=one, booking=booking, said=Said.HAPPENED, now=TUESDAY + DAY
        )
    house.offer(person, on=TUESDAY + 7 * DAY)
    house.book(participant, page, TUESDAY + 7 * DAY)
    people.end_programme(programme=house.programme, ends_on=LAST, now=NOW, actor=DIRECTOR)
    return house


def left() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in TABLES}


def held(house: House, *classes: str) -> int:
    hold = vault.ask_hold(
        programme=house.programme, site=house.site, classes=classes, reason="file 7", person=1, now=NOW
    )
    vault.confirm_hold(programme=house.programme, hold=hold, person=2, now=NOW)
    return hold


def lift(house: House, hold: int) -> None:
    vault.ask_lift(programme=house.programme, hold=hold, person=1, now=NOW)
    vault.lift_hold(programme=house.programme, hold=hold, person=2, now=NOW)


def test_everything_stands_until_the_day_and_nothing_after_it(lived: House) -> None:
    full = left()
    assert all(full.values())
    vault.expire(now=ROUND - DAY)
    assert left() == full
    gone = vault.expire(now=ROUND)
    assert left() == dict.fromkeys(full, 0)
    assert {name: gone[name] for name in ("booking", "held_session", "entitlement", "coach_page")} == {
        "booking": 2,
        "held_session": 1,
        "entitlement": 1,
        "coach_page": 1,
    }


def test_another_programme_and_one_without_a_last_day_stay(lived: House) -> None:
    other = build_house()
    _person, page = other.coach("Ida Holm")
    vault.expire(now=ROUND)
    assert list(Coach.objects.values_list("pk", flat=True)) == [page]


@pytest.mark.parametrize(
    ("classes", "kept"),
    [
        (("booking",), {"Booking", "Occupied", "Entitlement", "Coach"}),
        (("held_session",), {"HeldSession", "Entitlement"}),
        (("entitlement",), {"Entitlement"}),
        (("coach_page",), {"Coach", "Hours"}),
    ],
)
def test_a_hold_keeps_what_it_names_and_what_that_rests_on(
    lived: House, classes: tuple[str, ...], kept: set[str]
) -> None:
    hold = held(lived, *classes)
    vault.expire(now=ROUND)
    assert {name for name, many in left().items() if many} == kept
    lift(lived, hold)
    vault.expire(now=ROUND)
    assert not any(left().values())


def test_under_a_hold_bookings_are_not_reduced_either(lived: House) -> None:
    hold = held(lived, "booking")
    assert actions.settle(now=TUESDAY + 30 * DAY) == 0
    lift(lived, hold)
    assert actions.settle(now=TUESDAY + 30 * DAY) == 2


def test_a_coach_s_page_goes_30_days_after_the_coach(house: House) -> None:
    person, _page = house.coach()
    house.offer(person)
    Membership.objects.filter(user=person).update(until=NOW)
    vault.expire(now=NOW + 30 * DAY)
    assert (Coach.objects.count(), Hours.objects.count()) == (1, 1)
    vault.expire(now=NOW + 30 * DAY + timedelta(seconds=1))
    assert (Coach.objects.count(), Hours.objects.count()) == (0, 0)


def test_a_coach_who_came_back_keeps_the_page(house: House) -> None:
    person, _page = house.coach()
    Membership.objects.filter(user=person).update(until=NOW)
    people.grant_role(person=person, programme=house.programme, role="coach", now=NOW + DAY, actor=DIRECTOR)
    vault.expire(now=NOW + 90 * DAY)
    assert Coach.objects.count() == 1


def test_nobody_ends_early(lived: House) -> None:
    with pytest.raises(Refusal, match="must not have passed"):
        people.end_programme(programme=lived.programme, ends_on=NOW.date() - DAY, now=NOW, actor=DIRECTOR)
    people.end_programme(programme=lived.programme, ends_on=NOW.date(), now=NOW, actor=DIRECTOR)
    with pytest.raises(Refusal, match="Its last day stays"):
        people.end_programme(programme=lived.programme, ends_on=LAST, now=NOW + DAY, actor=DIRECTOR)


@pytest.mark.parametrize("erasing", ["", "yes", "vault_payload"])
def test_not_even_the_owner_deletes_a_held_session_by_hand(
    lived: House, owner: Callable[[], AbstractContextManager[None]], erasing: str
) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('confrere.erasing', %s, true)", [erasing])
        with pytest.raises(ProgrammingError, match="never changed or removed"), transaction.atomic():
            cursor.execute("DELETE FROM coaching_heldsession")


def test_the_function_that_erases_counts_no_day_later_than_the_real_one(lived: House) -> None:
    people.end_programme(programme=lived.programme, ends_on=date(2999, 1, 1), now=NOW, actor=DIRECTOR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coaching_erase_held_sessions('3000-01-01')")
        assert cursor.fetchone() == (0,)
    assert HeldSession.objects.count() == 1

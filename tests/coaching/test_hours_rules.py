"""What a coach asks of bookings: buffer, notice, the most on a day; days away, holidays, another calendar."""

from datetime import date, datetime, timedelta

import pytest
from tests.coaching.conftest import NOW, TUESDAY, ZONE, House

from confrere.coaching import actions, queries
from confrere.coaching.clock import Span, morning
from confrere.coaching.models import BusyTime
from confrere.coaching.queries.hours import offers
from confrere.vault.refusals import Refusal

HALF, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
#: The offered evening: 17:00 to 20:00 in New York.
FIVE = TUESDAY - HALF
EVENING = Span(FIVE, FIVE + 3 * HOUR)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    house.offer(person)
    return person, page


def set_rules(house: House, person: int, *, buffer: int = 0, notice: int = 2, daily: int | None = None) -> None:
    actions.set_rules(programme=house.programme, person=person, buffer=buffer, notice=notice, daily=daily, now=NOW)


def free(house: House, page: int, *, minutes: int = 60, now: datetime = NOW) -> list[datetime]:
    return list(
        queries.open_slots(programme=house.programme, coaches=[page], minutes=minutes, within=EVENING, now=now)[page]
    )


def test_a_buffer_keeps_sessions_apart(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant(), coach[1], FIVE)  # 90 minutes, until 18:30
    assert free(house, coach[1]) == [FIVE + 3 * HALF, FIVE + 4 * HALF]
    set_rules(house, coach[0], buffer=15)
    assert free(house, coach[1]) == [FIVE + timedelta(minutes=105)]
    with pytest.raises(Refusal) as caught:
        house.book(house.participant("Ben Adler"), coach[1], FIVE + 3 * HALF)
    assert caught.value.sentence.startswith("The time was just taken")


def test_a_start_that_was_shown_before_somebody_booked_nearby_still_counts(
    house: House, coach: tuple[int, int]
) -> None:
    set_rules(house, coach[0], buffer=10)
    house.book(house.participant(), coach[1], FIVE)  # the next start moves to 18:40
    assert free(house, coach[1]) == [FIVE + timedelta(minutes=100)]
    nineteen = Span(FIVE + 2 * HOUR, EVENING.end)
    assert offers(programme=house.programme, coach=coach[1], span=nineteen, now=NOW)
    odd = Span(FIVE + timedelta(minutes=107), FIVE + timedelta(minutes=167))
    assert not offers(programme=house.programme, coach=coach[1], span=odd, now=NOW)


def test_notice_is_the_coachs(house: House, coach: tuple[int, int]) -> None:
    assert len(free(house, coach[1])) == 5
    set_rules(house, coach[0], notice=48)
    assert free(house, coach[1]) == []
    with pytest.raises(Refusal):
        house.book(house.participant(), coach[1], FIVE)
    assert len(free(house, coach[1], now=FIVE - 2 * DAY)) == 5


def test_the_most_on_a_day_counts_by_the_coachs_clock(house: House, coach: tuple[int, int]) -> None:
    set_rules(house, coach[0], daily=1)
    assert len(free(house, coach[1])) == 5
    person = house.participant()
    booking = house.book(person, coach[1], FIVE)
    assert free(house, coach[1]) == []
    # The session itself may move on its day.
    actions.move(programme=house.programme, person=person, booking=booking, start=FIVE + HALF, now=NOW)
    with pytest.raises(Refusal):
        house.book(house.participant("Ben Adler"), coach[1], FIVE + 4 * HALF)


def test_days_away_and_holidays_are_not_offered(house: House, coach: tuple[int, int]) -> None:
    away = {"programme": house.programme, "first": date(2026, 3, 3), "last": date(2026, 3, 3), "zone": ZONE, "now": NOW}
    number = actions.go_away(person=coach[0], **away)
    assert free(house, coach[1]) == []
    with pytest.raises(Refusal):
        actions.come_back(programme=house.programme, person=house.coach("Noor Haddad")[0], away=number, now=NOW)
    with pytest.raises(Refusal):
        actions.open_for_all(programme=house.programme, person=coach[0], away=number, now=NOW)
    actions.come_back(programme=house.programme, person=coach[0], away=number, now=NOW)
    assert len(free(house, coach[1])) == 5
    staff = house.person("Cora Nunez", "coordinator")
    number = actions.close_for_all(site=house.site, person=staff, **away)
    assert free(house, coach[1]) == []
    assert [row.first for row in queries.away(programme=house.programme, person=None, now=NOW)] == [date(2026, 3, 3)]
    with pytest.raises(Refusal):
        actions.come_back(programme=house.programme, person=coach[0], away=number, now=NOW)
    actions.open_for_all(programme=house.programme, person=staff, away=number, now=NOW)
    assert len(free(house, coach[1])) == 5


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2026, 3, 3), date(2026, 3, 2), "The last day is the first one or a later one, within a year."),
        (date(2026, 3, 3), date(2027, 3, 30), "The last day is the first one or a later one, within a year."),
        (date(2026, 2, 3), date(2026, 2, 3), "These days have passed."),
    ],
)
def test_days_that_cannot_be_away_are_refused(
    house: House, coach: tuple[int, int], first: date, last: date, sentence: str
) -> None:
    with pytest.raises(Refusal) as caught:
        actions.go_away(programme=house.programme, person=coach[0], first=first, last=last, zone=ZONE, now=NOW)
    assert caught.value.sentence == sentence


def test_rules_need_a_page(house: House) -> None:
    with pytest.raises(Refusal):
        set_rules(house, house.person("Noor Haddad", "coach"))


def test_another_calendar_is_in_the_way(house: House, coach: tuple[int, int]) -> None:
    BusyTime.objects.create(
        programme_id=house.programme,
        site_id=house.site,
        coach_id=coach[1],
        during=(FIVE, FIVE + 2 * HOUR),
    )
    assert free(house, coach[1]) == [FIVE + 2 * HOUR]
    with pytest.raises(Refusal):
        house.book(house.participant(), coach[1], FIVE)


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        (date(2026, 3, 3), "America/New_York", "2026-03-03T05:00+00:00"),
        (date(2024, 3, 10), "America/Havana", "2024-03-10T05:00+00:00"),  # the clocks jump over midnight
        (date(2024, 11, 3), "America/Havana", "2024-11-03T04:00+00:00"),  # midnight comes twice
    ],
)
def test_a_day_begins_with_its_first_moment(day: date, zone: str, instant: str) -> None:
    assert morning(day, zone=zone) == datetime.fromisoformat(instant)

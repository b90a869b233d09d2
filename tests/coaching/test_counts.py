"""Counts for the trial and the coordinator's list."""

from datetime import timedelta

from tests.coaching.conftest import NOW, TUESDAY, House, build_house

from confrere.coaching import actions, queries
from confrere.coaching.models import Said
from confrere.coaching.queries import Delivered, Waiting

DAY = timedelta(days=1)


def test_delivered_counts_sessions_and_minutes_and_knows_no_coach(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    mine, other = house.participant(), house.participant("Ben Adler")
    booking = house.book(mine, page, TUESDAY)
    for person in (mine, coach):
        actions.confirm_held(
            programme=house.programme, person=person, booking=booking, said=Said.HAPPENED, now=TUESDAY + DAY
        )
    assert queries.delivered(programme=house.programme) == {
        mine: Delivered(granted=6, held=1, minutes=90),
        other: Delivered(granted=6, held=0, minutes=0),
    }
    assert queries.delivered(programme=house.programme, source="service") == {}


def test_the_list_of_those_who_have_not_booked(house: House) -> None:
    coach, page = house.coach()
    house.offer(coach)
    late, booked = house.participant("Zoe Kim"), house.participant("Ben Adler")
    booking = house.book(booked, page, TUESDAY)
    actions.cancel(programme=house.programme, person=booked, booking=booking, now=NOW)
    actions.settle(now=NOW + 30 * DAY)
    since = NOW - DAY
    expected = {0: [], 5: [], 6: [7], 12: [7], 13: [14], 20: [21], 89: [21], 90: []}
    found = {
        after: [each.days for each in queries.unbooked(programme=house.programme, now=NOW + after * DAY)]
        for after in expected
    }
    assert found == expected
    assert queries.unbooked(programme=house.programme, now=NOW + 6 * DAY) == [
        Waiting(person=late, name="Zoe Kim", since=since, days=7)
    ]
    assert queries.unbooked(programme=build_house().programme, now=NOW + 6 * DAY) == []

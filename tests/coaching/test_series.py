"""Several sessions by one form, at the same time on the wall: all, or none and which clash."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.coaching.conftest import MINUTES, NOW, TUESDAY, ZONE, House

from confrere.coaching import actions
from confrere.coaching.models import Booking, Occupied
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

WEEK = timedelta(days=7)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    """Hours on six Tuesdays, from the last week of winter time on."""
    person, page = house.coach()
    actions.offer_hours(
        programme=house.programme,
        person=person,
        on=TUESDAY.date(),
        starts=time(17),
        ends=time(20),
        zone=ZONE,
        weeks=6,
        now=NOW,
    )
    return person, page


def book(
    house: House,
    person: int,
    page: int,
    *,
    times: int,
    weeks: int = 1,
    key: UUID | None = None,
    start: datetime = TUESDAY,
) -> int:
    return actions.book(
        programme=house.programme,
        person=person,
        coach=page,
        start=start,
        key=key or uuid4(),
        times=times,
        weeks=weeks,
        now=NOW,
    )


def test_tuesdays_at_half_past_five_five_times(house: House, coach: tuple[int, int]) -> None:
    first = book(house, house.participant(), coach[1], times=5)
    rows = list(Booking.objects.order_by("during"))
    assert rows[0].pk == first
    assert [(row.k, row.minutes) for row in rows] == [(k, MINUTES[k - 1]) for k in range(1, 6)]
    walls = [row.during.lower.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) for row in rows]
    assert walls == [
        TUESDAY.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) + each * WEEK for each in range(5)
    ]  # the clocks change on 8 March
    assert [row.during.upper - row.during.lower for row in rows] == [timedelta(minutes=m) for m in MINUTES[:5]]
    assert Occupied.objects.count() == 10


def test_one_clash_books_nothing_and_every_clash_is_named(house: House, coach: tuple[int, int]) -> None:
    other, mine = house.participant("Ben Adler"), house.participant()
    book(house, other, coach[1], times=2, start=TUESDAY + WEEK - timedelta(hours=1))
    elsewhere, page = house.coach("Noor Haddad")
    house.offer(elsewhere, on=TUESDAY + 3 * WEEK)
    house.grant(coach[0])  # coached as well, and met by nobody else then
    before = Booking.objects.count()
    with pytest.raises(Refusal) as no:
        book(house, mine, coach[1], times=4)
    assert no.value.sentence == (
        "Nothing was booked, because not every time is free. Tue 10 March, 17:30: Your coach is not free then. "
        "Tue 17 March, 17:30: Your coach is not free then."
    )
    assert Booking.objects.count() == before
    assert page


def test_ones_own_appointment_is_named_as_well(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    person, page = house.coach("Noor Haddad")
    house.offer(person, on=TUESDAY + 2 * WEEK)
    book(house, mine, coach[1], times=1)
    book(house, mine, page, times=1, start=TUESDAY + 2 * WEEK - timedelta(hours=1))
    with pytest.raises(Refusal, match="Tue 17 March, 17:30: You already have an appointment at that time"):
        book(house, mine, coach[1], times=2, start=TUESDAY + WEEK - timedelta(hours=1))
    with pytest.raises(Refusal, match="You already have an appointment at that time"):
        book(house, mine, coach[1], times=1, start=TUESDAY + 2 * WEEK - timedelta(hours=1))


def test_the_same_form_again_is_the_same_series_and_another_is_refused(house: House, coach: tuple[int, int]) -> None:
    mine, key = house.participant(), uuid4()
    first = book(house, mine, coach[1], times=3, key=key)
    assert book(house, mine, coach[1], times=3, key=key) == first
    for other in ({"times": 2}, {"times": 3, "weeks": 2}, {"times": 3, "start": TUESDAY + WEEK}):
        with pytest.raises(Refusal) as no:
            book(house, mine, coach[1], key=key, **other)  # type: ignore[arg-type]  # a table of what differs
        assert no.value.status == 422
    assert Booking.objects.count() == 3


def test_a_form_sent_again_with_a_rhythm_into_an_hour_that_comes_twice_is_another_form(house: House) -> None:
    now = datetime(2026, 9, 21, 14, tzinfo=UTC)
    start = datetime(2026, 10, 4, 5, 30, tzinfo=UTC)  # 01:30 in New York; four weeks later that comes twice
    person, page = house.coach()
    asked = {"programme": house.programme, "person": person, "on": date(2026, 10, 4), "zone": ZONE, "now": now}
    actions.offer_hours(**asked, starts=time(1), ends=time(6), weeks=2)  # type: ignore[arg-type]  # what is alike
    mine, key = house.participant(granted=False), uuid4()
    give(house, mine, now=now)
    form = {"programme": house.programme, "person": mine, "coach": page, "start": start, "key": key, "now": now}
    actions.book(**form, times=2, weeks=1)  # type: ignore[arg-type]  # one form
    with pytest.raises(Refusal) as no:
        actions.book(**form, times=2, weeks=4)  # type: ignore[arg-type]  # the same form
    assert no.value.status == 422


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"times": 0}, "Choose how often from the list."),
        ({"times": 13}, "Choose how often from the list."),
        ({"times": 2, "weeks": 5}, "Choose how often from the list."),
        ({"times": 7}, "Only 6 sessions are left to book."),
    ],
)
def test_what_no_form_offers_is_refused(
    house: House, coach: tuple[int, int], asked: dict[str, int], sentence: str
) -> None:
    with pytest.raises(Refusal) as no:
        book(house, house.participant(), coach[1], **asked)  # type: ignore[arg-type]  # a table of numbers
    assert (no.value.status, no.value.sentence) == (422, sentence)


def test_a_series_into_the_night_without_that_hour_says_which(house: House) -> None:
    start, now = datetime(2026, 3, 1, 7, 30, tzinfo=UTC), NOW - WEEK  # 02:30 in New York, a week before the gap
    person, page = house.coach()
    asked = {"programme": house.programme, "person": person, "on": date(2026, 3, 1), "zone": ZONE, "now": now}
    actions.offer_hours(**asked, starts=time(1), ends=time(6))  # type: ignore[arg-type]  # what is alike
    mine = house.participant(granted=False)
    give(house, mine, now=now)
    with pytest.raises(Refusal, match="On Sun 8 March 2026 the clocks change, and 02:30 is no clear time"):
        actions.book(programme=house.programme, person=mine, coach=page, start=start, key=uuid4(), times=2, now=now)
    assert not Booking.objects.exists()


def give(house: House, person: int, *, now: datetime) -> None:
    """Two sessions of an hour, from then on."""
    actions.grant(
        programme=house.programme,
        site=house.site,
        person=person,
        minutes=[60, 60],
        since=now,
        until=now + timedelta(days=90),
        actor=Actor.system("test"),
        now=now,
    )

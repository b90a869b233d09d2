"""Letters about appointments: an entry for the calendar, a reminder, and nothing that says what it is."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions
from confrere.coaching.actions.reminding import remind_due
from confrere.coaching.models import Booking
from confrere.people.models import User
from confrere.post.models import Letter

NEUTRAL = re.compile(r"coach|session|Lindqvist|Osei|peer|Kiser", re.IGNORECASE)
#: A week after the booking, so that it is worth a reminder.
LATER = TUESDAY + timedelta(days=7)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    for week in (0, 1):
        house.offer(person, on=TUESDAY + timedelta(days=7 * week))
    return person, page


def lines(letter: Letter) -> dict[str, str]:
    """The entry as the recipient's program reads it: folded lines joined."""
    text = letter.calendar.replace("\r\n ", "")
    return dict(line.split(":", 1) for line in text.split("\r\n") if ":" in line)


def test_both_get_an_entry_that_a_move_and_a_cancellation_replace(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    booking = house.book(mine, coach[1], TUESDAY + timedelta(days=7))
    actions.move(
        programme=house.programme,
        person=mine,
        booking=booking,
        start=LATER - timedelta(minutes=30),
        now=NOW + timedelta(1),
    )
    actions.cancel(programme=house.programme, person=mine, booking=booking, now=NOW + timedelta(2))
    addresses = set(User.objects.filter(pk__in=[mine, coach[0]]).values_list("email", flat=True))
    letters = list(Letter.objects.order_by("pk"))
    found = [lines(each) for each in letters]
    assert [(each["METHOD"], each["SEQUENCE"], each["STATUS"]) for each in found] == [
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("CANCEL", "2", "CANCELLED"),
        ("CANCEL", "2", "CANCELLED"),
    ]
    assert {each["UID"].partition("@")[2] for each in found} == {settings.HOST}
    assert len({each["UID"] for each in found}) == 1
    assert [each["DTSTART"] for each in found[::2]] == ["20260310T223000Z", "20260310T220000Z", "20260310T220000Z"]
    assert {each["SUMMARY"] for each in found} == {"Appointment"}
    for letter, entry in zip(letters, found, strict=True):
        assert entry["ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE"] == f"mailto:{letter.to}"
        neutral = letter.calendar.replace("\r\n ", "").replace(letter.to, "")
        assert NEUTRAL.findall(neutral + letter.body + letter.subject) == []
        assert {letter.to} <= addresses


def test_an_hour_of_the_other_clock_is_the_same_instant(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant(), coach[1], TUESDAY)
    assert lines(Letter.objects.all()[0])["DTSTART"] == "20260303T223000Z"  # still winter time in New York


def test_both_are_reminded_once_without_a_link(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    booking = house.book(mine, coach[1], TUESDAY + timedelta(days=7))
    Letter.objects.all().delete()
    start = Booking.objects.get().during.lower
    assert actions.remind(now=start - timedelta(hours=25)) == 0
    assert actions.remind(now=start - timedelta(hours=24)) == 1
    assert actions.remind(now=start - timedelta(hours=23)) == 0
    letters = list(Letter.objects.all())
    assert len(letters) == 2
    for letter in letters:
        assert (letter.subject, letter.calendar, "http" in letter.body) == ("Appointment", "", False)
        assert f"type {settings.HOST}, and sign in" in letter.body
        assert NEUTRAL.findall(letter.body) == []
    assert Booking.objects.get(pk=booking).reminded


def test_a_moved_one_is_reminded_of_again_and_a_fresh_one_not_at_all(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    booking = house.book(mine, coach[1], LATER)
    actions.remind(now=LATER - timedelta(hours=24))
    actions.move(
        programme=house.programme,
        person=mine,
        booking=booking,
        start=LATER - timedelta(minutes=30),
        now=LATER - timedelta(hours=24),
    )
    assert not Booking.objects.get().reminded
    Letter.objects.all().delete()
    assert actions.remind(now=LATER - timedelta(hours=20)) == 0  # they moved it four hours ago
    assert Letter.objects.count() == 0
    assert Booking.objects.get().reminded
    remind_due()


def test_what_is_cancelled_is_not_reminded_of(house: House, coach: tuple[int, int]) -> None:
    mine = house.participant()
    booking = house.book(mine, coach[1], LATER)
    actions.cancel(programme=house.programme, person=mine, booking=booking, now=NOW)
    assert actions.remind(now=LATER - timedelta(hours=20)) == 0

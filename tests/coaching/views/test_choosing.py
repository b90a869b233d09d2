from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.coaching.conftest import TUESDAY, House
from tests.coaching.views.browser import WEEK, Browser, at, key_of, text

from confrere.coaching import actions
from confrere.coaching.models import Booking


def test_from_home_to_a_booked_session_in_four_taps(visitor: Browser, coach: tuple[int, int]) -> None:
    home = visitor.get()
    assert "6 of 6 sessions left, until 31 May 2026." in text(home)
    assert f'href="{visitor.root}coaches/"' in home.content.decode()  # first tap
    coaches = visitor.get("coaches/")
    assert "Next free: Tue 3 March, 17:00, your clock. English, Swedish." in text(coaches)
    assert f'href="{visitor.root}coaches/{coach[1]}/"' in coaches.content.decode()  # second
    page = visitor.get(f"coaches/{coach[1]}/")
    assert "Session 1, 90 minutes" in text(page)
    assert f'value="{TUESDAY.isoformat()}"' in page.content.decode()  # third: choose; fourth: book
    booked = visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=key_of(page))
    booking = Booking.objects.get()
    assert (booked.status_code, booked.headers["Location"]) == (302, f"{visitor.root}sessions/{booking.pk}/")
    session = visitor.get(f"sessions/{booking.pk}/")
    assert text(session).startswith("Tue 3 March, 17:30 to 19:00 Session 1, 90 minutes, with Eva Lindqvist")
    home = visitor.get()
    assert "5 of 6 sessions left" in text(home)
    assert "Book session 2" in text(home)
    assert "Session 1, 90 minutes, with Eva Lindqvist" in text(home)


READS = ("SELECT", "(SELECT")


def test_nobody_can_tell_who_looked(visitor: Browser, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(10) as seen:
        visitor.get("coaches/")
    assert [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(READS)] == []


@pytest.mark.parametrize("path", ["", "coaches/", "coaches/{page}/"])
def test_a_page_asks_as_often_for_three_coaches_as_for_one(
    house: House, visitor: Browser, coach: tuple[int, int], path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = path.format(page=coach[1])
    with CaptureQueriesContext(connection) as one:
        visitor.get(address)
    for name in ("Noor Haddad", "Ben Adler"):
        house.offer(house.coach(name)[0])
    with CaptureQueriesContext(connection) as three:
        visitor.get(address)
    assert len(one) == len(three) <= 12


def test_without_a_grant_the_pages_say_so(house: House, coach: tuple[int, int]) -> None:
    stranger = Browser(house, house.participant("Ben Adler", granted=False))
    sentence = "No coaching sessions have been granted to you in this programme yet."
    for path in ("", "coaches/", f"coaches/{coach[1]}/"):
        assert sentence in text(stranger.get(path))
    answer = stranger.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    assert (answer.status_code, sentence in text(answer)) == (409, True)


def test_a_programme_without_coaches_says_what_will_be_here(house: House) -> None:
    assert "No coach yet" in text(Browser(house, house.participant()).get("coaches/"))


def test_a_full_coach_and_one_without_hours_are_shown_as_such(house: House, visitor: Browser) -> None:
    house.coach("Noor Haddad")
    busy, page = house.coach("Zoe Kim", capacity=1)
    house.offer(busy)
    house.book(house.participant("Ben Adler"), page, TUESDAY)
    words = text(visitor.get("coaches/"))
    assert "Zoe Kim Transitions Takes no new participants at the moment." in words
    assert "Noor Haddad Transitions No free time at the moment." in words
    assert "This coach takes no new participants" in text(visitor.get(f"coaches/{page}/"))


def test_a_coach_whose_hours_are_full_has_no_free_time(house: House, visitor: Browser) -> None:
    _person, page = house.coach("Noor Haddad")
    assert "This coach offers no hour in which your next session could be." in text(visitor.get(f"coaches/{page}/"))


def test_a_first_session_that_fits_nowhere_before_the_second_has_no_time(
    house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = house.book(visitor.person, coach[1], TUESDAY - timedelta(minutes=30))
    house.book(visitor.person, coach[1], TUESDAY + timedelta(hours=1))
    shortly = TUESDAY - timedelta(hours=1)
    actions.cancel(programme=house.programme, person=coach[0], booking=first, now=shortly)
    at(shortly, monkeypatch)
    visitor.sign_in()
    for path in ("coaches/", f"coaches/{coach[1]}/"):
        assert "o free time" in text(visitor.get(path))


def test_a_time_that_was_just_taken_keeps_the_page_and_names_the_next(
    house: House, visitor: Browser, coach: tuple[int, int]
) -> None:
    house.book(house.participant("Ben Adler"), coach[1], TUESDAY)
    answer = visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    assert answer.status_code == 409
    assert "The time was just taken; these are free: Tue 10 March, 17:00; Tue 10 March, 17:30;" in text(answer)
    assert "Book this time" in text(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"key": str(uuid4())}, "Choose a time."),
        ({"start": "soon", "key": str(uuid4())}, "Choose a time."),
        ({"start": "0001-01-01T00:00:00Z", "key": str(uuid4())}, "Choose a time."),
        ({"start": "9999-12-31T23:59:59-14:00", "key": str(uuid4())}, "Choose a time."),
        ({"start": TUESDAY.isoformat()}, "Open this page again."),
    ],
)
def test_a_form_with_something_missing_says_what(
    visitor: Browser, coach: tuple[int, int], typed: dict[str, str], sentence: str
) -> None:
    answer = visitor.post(f"coaches/{coach[1]}/", **typed)
    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_the_same_form_twice_is_one_booking_and_another_body_under_it_422(
    visitor: Browser, coach: tuple[int, int]
) -> None:
    key = uuid4()
    path = f"coaches/{coach[1]}/"
    first = visitor.post(path, start=TUESDAY.isoformat(), key=key)
    again = visitor.post(path, start=TUESDAY.isoformat(), key=key)
    assert first.headers["Location"] == again.headers["Location"]
    other = visitor.post(path, start=(TUESDAY + WEEK).isoformat(), key=key)
    assert (other.status_code, Booking.objects.count()) == (422, 1)


def test_a_start_far_from_utc_is_the_same_instant(visitor: Browser, coach: tuple[int, int]) -> None:
    far = TUESDAY.astimezone(timezone.get_fixed_timezone(timedelta(hours=23, minutes=59)))
    answer = visitor.post(f"coaches/{coach[1]}/", start=far.isoformat(), key=uuid4())
    assert (answer.status_code, Booking.objects.get().during.lower) == (302, TUESDAY)


def test_weeks_lead_back_and_forth(visitor: Browser, coach: tuple[int, int]) -> None:
    first = visitor.get(f"coaches/{coach[1]}/").content.decode()
    assert ("?week=2026-03-09" in first, "Earlier times" in first) == (True, False)
    second = visitor.get(f"coaches/{coach[1]}/?week=2026-03-09").content.decode()
    assert ("?week=2026-03-02" in second, "Later times" in second) == (True, False)
    one_day = text(visitor.get(f"coaches/{coach[1]}/?day=2026-03-10"))
    assert "Tuesday 10 March" in one_day
    for week in ("nonsense", "0001-01-01", "9999-12-31"):
        assert "Tuesday 3 March" in text(visitor.get(f"coaches/{coach[1]}/?week={week}"))

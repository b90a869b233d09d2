"""Every page of the room, through HTTP, as its people."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.coaching.conftest import NOW, TUESDAY, ZONE, House, build_house

from confrere.coaching import actions, queries
from confrere.coaching.models import Booking, Coach, Hours, Said, State
from confrere.people.models import Programme, User

WEEK = timedelta(days=7)
NOTHING_HERE = "There is nothing here, or it is not yours to open."


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock at the edge, where it is read."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


class Browser:
    """A person who is signed in, in one programme's coaching."""

    def __init__(self, house: House, person: int) -> None:
        self.client = Client()
        self.person = person
        self.sign_in()
        self.root = f"/p/{Programme.objects.get(pk=house.programme).slug}/coaching/"

    def sign_in(self) -> None:
        """At first, and again when the clock has run past the session's end."""
        self.client.force_login(User.objects.get(pk=self.person))

    def get(self, path: str = "") -> HttpResponse:
        return self.client.get(self.root + path)

    def post(self, path: str, **typed: object) -> HttpResponse:
        return self.client.post(self.root + path, typed)


def text(response: HttpResponse) -> str:
    """The words of the page's main part, without tags and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).replace("&#x27;", "'").split())


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    for week in range(2):
        house.offer(person, on=TUESDAY + week * WEEK)
    return person, page


@pytest.fixture
def visitor(house: House, coach: tuple[int, int]) -> Browser:
    return Browser(house, house.participant())


def key_of(response: HttpResponse) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


# A participant


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


def test_nobody_can_tell_who_looked(visitor: Browser, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(9) as seen:
        visitor.get("coaches/")
    assert [query["sql"] for query in seen.captured_queries if not query["sql"].startswith("SELECT")] == []


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
    assert len(one) == len(three) <= 9


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


@pytest.mark.parametrize("path", ["coaches/0/", "sessions/0/", "sessions/0/move/", "sessions/0/cancel/"])
def test_what_does_not_exist_is_404(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, NOTHING_HERE in text(answer)) == (404, True)


def test_what_belongs_to_others_is_the_same_404(house: House, visitor: Browser, coach: tuple[int, int]) -> None:
    booking = house.book(house.participant("Ben Adler"), coach[1], TUESDAY)
    elsewhere = build_house().coach()[1]
    paths = (f"coaches/{elsewhere}/", *(f"sessions/{booking}/{verb}" for verb in ("", "move/", "cancel/")))
    none = visitor.get("sessions/0/")
    for path in paths:
        answer = visitor.get(path)
        assert (answer.status_code, text(answer)) == (none.status_code, text(none))
    for path, typed in (
        (f"coaches/{elsewhere}/", {"start": TUESDAY.isoformat(), "key": uuid4()}),
        (f"sessions/{booking}/said/", {"said": "happened"}),
        (f"sessions/{booking}/move/", {"start": TUESDAY.isoformat(), "key": uuid4()}),
        (f"sessions/{booking}/cancel/", {}),
    ):
        answer = visitor.post(path, **typed)
        assert (answer.status_code, text(answer)) == (none.status_code, text(none))


def test_a_session_is_moved(visitor: Browser, coach: tuple[int, int]) -> None:
    visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    booking = Booking.objects.get()
    path = f"sessions/{booking.pk}/move/"
    page = visitor.get(path)
    assert "Move Tue 3 March, 17:30" in text(page)
    later = TUESDAY - timedelta(minutes=30)
    assert f'value="{TUESDAY.isoformat()}"' not in page.content.decode()
    assert visitor.post(path, key=uuid4()).status_code == 422
    taken = visitor.post(path, start=(TUESDAY + timedelta(days=1)).isoformat(), key=uuid4())
    assert (taken.status_code, "Not moved The time was just taken" in text(taken)) == (409, True)
    answer = visitor.post(path, start=later.isoformat(), key=key_of(page))
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert booking.during.lower == later


def test_a_session_without_another_time_says_so(house: House) -> None:
    person, page = house.coach("Noor Haddad")
    house.offer(person, ends=time(18, 30))
    mine = house.participant()
    booking = house.book(mine, page, TUESDAY - timedelta(minutes=30))
    assert "No other free time" in text(Browser(house, mine).get(f"sessions/{booking}/move/"))


def test_a_session_is_cancelled_after_one_question(visitor: Browser, coach: tuple[int, int]) -> None:
    visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    booking = Booking.objects.get()
    assert "Cancel Tue 3 March, 17:30?" in text(visitor.get(f"sessions/{booking.pk}/cancel/"))
    visitor.post(f"sessions/{booking.pk}/cancel/")
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    page = text(visitor.get(f"sessions/{booking.pk}/"))
    assert page.startswith("Tue 3 March, 17:30 to 19:00 With Eva Lindqvist")
    assert "Cancelled Nothing is left to do here." in page
    moved = visitor.post(f"sessions/{booking.pk}/move/", start=TUESDAY.isoformat(), key=uuid4())
    assert (moved.status_code, "This session is no longer booked." in text(moved)) == (409, True)


def test_shortly_before_the_page_says_why_nothing_can_be_changed(
    visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    at(TUESDAY - timedelta(hours=3), monkeypatch)
    visitor.sign_in()
    page = text(visitor.get(f"sessions/{Booking.objects.get().pk}/"))
    assert "A session can be moved or cancelled until 24 hours before." in page
    assert "Move it" not in page


def test_after_the_session_one_tap_of_each(
    house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post(f"coaches/{coach[1]}/", start=TUESDAY.isoformat(), key=uuid4())
    booking = Booking.objects.get()
    at(TUESDAY + timedelta(hours=2), monkeypatch)
    visitor.sign_in()
    path = f"sessions/{booking.pk}/"
    assert "Did it take place?" in text(visitor.get(path))
    assert visitor.post(f"{path}said/", said="nonsense").status_code == 422
    assert visitor.post(f"{path}said/", said="happened").status_code == 302
    assert "You said: It happened." in text(visitor.get(path))
    other = Browser(house, coach[0])
    assert "You said" not in text(other.get(path))
    other.post(f"{path}said/", said="happened")
    booking.refresh_from_db()
    assert booking.state == State.HELD
    assert "Held Nothing is left to do here." in text(other.get(path))


# A coach


def test_a_coach_writes_a_page_and_offers_hours(house: House) -> None:
    person = house.person("Noor Haddad", "coach")
    browser = Browser(house, person)
    assert "Write your page" in text(browser.get("calendar/"))
    typed = {"biography": "Surgeon.", "languages": "English", "phone": "+1 555 0100", "capacity": 3}
    wrong = browser.post("page/", **{**typed, "phone": ""})
    assert (wrong.status_code, "Give a video link or a telephone number" in text(wrong)) == (422, True)
    assert "Surgeon." in wrong.content.decode()
    assert browser.post("page/", **{**typed, "capacity": ""}).status_code == 422
    assert browser.post("page/", **typed).status_code == 302
    assert (Coach.objects.get().phone, Coach.objects.get().capacity) == ("+1 555 0100", 3)
    assert "Surgeon." in browser.get("page/").content.decode()
    assert "No hours yet" in text(browser.get("hours/"))
    hours = {"on": "2026-03-03", "starts": "17:00", "ends": "20:00", "zone": ZONE, "weeks": 4}
    assert browser.post("hours/", **hours).status_code == 302
    assert Hours.objects.count() == 4
    assert "Tue 10 March 17:00 – 20:00 every week Withdraw" in text(browser.get("hours/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"zone": "Here/There"}, "There is no such clock."),
        ({"starts": ""}, "This field is required."),
        ({"on": "9999-12-31"}, "Choose a nearer day."),
        ({"on": "2026-03-08", "starts": "02:30", "ends": "04:00"}, "02:30 does not exist on Sun 8 March 2026"),
        ({"on": "2026-11-01", "starts": "01:30", "ends": "04:00"}, "01:30 comes twice on Sun 1 November 2026"),
    ],
)
def test_hours_that_are_unclear_are_asked_about_and_kept_as_typed(
    house: House, coach: tuple[int, int], typed: dict[str, str], sentence: str
) -> None:
    hours = {"on": "2026-03-05", "starts": "17:00", "ends": "20:00", "zone": ZONE, "weeks": 1, **typed}
    answer = Browser(house, coach[0]).post("hours/", **hours)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert ("The first, before the clocks go back" in text(answer)) == ("twice" in sentence)
    assert f'value="{hours["ends"]}' in answer.content.decode()


@pytest.mark.parametrize(("fold", "utc"), [(0, "05:30"), (1, "06:30")])
def test_the_answer_to_first_or_second_counts(house: House, coach: tuple[int, int], fold: int, utc: str) -> None:
    Hours.objects.all().delete()
    typed = {"on": "2026-11-01", "starts": "01:30", "ends": "04:00", "zone": ZONE, "weeks": 1, "fold": fold}
    assert Browser(house, coach[0]).post("hours/", **typed).status_code == 302
    assert f"{Hours.objects.get().during.lower:%H:%M}" == utc


def test_a_video_link_is_no_longer_than_there_is_room_for(house: House) -> None:
    typed = {
        "biography": "Two sentences.",
        "languages": "English",
        "capacity": 7,
        "video_link": f"https://x.org/{'x' * 200}",
    }
    answer = Browser(house, house.coach()[0]).post("page/", **typed)
    assert (answer.status_code, "at most 200 characters" in text(answer)) == (422, True)


def test_hours_are_withdrawn_one_or_all_later_ones(house: House) -> None:
    person = house.coach()[0]
    browser = Browser(house, person)
    browser.post("hours/", on="2026-03-03", starts="17:00", ends="20:00", zone=ZONE, weeks=4)
    first, second, *_rest = queries.hours_of(programme=house.programme, person=person, now=NOW)
    assert "Withdraw Tue 3 March, 17:00?" in text(browser.get(f"hours/{first.hours}/withdraw/"))
    browser.post(f"hours/{first.hours}/withdraw/")
    assert Hours.objects.count() == 3
    browser.post(f"hours/{second.hours}/withdraw/", which="series")
    assert Hours.objects.count() == 0
    assert browser.get(f"hours/{first.hours}/withdraw/").status_code == 404


def test_the_calendar_shows_who_comes_when(house: House, coach: tuple[int, int]) -> None:
    house.book(house.participant(), coach[1], TUESDAY)
    assert "Tue 3 March, 17:30 to 19:00 Session 1 with Ama Osei" in text(Browser(house, coach[0]).get("calendar/"))


def test_a_coach_sees_the_own_room_as_text_and_cannot_move(house: House, coach: tuple[int, int]) -> None:
    booking = house.book(house.participant(), coach[1], TUESDAY)
    page = text(Browser(house, coach[0]).get(f"sessions/{booking}/"))
    assert "https://video.example.org/room" in page
    assert ("Move it" in page, "Cancel it" in page) == (False, True)


# A coordinator


def test_the_coordinator_reads_who_has_not_booked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(house, house.person("Iris Wong", "coordinator"))
    house.participant()
    assert "Everyone who could book for a week has done so." in text(browser.get("waiting/"))
    at(NOW + timedelta(days=15), monkeypatch)
    browser.sign_in()
    assert "Ama Osei 1 March 2026 14" in text(browser.get("waiting/"))


def test_what_each_may_open(house: House, coach: tuple[int, int], visitor: Browser) -> None:
    people = {
        "participant": visitor,
        "coach": Browser(house, coach[0]),
        "director": Browser(house, house.person("Dana Cole", "director")),
    }
    allowed = {
        name: [path for path in ("", "coaches/", "calendar/", "hours/", "page/", "waiting/") if page(path) == 200]
        for name, browser in people.items()
        for page in [lambda path, browser=browser: browser.get(path).status_code]
    }
    assert allowed == {
        "participant": ["", "coaches/"],
        "coach": ["calendar/", "hours/", "page/"],
        "director": ["waiting/"],
    }
    assert Said.NOTHING.label == "Not yet said"

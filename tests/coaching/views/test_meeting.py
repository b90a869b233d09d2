from datetime import time, timedelta
from uuid import uuid4

import pytest
from tests.coaching.conftest import TUESDAY, House, build_house
from tests.coaching.views.browser import NOTHING_HERE, Browser, at, key_of, text

from confrere.coaching.models import Booking, State


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

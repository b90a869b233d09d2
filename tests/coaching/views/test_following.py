from datetime import timedelta

import pytest
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching.models import Booking, Said


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


def test_a_coordinator_grants_sessions_by_hand_and_ends_them(
    house: House, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = Browser(house, house.person("Cleo Brandt", "coordinator"))
    ama = house.participant(granted=False)
    asked = {"person": ama, "sessions": 2, "minutes": 45, "until": "2026-04-30"}
    assert "None." in text(coordinator.get("grants/"))
    assert coordinator.post("grants/", **asked).status_code == 302
    assert "Ama Osei: 2 sessions, until 30 April 2026." in text(coordinator.get("grants/"))
    house.book(ama, coach[1], TUESDAY)
    at(NOW + timedelta(minutes=1), monkeypatch)
    assert coordinator.post(f"grants/{ama}/end/").status_code == 302
    assert "None." in text(coordinator.get("grants/"))
    assert Booking.objects.get().state == "cancelled"
    assert text(coordinator.post(f"grants/{ama}/end/")).startswith("That did not work")
    assert coordinator.post("grants/", **asked | {"minutes": 5}).status_code == 422
    assert coordinator.post("grants/", **asked | {"until": "9999-12-31"}).status_code == 422
    assert Browser(house, ama).get("grants/").status_code == 403


def test_the_way_to_grant_by_hand_is_the_coordinator_s(house: House) -> None:
    for role, shown in (("coordinator", True), ("director", False)):
        page = text(Browser(house, house.person(role.title(), role)).get("waiting/"))
        assert ("Grant sessions by hand" in page) is shown

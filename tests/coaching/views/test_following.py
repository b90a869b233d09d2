from datetime import timedelta

import pytest
from tests.coaching.conftest import NOW, House
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching.models import Said


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

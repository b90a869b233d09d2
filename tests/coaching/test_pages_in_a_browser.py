"""The room's pages in a real Chromium: no barrier at two widths, nothing cut off, and four taps to a session."""

import os
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.coaching.conftest import MINUTES, House, build_house

from confrere.coaching import actions
from confrere.coaching.models import Booking, Hours
from confrere.people.models import Programme, User
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = [(360, 740), (1280, 800)]
PICTURES = os.environ.get("CONFRERE_PICTURES")  # a folder, to look at the pages


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without calls home."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


class Scene:
    """A programme of today with a coach who has hours, and people who are signed in."""

    def __init__(self, server: LiveServer, browser: Browser) -> None:
        self.now = timezone.now()
        self.server, self.browser = server, browser
        self.windows: list[Page] = []
        self.house: House = build_house()
        self.slug = Programme.objects.get(pk=self.house.programme).slug
        self.coach, self.page = self.house.coach()
        for day in (2, 3, 9):
            actions.offer_hours(
                programme=self.house.programme,
                person=self.coach,
                on=(self.now + timedelta(days=day)).date(),
                starts=time(17),
                ends=time(20),
                zone="America/New_York",
                now=self.now,
            )
        self.participant = self.house.participant(granted=False)
        actions.grant(
            programme=self.house.programme,
            site=self.house.site,
            person=self.participant,
            minutes=MINUTES,
            since=self.now - timedelta(days=1),
            until=self.now + timedelta(days=90),
            actor=Actor.system("test"),
            now=self.now,
        )

    def book(self) -> int:
        """The first free hour."""
        first = min(row.during.lower for row in self.hours())
        return self.house.book(self.participant, self.page, first, now=self.now)

    def hours(self) -> list[Hours]:
        return list(Hours.objects.all())

    def open(self, person: int, width: int, height: int) -> Page:
        """A window of this size, signed in as the person."""
        client = Client()
        client.force_login(User.objects.get(pk=person))
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
        session = client.cookies["session"].value
        context.add_cookies([{"name": "session", "value": session, "url": self.server.url}])
        self.windows.append(context.new_page())
        return self.windows[-1]

    def close(self) -> None:
        """Let every request end before the database is emptied."""
        for window in self.windows:
            window.wait_for_load_state("networkidle")
            window.goto("about:blank")
            window.context.close()
        connections.close_all()  # playwright's loop has given this test a connection of its own

    def url(self, path: str = "") -> str:
        return f"{self.server.url}/p/{self.slug}/coaching/{path}"


@pytest.fixture
def scene(live_server: LiveServer, chromium: Browser) -> Iterator[Scene]:
    scene = Scene(live_server, chromium)
    yield scene
    scene.close()


def barriers(page: Page, name: str) -> list[object]:
    """What axe finds, and by how much the page is too wide."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [(each["id"], [str(node["target"]) for node in each["nodes"]]) for each in found] + (
        [("too wide", wide)] if wide else []
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pages_have_no_barrier(scene: Scene, width: int, height: int) -> None:
    booking = scene.book()
    paths = {
        scene.participant: {
            "home": "",
            "coaches": "coaches/",
            "coach": f"coaches/{scene.page}/",
            "session": f"sessions/{booking}/",
            "move": f"sessions/{booking}/move/",
            "cancel": f"sessions/{booking}/cancel/",
            "limits": "limits/",
            "feed": "feed/",
        },
        scene.coach: {
            "calendar": "calendar/",
            "hours": "hours/",
            "withdraw": f"hours/{scene.hours()[0].pk}/withdraw/",
            "page": "page/",
            "guide": "guide/",
            "guide-later": "guide/?later",
        },
        scene.house.person("Iris Wong", "coordinator"): {
            "waiting": "waiting/",
            "grants": "grants/",
            "texts": "limits/texts/",
            "extend": f"grants/{scene.participant}/trial/extend/",
        },
    }
    found = {}
    for person, pages in paths.items():
        window = scene.open(person, width, height)
        for name, path in pages.items():
            window.goto(scene.url(path))
            found[name] = barriers(window, name)
    assert found == {name: [] for pages in paths.values() for name in pages}


def test_a_form_with_something_wrong_has_no_barrier(scene: Scene) -> None:
    window = scene.open(scene.coach, 360, 740)
    window.goto(scene.url("hours/"))
    window.fill("[name=on]", "2027-11-07")
    window.fill("[name=starts]", "01:30")
    window.fill("[name=ends]", "04:00")
    window.press("[name=ends]", "Enter")
    assert "comes twice" in window.inner_text("main")
    assert barriers(window, "hours-twice") == []
    window.check("[name=fold] >> nth=1")
    window.click("main form button")
    assert "Sun 7 November" in window.inner_text("main")


def test_from_the_home_page_a_session_is_booked_in_four_taps(scene: Scene) -> None:
    window = scene.open(scene.participant, 360, 740)
    window.goto(f"{scene.server.url}/p/{scene.slug}/")
    window.click("text=See free times")  # the card "Choose your coach"
    window.click("main >> text=See free times")  # the coach
    window.click("label.slot >> nth=0")
    window.click("text=Book this time")
    assert "Session 1, 90 minutes, with Eva Lindqvist" in window.inner_text("main")
    assert Booking.objects.count() == 1


def test_a_session_is_booked_by_keyboard_alone(scene: Scene) -> None:
    window = scene.open(scene.participant, 360, 740)
    window.goto(scene.url(f"coaches/{scene.page}/"))
    window.focus("label.slot input >> nth=0")
    window.keyboard.press("Space")
    window.keyboard.press("ArrowRight")
    window.keyboard.press("Enter")
    window.wait_for_url("**/sessions/*/")
    assert Booking.objects.count() == 1

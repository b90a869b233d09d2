"""What journeys through coaching share: a clock that runs ahead, a mail server, counted taps, pages looked at."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from tests.coaching.conftest import NOW, House
from tests.journeys.conftest import DESK, PHONE, Check
from tests.post.conftest import Postbox
from tests.study import make_study

from confrere.coaching import actions
from confrere.coaching.models import Booking, Said
from confrere.people.models import User
from confrere.post import actions as post
from confrere.post.models import Letter

TODAY, COACHING = "/p/peer/", "/p/peer/coaching/"
WEEK, HOUR, MINUTE = timedelta(days=7), timedelta(hours=1), timedelta(minutes=1)
#: A folder: every page that a journey looks at is put there as a picture, light and dark.
PICTURES = os.environ.get("CONFRERE_PICTURES")


class Clock:
    """The time that every page and verb of this process reads; it runs on from where it was set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: datetime) -> None:
        self.real: Callable[[], datetime] = timezone.now
        self.ahead = start - self.real()
        monkeypatch.setattr(timezone, "now", lambda: self.real() + self.ahead)

    def at(self, moment: datetime) -> None:
        """Never back."""
        now = timezone.now()
        assert moment >= now - MINUTE
        self.ahead += max(timedelta(0), moment - now)


def comes_back(page: Page, person: int) -> None:
    """After days away a session is over: the person signs in again (the pages for that have journeys of their own)."""
    client = Client()
    client.force_login(User.objects.get(pk=person))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}])


def carried(postbox: Postbox, to: str) -> EmailMessage:
    """The newest letter to an address, as the mail server took it; whatever waits is sent before."""
    for letter in Letter.objects.filter(state="waiting").order_by("pk"):
        post.deliver(id=letter.pk)
    return [letter for letter in postbox.letters() if letter["To"] == to][-1]


def words_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return "\n".join(str(body.get_content()).splitlines())


def link_of(letter: EmailMessage) -> str:
    """The path to which a letter leads."""
    [link] = re.findall(r"http://localhost(/\S*)", words_of(letter))
    return str(link)


def code_of(letter: EmailMessage) -> str:
    found = re.search(r"^    (\S+)$", words_of(letter), re.MULTILINE)
    assert found is not None
    return found[1]


class Taps:
    """How often somebody tapped on the way to something."""

    def __init__(self) -> None:
        self.many = 0

    def on(self, what: Locator) -> None:
        what.first.click()
        self.many += 1


def held(house: House, booking: Booking, *, who: str = "both") -> None:
    """The people of a session say that it took place, at its end."""
    people = {"coach": [booking.coach.person_id], "participant": [booking.entitlement.person_id]}
    for person in people.get(who, [*people["coach"], *people["participant"]]):
        actions.confirm_held(
            programme=house.programme, person=person, booking=booking.pk, said=Said.HAPPENED, now=timezone.now()
        )


def at_both(page: Page, check: Check, name: str) -> None:
    """The page has no barrier at either width; it stays in the window that it had."""
    size = page.viewport_size
    assert size is not None
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        check(page)
        for scheme in ("light", "dark") if PICTURES else ():
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(size)


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def sees(page: Page, text: str) -> None:
    expect(main(page).get_by_text(text).first).to_be_visible()


@pytest.fixture(name="clock")
def a_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It begins on the Monday of the coaching tests."""
    return Clock(monkeypatch, NOW)


@pytest.fixture(name="house")
def a_house(site: str, standing_keys: None, clock: Clock) -> House:
    made = make_study()
    return House(programme=made.programme, site=made.site)

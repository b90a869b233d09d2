"""A service runs for a year: prepared, opened and joined in a real browser, lived under a simulated clock, reported."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn, mailed_code
from tests.service.conftest import Running
from tests.study import make_study

from confrere.people import actions as people
from confrere.service import queries
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STAFF = {"director": "dr.vega@example.org", "leader": "dean@example.org"}
CHANGES = (12, 3, -4, 9, 15, 7, 0, 11, 5, 8, -2, 6, 10, 4)


@pytest.fixture
def running(site: str, standing_keys: None) -> Running:
    """A programme with a director and a leader, and nothing else."""
    made, now = make_study(), timezone.now()
    for role, email in STAFF.items():
        person = people.create_account(email=email, name=role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=made.programme, role=role, now=now, actor=Actor.system("test"))
    return Running(programme=made.programme, site=made.site)


def prepare(page: Page, check: Check) -> str:
    """From an empty page to an open service; returns its link."""
    page.goto("/p/peer/service/")
    check(page)
    page.get_by_role("link", name="Plan a service").click()
    page.get_by_label("Name of the service").fill("Coaching for everyone")
    page.get_by_label("Minutes of each session").fill("60, 60")
    page.get_by_label("Days within which they lie").fill("60")
    page.get_by_text("Quality of life", exact=False).first.click()
    check(page)
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("link", name="Write what people agree to").click()
    page.get_by_label("What people agree to").fill("You get two sessions. Nobody keeps notes of what is said.")
    page.get_by_role("button", name="Save these words").click()
    page.get_by_role("link", name="Add an intake").click()
    page.get_by_label("People can ask from").fill(timezone.now().date().isoformat())
    page.get_by_label("Coach hours").fill("4")
    check(page)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("4 coach hours carry 2 people")).to_be_visible()
    page.get_by_role("link", name="Open the service", exact=True).click()
    check(page)
    page.get_by_role("button", name="Open the service").click()
    found = page.locator("main .lead a").get_attribute("href")
    assert found is not None
    return found


def join(page: Page, link: str, number: int, check: Check) -> None:
    """A physician follows the link, proves an address, reads, agrees."""
    page.goto(link)
    check(page)
    page.get_by_label("Your name").fill(f"P. {number}")
    page.get_by_label("Your e-mail address").fill(f"p{number}@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your full name, as your signature").fill(f"P. {number}")
    page.get_by_label("I have read this and agree").check()
    check(page)
    page.get_by_role("button", name="Agree and ask for a place").click()
    expect(page.get_by_role("heading", name="My place")).to_be_visible()
    check(page)


def a_year(running: Running) -> None:
    """Fourteen more ask, one after the other; each is coached for sixty days in one of two seats, and most answer."""
    began = timezone.now()
    for number in range(2, 14):
        running.join(number, now=began)
    for day in range(0, 540, 3):
        now = began + timedelta(days=day)
        running.catch_up(now=now)
        for number in range(14):
            place = queries.place_of(service=running.service, person=running.person(number))
            assert place is not None
            if place.state == "offered" and number != 4:  # one never looks at the letter
                running.take(number, now=now)
                running.answer(number, "before", value=50 + number, now=now)
            elif place.state == "done" and place.until is not None and (now.date() - place.until).days in {2, 3, 4}:
                running.answer(number, "after", value=50 + number + CHANGES[number], now=now)
                break


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_service_runs_for_a_year(
    width: int, running: Running, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    director = browser_page(width)
    sign_in(director, STAFF["director"])
    link = prepare(director, assert_accessible)
    for number in range(2):
        physician = browser_page(width)
        join(physician, link, number, assert_accessible)
        expect(physician.get_by_text("The place is yours")).to_be_visible()
        running.answer(number, "before", value=50 + number, now=timezone.now())
    a_year(running)
    stand = queries.standings(running.service)
    assert (stand.done, stand.lapsed, stand.waiting) == (13, 1, 0)
    director.goto("/p/peer/service/")
    assert_accessible(director)
    expect(director.get_by_text("No control: a change is not an effect.")).to_be_visible()
    [found] = queries.changes(running.service)
    assert found.change.n == 10  # whole steps of five, of thirteen
    director.get_by_role("button", name="Make today's report").click()
    expect(director.get_by_text("14 asked for a place")).to_be_visible()
    assert_accessible(director)
    leader = browser_page(width)
    sign_in(leader, STAFF["leader"])
    leader.goto("/p/peer/service/reports/")
    leader.get_by_role("link", name="Report 1").click()
    assert_accessible(leader)
    with leader.expect_download() as download:
        leader.get_by_role("link", name="As PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

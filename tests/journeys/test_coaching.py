"""A physician's six sessions in a real browser, from the letter to the last one.

The clock runs ahead by itself where days pass; letters go through a real mail server.
"""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.coaching.conftest import MINUTES, NOW, TUESDAY, House
from tests.journeys.coached import (  # noqa: F401  # fixtures, too
    COACHING,
    MINUTE,
    TODAY,
    WEEK,
    Clock,
    Taps,
    a_clock,
    a_house,
    at_both,
    carried,
    code_of,
    comes_back,
    held,
    link_of,
    main,
    sees,
)
from tests.journeys.conftest import PHONE, Check, Pages
from tests.journeys.test_workbook import set_up, write
from tests.post.conftest import Postbox, postbox  # noqa: F401  # a fixture
from tests.service.conftest import Running

from confrere.coaching import actions, queries
from confrere.coaching.models import Booking, HeldSession

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def book(page: Page, *, k: int) -> Booking:
    """From the home page to a booked session; counted."""
    taps = Taps()
    page.goto(TODAY)
    taps.on(main(page).get_by_role("link", name="See free times"))
    if k == 1:
        taps.on(main(page).get_by_role("link", name="See free times"))  # of the first coach
    else:
        taps.on(main(page).get_by_role("link", name=f"Book session {k}"))
    taps.on(page.locator("label.slot"))
    taps.on(page.get_by_role("button", name="Book this time"))
    page.wait_for_url("**/sessions/*/")
    sees(page, f"Session {k}, {MINUTES[k - 1]} minutes")
    assert taps.many <= 4
    return Booking.objects.get(k=k, state="booked")


def came_by_mail(page: Page, postbox: Postbox, address: str, check: Check) -> None:  # noqa: F811  # the fixture
    """The letter's link, a code by mail, and the place is taken."""
    page.goto(link_of(carried(postbox, address)))
    page.get_by_label("Email").fill(address)
    page.get_by_role("button", name="Mail me a code").click()
    page.wait_for_url("**/accounts/login/code/**")
    page.get_by_label("Code").fill(code_of(carried(postbox, address)))
    page.get_by_role("button", name="Sign in").click()
    sees(page, "A place is kept for you")
    at_both(page, check, "place")
    page.get_by_role("button", name="I take it").click()
    sees(page, "The place is yours")


def talks_first(page: Page, house: House, clock: Clock, person: int, check: Check) -> None:
    """A first conversation of twenty minutes, after the limits were read."""
    page.goto(TODAY)
    at_both(page, check, "today-first")
    main(page).get_by_role("link", name="See free times").first.click()
    at_both(page, check, "coaches")
    main(page).get_by_role("link", name="See free times").first.click()
    at_both(page, check, "coach")
    page.get_by_role("link", name="Talk for 20 minutes first").click()
    page.locator("label.slot").first.click()
    page.get_by_role("button", name="Agree on this time").click()
    page.get_by_role("link", name="Read the limits of confidentiality").click()
    at_both(page, check, "limits")
    page.get_by_role("button", name="I have read this").click()
    [talk] = queries.conversations(programme=house.programme, person=person, now=timezone.now())
    clock.at(talk.span.start - 10 * MINUTE)
    comes_back(page, person)
    page.goto(f"{COACHING}conversations/{talk.number}/")
    expect(page.get_by_role("link", name="Open the video link")).to_be_visible()
    at_both(page, check, "conversation")
    clock.at(talk.span.end)


def happened(page: Page, house: House, clock: Clock, booking: Booking) -> None:
    """At its end both tap; the physician here, from the home page."""
    assert booking.during is not None
    clock.at(booking.during.upper)
    held(house, booking, who="coach")
    comes_back(page, booking.entitlement.person_id)
    page.goto(TODAY)
    main(page).get_by_role("link", name="Say it").click()
    page.get_by_role("button", name="It happened").click()
    sees(page, "Nothing is left to do here.")


def test_a_physician_from_the_mail_to_the_sixth_session(
    house: House,
    clock: Clock,
    postbox: Postbox,  # noqa: F811  # the fixture
    browser_page: Pages,
    passkey_device: Callable[[Page], None],
    assert_accessible: Check,
) -> None:
    # Takes most of half a minute: two months of one person.
    for name in ("Ines Lindqvist", "Noor Haddad"):
        coach, _page = house.coach(name)
        for week in range(9):
            house.offer(coach, on=TUESDAY + week * WEEK, starts=time(17 if name == "Ines Lindqvist" else 19))
    running = Running(programme=house.programme, site=house.site)
    running.rolling(hours=7, minutes=list(MINUTES), window_days=91, now=NOW)
    for number in (0, 1):
        running.join(number, now=NOW)
    running.leave(0, now=NOW)
    running.catch_up(now=NOW)
    physician = running.person(1)
    page = browser_page(PHONE)
    passkey_device(page)
    came_by_mail(page, postbox, "p1@example.org", assert_accessible)
    talks_first(page, house, clock, physician, assert_accessible)

    first = book(page, k=1)
    at_both(page, assert_accessible, "session-booked")
    assert carried(postbox, "p1@example.org")["Subject"] == "Appointment"
    assert first.during is not None
    clock.at(first.during.upper - MINUTE)
    comes_back(page, physician)
    page.goto(f"{COACHING}sessions/{first.pk}/")
    expect(page.get_by_role("link", name="Open the video room")).to_be_visible()
    at_both(page, assert_accessible, "session-at-the-hour")
    page.get_by_role("link", name="Your workbook: write down where you left off").click()
    set_up(page)
    write(page, "Ask the chief about Tuesdays")
    at_both(page, assert_accessible, "workbook")
    happened(page, house, clock, first)
    for k in range(2, 7):
        happened(page, house, clock, book(page, k=k))

    page.goto(COACHING)
    sees(page, "All your 6 sessions are booked or were held")
    expect(page.get_by_role("link", name="Change your coach")).to_have_count(0)  # nothing is booked with one
    at_both(page, assert_accessible, "six-held")
    clock.at(timezone.now() + 8 * timedelta(days=1))
    actions.settle(now=timezone.now())
    assert sorted(HeldSession.objects.values_list("k", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert set(Booking.objects.values_list("coach_said", "participant_said")) == {("", "")}

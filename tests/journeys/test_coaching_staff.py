"""A coach's quarter and a director's programme, in a real browser. The clock runs ahead by itself where days pass."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.journeys.coached import (  # noqa: F401  # fixtures, too
    COACHING,
    HOUR,
    TODAY,
    WEEK,
    Clock,
    a_clock,
    a_house,
    at_both,
    comes_back,
    held,
    main,
    sees,
)
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn

from confrere.coaching import actions, queries
from confrere.coaching.models import Booking, Coach, PayLine, Theme
from confrere.people.models import User

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def email(person: int) -> str:
    return User.objects.get(pk=person).email


# A coach


def weekly(house: House, page: int, start: datetime, name: str) -> int:
    """A participant who has read the limits, with six sessions at the same time on the wall, from this one on."""
    person, now = house.participant(name), timezone.now()
    actions.acknowledge(programme=house.programme, site=house.site, person=person, limits=None, now=now)
    here = house.programme
    actions.book(programme=here, person=person, coach=page, start=start, now=now, key=uuid4(), times=6)
    return person


def opens(house: House, *coaches: int) -> None:
    """What the office does once: rates, and the training of these coaches is paid."""
    office: dict[str, Any] = {
        "programme": house.programme,
        "site": house.site,
        "person": house.person("Cora Nunez", "coordinator"),
    }
    rates: dict[str, Any] = {"hourly": Decimal(200), "stipend": Decimal(2500), "currency": "USD", "cost_centre": ""}
    actions.set_rate(**office, **rates, since=date(2026, 1, 1), now=timezone.now())
    for coach in coaches:
        actions.pay_stipend(**office, coach=coach, day=timezone.now().date(), now=timezone.now())


def lived(house: House, clock: Clock, *, until: datetime) -> None:
    """Every session up to then takes place, and its people say so; then the nights that follow."""
    for booking in Booking.objects.filter(state="booked", during__endswith__lte=until).order_by("during"):
        assert booking.during is not None
        clock.at(booking.during.upper)
        held(house, booking)
    clock.at(until)
    actions.settle(now=until)
    actions.pay_sessions(now=until)


def prepares(page: Page, check: Check) -> int:
    """From an empty page to hours in thirteen weeks; the number of the page."""
    main(page).get_by_role("link", name="Write it").click()
    page.get_by_label("About you").fill("Internist, coach since 2019. I ask more than I say.")
    page.get_by_label("Languages").fill("English, Swedish")
    page.get_by_label("Video link").fill("https://video.example.org/room")
    at_both(page, check, "page")
    page.get_by_role("button", name="Save").click()
    page.goto(TODAY)
    at_both(page, check, "coach-today")
    main(page).get_by_role("link", name="Offer hours").click()
    for label, typed in (("Day", "2026-03-03"), ("From", "17:00"), ("Until", "20:00")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("How often").select_option("13")
    page.get_by_role("button", name="Offer these hours").click()
    at_both(page, check, "hours")
    return Coach.objects.get().pk


def guided(page: Page, check: Check) -> None:
    """The guide and its clock, on the telephone; it asks the server nothing."""
    asked: list[str] = []
    page.clock.install()
    page.get_by_role("link", name="Guide through the session").click()
    page.get_by_role("button", name="Start the clock").wait_for()
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Start the clock").click()
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("timer")).to_contain_text("left in this part")
    at_both(page, check, "guide")
    page.get_by_role("button", name="Next part").click()
    assert asked == []


def test_a_coach_for_a_quarter(
    house: House, clock: Clock, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    coach = house.person("Ines Lindqvist", "coach")
    opens(house, coach)
    page = browser_page(PHONE)
    sign_in(page, email(coach))
    number = prepares(page, assert_accessible)
    names = ("Ama Osei", "Ben Adler", "Cleo Brandt")
    for name, start in zip(names, (TUESDAY - HOUR / 2, TUESDAY + HOUR, TUESDAY + 6 * WEEK - 3 * HOUR / 2), strict=True):
        weekly(house, number, start, name)
    page.goto(f"{COACHING}calendar/")
    at_both(page, assert_accessible, "calendar")

    first = Booking.objects.order_by("during")[0]
    assert first.during is not None
    clock.at(first.during.lower)
    comes_back(page, coach)
    page.goto(f"{COACHING}sessions/{first.pk}/")
    sees(page, "https://video.example.org/room")
    guided(page, assert_accessible)
    clock.at(first.during.upper)
    held(house, first, who="participant")
    comes_back(page, coach)
    page.goto(f"{COACHING}sessions/{first.pk}/")
    page.get_by_role("button", name="It happened").click()
    sees(page, "Nothing is left to do here.")

    lived(house, clock, until=datetime(2026, 4, 7, 12, tzinfo=UTC))
    comes_back(page, coach)
    page.goto(TODAY)
    main(page).get_by_role("link", name="Tick").first.click()
    page.get_by_label("Too much work for the time").check()
    at_both(page, assert_accessible, "themes")
    page.get_by_role("button", name="Save").click()
    sees(page, "Your answer is saved")
    for other in range(4):
        ticked: dict[str, Any] = {"programme": house.programme, "site": house.site, "themes": [Theme.WORKLOAD]}
        actions.name_themes(**ticked, person=house.person(f"Coach {other}", "coach"), now=timezone.now())

    lived(house, clock, until=datetime(2026, 6, 1, 12, tzinfo=UTC))
    comes_back(page, coach)
    page.goto(f"{COACHING}pay/")
    at_both(page, assert_accessible, "pay")
    lines = PayLine.objects.filter(coach=coach)
    assert sum(line.minutes for line in lines) == 3 * (90 + 5 * 60)
    assert sum(line.amount for line in lines) == Decimal(2500) + Decimal("19.5") * 200
    assert not [name for name in names if name in page.content()]
    page.get_by_role("link", name="Log of hours, to print").click()
    sees(page, "coached 19.5 hours in this programme")
    at_both(page, assert_accessible, "log")
    assert not [name for name in names if name in page.content()]
    assert actions.pool_themes(now=timezone.now()) == 1
    leader = browser_page(DESK)
    leads = house.person("Dean Moreau", "leader")
    leader.goto("/")
    comes_back(leader, leads)
    leader.goto(f"{COACHING}workplace/")
    sees(leader, "Too much work for the time")
    at_both(leader, assert_accessible, "workplace")


# A director


def certified(page: Page, house: House, coach: int, check: Check) -> None:
    """From the invitation to the certificate; the coach signs in between."""
    page.goto(f"{COACHING}roster/agreement/")
    page.get_by_label("What coaches sign").fill("I keep to myself what I hear, within the limits of the law.")
    main(page).locator("form button").first.click()
    page.get_by_label("Who").select_option(str(coach))
    page.get_by_role("button", name="Invite as a coach").click()
    found = queries.agreement(programme=house.programme)
    assert found is not None
    actions.sign_agreement(programme=house.programme, person=coach, digest=found.sha256, now=timezone.now())
    main(page).get_by_role("link", name="Ines Lindqvist").click()
    for title, typed in (
        ("Training", {"Days of the training": "2026-02-10\n2026-02-17"}),
        ("Certificate", {"Given on": "2026-03-01", "Counts until": "2027-03-01"}),
    ):
        form = main(page).locator("details").filter(has_text=title).first
        form.locator("summary").click()
        for label, text in typed.items():
            form.get_by_label(label).fill(text)
        form.get_by_role("button", name="Write it down").click()
    sees(page, "counts until 1 March 2027")
    at_both(page, check, "file")
    page.goto(f"{COACHING}roster/")
    at_both(page, check, "roster")


def sets_rates(page: Page, check: Check) -> None:
    page.goto(f"{COACHING}payments/")
    for label, typed in (("From", "2026-01-01"), ("For a coached hour", "200"), ("For training", "2500")):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Set these rates").click()
    sees(page, "USD 200.00 for an hour")
    at_both(page, check, "payments")


def test_a_director_from_the_first_coach_to_the_cost_of_a_participant(
    house: House, clock: Clock, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    coach, number = house.coach("Ines Lindqvist")
    director = house.person("Ada Vega", "director")
    page = browser_page(DESK)
    sign_in(page, email(director))
    sets_rates(page, assert_accessible)
    certified(page, house, coach, assert_accessible)
    assert [line.amount for line in PayLine.objects.all()] == [Decimal(2500)]  # with the certificate
    for week in range(9):
        house.offer(coach, on=TUESDAY + week * WEEK)
    for name, start in (("Ama Osei", TUESDAY - HOUR / 2), ("Ben Adler", TUESDAY + HOUR)):
        weekly(house, number, start, name)
    house.participant("Cleo Brandt")  # who books nothing
    lived(house, clock, until=NOW + 8 * timedelta(days=1))
    for days, told in ((8, "7"), (15, "14"), (22, "21")):
        lived(house, clock, until=NOW + timedelta(days=days))
        comes_back(page, director)
        page.goto(f"{COACHING}waiting/")
        row = main(page).get_by_role("row").filter(has_text="Cleo Brandt")
        expect(row.get_by_role("cell").last).to_have_text(told)
        assert "Ama Osei" not in page.content()
    at_both(page, assert_accessible, "waiting")
    lived(house, clock, until=NOW + 8 * WEEK)
    comes_back(page, director)
    page.goto(TODAY)
    at_both(page, assert_accessible, "director-today")
    page.goto(f"{COACHING}delivery/")
    at_both(page, assert_accessible, "delivery")
    table = main(page).get_by_role("table").first.inner_text()
    assert [int(word) for word in table.split() if word.isdigit()][:4] == [3, 2, 18, 12]
    sees(page, "Coaches' hours in this window of 13 weeks and in the next")
    # Two people, 13 hours at 200 dollars, and a training of 2,500 dollars.
    sees(page, "2,550.00")
    sees(page, "+1,150.00")
    sees(page, "1,300.00")
    sees(page, "−100.00")
    assert not [name for name in ("Ama Osei", "Ben Adler", "Cleo Brandt", "Ines") if name in main(page).inner_text()]

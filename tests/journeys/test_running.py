"""A study is run: a value is asked about and put right, and everybody is asked something without names.

In a real browser: the team at a desk, the physician on a phone; each page is looked at once at each width.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.journeys.test_whole_trial import at_both, press
from tests.study import DIRECTOR, PROTOCOL, Study, make_study
from tests.surveys.conftest import GENDER

from confrere.people import actions as people
from confrere.post.models import Letter
from confrere.surveys import actions as surveys
from confrere.surveys.models import Correction, Pulse

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TOKEN = re.compile(r"/pulse/[\w-]+/")


@pytest.fixture
def study(site: str, standing_keys: Path) -> Study:
    """A trial with ten drawn, a statistician, and a director who also coordinates, as in a small programme."""
    made, now = make_study(), timezone.now()
    made.open(PROTOCOL.replace("cap = 6", "cap = 10"), now=now)
    for email, role in (("director", "director"), ("director", "coordinator"), ("statistician", "statistician")):
        person = people.create_account(email=f"{email}@example.org", name=f"Dr. {email.title()}", zone="UTC", now=now)
        people.grant_role(person=person, programme=made.programme, role=role, now=now, actor=DIRECTOR)
    for number in range(10):
        made.enrol(number, now=now)
    place = {"programme": made.programme, "site": made.site}
    surveys.publish(**place, slug="now", title="How it is now", questions=(GENDER,), actor=DIRECTOR, now=now)
    return made


def test_a_value_is_asked_about_put_right_and_settled(
    study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    study_id = next(iter(study.persons))
    asks = browser_page(DESK)
    sign_in(asks, "statistician@example.org")
    asks.goto("/p/peer/trial/conduct/queries/")
    asks.get_by_label("Which study id?").fill(study_id)
    asks.get_by_label("Which wave?").fill("baseline")
    asks.get_by_label("Which question?").fill("qol_vas")
    asks.locator("main textarea").fill("Is 60 right?")
    press(asks, "Ask")
    expect(asks.get_by_text("Is 60 right?").first).to_be_visible()

    mends = browser_page(PHONE)
    sign_in(mends, "director@example.org")
    mends.goto("/p/peer/trial/conduct/queries/")
    mends.get_by_role("link", name=re.compile(study_id)).click()
    at_both(mends, assert_accessible)
    mends.locator('form:has([value=reply]) [name="text"]').fill("It was 70; the sheet was misread.")
    press(mends, "Reply")
    mends.locator('[name="value"]').fill("70")
    press(mends, "Put it right")  # without a reason: refused, and what was typed is kept
    expect(mends.locator('[name="value"]').last).to_have_value("70")
    assert not Correction.objects.exists()
    mends.locator('[name="reason"]').fill("Misread from paper.")
    press(mends, "Put it right")
    expect(mends.get_by_text("60 became 70. “Misread from paper.”")).to_be_visible()
    at_both(mends, assert_accessible)

    asks.reload()
    press(asks, "It is settled")
    expect(asks.get_by_text("Settled on")).to_be_visible()
    row = Correction.objects.get()
    assert (row.old, row.new, row.reason) == (60, 70, "Misread from paper.")


def answer(page: Page, link: str, choice: str) -> None:
    page.goto(link)
    page.locator("label", has_text=re.compile(f"^{choice}$")).click()
    press(page, "Send")
    expect(page.get_by_text("without your name")).to_be_visible()


def test_everybody_is_asked_without_names(
    study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    Letter.objects.all().delete()
    director = browser_page(DESK)
    sign_in(director, "director@example.org")
    director.goto("/p/peer/surveys/pulses/")
    director.get_by_label("Questions").select_option("now")
    press(director, "Ask everyone")
    at_both(director, assert_accessible)
    links = TOKEN.findall("\n".join(Letter.objects.values_list("body", flat=True)))
    assert len(links) == 10
    phone = browser_page(PHONE)
    phone.goto(links[0])
    at_both(phone, assert_accessible)
    answer(phone, links[0], "Woman")
    for number, link in enumerate(links[1:]):
        given = {"gender": "woman" if number < 4 else "man"}
        surveys.answer_pulse(token=link.split("/")[2], answers=given, now=timezone.now())
    assert_accessible(phone)
    phone.goto(links[0])
    expect(phone.get_by_role("button", name="Send")).to_be_hidden()
    assert {cookie["name"] for cookie in phone.context.cookies()} == {"csrf"}  # the same for every form, and no session
    director.reload()
    expect(director.get_by_text("known after the end only")).to_be_visible()
    surveys.end_pulses(now=timezone.now() + timedelta(days=30))
    director.reload()
    expect(director.get_by_text("10 of 10 answered.")).to_be_visible()
    expect(director.get_by_text("Woman: 5")).to_be_visible()
    at_both(director, assert_accessible)
    assert Pulse.objects.get().answered == 10

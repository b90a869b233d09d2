"""A coordinator writes a questionnaire with branching from an empty page, looks at it, publishes it, and then again."""

import os
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn

from confrere.people import actions, queries
from confrere.people.roles import Role
from confrere.surveys import queries as surveys
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

COORDINATOR = "c.reyes@example.org"
SHELF = "/p/peer/surveys/questionnaires/"
DRAFT = f"{SHELF}before-coaching/draft/"


@pytest.fixture
def programme(site: str) -> int:
    """A programme with a coordinator and nothing else."""
    now, actor = timezone.now(), Actor.system("test")
    person = actions.create_account(email=COORDINATOR, name="C. Reyes", zone="UTC", now=now)
    at = actions.create_site(slug="uni", name="University Hospital", zone="UTC", now=now, actor=actor)
    peer = actions.create_programme(site=at, slug="peer", name="Peer coaching", zone="UTC", now=now, actor=actor)
    actions.grant_role(person=person, programme=peer, role=Role.COORDINATOR, now=now, actor=actor)
    assert queries.members_of(programme=peer, role=Role.COORDINATOR, now=now) == [person]
    return peer


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_an_empty_page_to_version_2(
    width: int, programme: int, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page(width)
    sign_in(page, COORDINATOR)
    page.goto(SHELF)
    assert_accessible(page)
    page.get_by_label("Title").fill("Before coaching")
    press(page, "Begin a draft")
    expect(page.get_by_role("heading", name="Nothing is asked yet")).to_be_visible()
    assert_accessible(page)

    write(page, assert_accessible)
    look(page, assert_accessible)
    publish(page, assert_accessible)
    again(page, assert_accessible)
    newest = surveys.published(programme=programme)["before-coaching"]
    assert (newest.version, [question.name for question in newest.questions]) == (
        2,
        ["ward", "theatre", "how_do_you_feel_today"],
    )


def write(page: Page, assert_accessible: Check) -> None:
    """A choice, a number that is asked of some only (with a slip that is told while it is typed), a line."""
    page.get_by_role("link", name="One of several answers").click()
    page.get_by_label("Question", exact=True).fill("Which ward?")
    page.get_by_label("Answers, one on each line").fill("Surgery\nMedicine")
    page.get_by_label("An answer is needed").check()
    page.get_by_label("Name in the data").fill("ward")
    assert_accessible(page)
    press(page, "Save")
    page.get_by_role("link", name="A number", exact=True).click()
    page.get_by_label("Question", exact=True).fill("Hours in theatre, [ward]?")
    page.get_by_label("Name in the data").fill("theatre")
    page.get_by_label("Asked only if").fill("wart == 'surgery'")
    expect(page.get_by_text("Did you mean ward?")).to_be_visible()
    page.get_by_label("Asked only if").fill("ward == 'surgery'")
    expect(page.get_by_text("Nothing is wrong with it.")).to_be_visible()
    press(page, "Save")
    page.get_by_role("link", name="A point on a line", exact=True).click()
    page.get_by_label("Question", exact=True).fill("How do you feel today?")
    press(page, "Save")
    picture(page, "draft")
    assert_accessible(page)
    press(page, "Up how_do_you_feel_today")
    expect(page).to_have_url(re.compile(r"#b3$"))
    press(page, "Undo: moved a question up")
    expect(page.locator(".block h3")).to_have_text(
        ["Which ward?", "Hours in theatre, [ward]?", "How do you feel today?"]
    )


def look(page: Page, assert_accessible: Check) -> None:
    """The preview branches and repeats the answer, inside its frame."""
    page.get_by_role("link", name="Look at it on a phone and on a desk").click()
    phone = page.frame_locator("iframe.phone")
    phone.get_by_text("Surgery").click()
    phone.get_by_role("button", name="Save and go on").click()
    expect(phone.get_by_text("Hours in theatre, Surgery?")).to_be_visible()
    picture(page, "preview")
    desk = page.frame_locator("iframe.desk")
    desk.get_by_text("Medicine").click()
    desk.get_by_role("button", name="Save and go on").click()
    expect(desk.get_by_text("How do you feel today?").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Back to Before coaching").click()


def publish(page: Page, assert_accessible: Check) -> None:
    page.get_by_role("link", name="Publish", exact=True).click()
    assert_accessible(page)
    press(page, "Publish this version")
    expect(page.get_by_text("It never changes.")).to_be_visible()
    assert_accessible(page)


def again(page: Page, assert_accessible: Check) -> None:
    """Change one thing, see the difference, publish version 2."""
    page.get_by_role("link", name="All versions").click()
    press(page, "Write the next version")
    page.get_by_role("link", name="Change theatre").click()
    page.get_by_label("Question", exact=True).fill("Hours in theatre in a week, [ward]?")
    press(page, "Save")
    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.locator("del")).to_have_text("Hours in theatre, [ward]?")
    picture(page, "publish")
    assert_accessible(page)
    press(page, "Publish this version")
    expect(page.get_by_text("Version 2, published on")).to_be_visible()
    page.get_by_role("link", name="All versions").click()
    assert_accessible(page)


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for them."""
    folder = os.environ.get("CONFRERE_PICTURES")
    if folder:
        width = page.evaluate("window.innerWidth")
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)

"""A physician reads who will see what, agrees, keeps the PDF, takes the answers back and gives them again; a director
publishes newer words and locks the data. In a real browser, at two widths, under the real policy."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.study import DIRECTOR, PROTOCOL, Study, make_study

from confrere.people import actions as people
from confrere.trial import actions, queries
from confrere.vault.queries import data_lock

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CERTIFICATE = """
[certificate]
number = "CC-OD-26-1"
funder = "the National Institutes of Health"
"""


@pytest.fixture
def study(site: str, standing_keys: Path) -> Study:
    """A small trial that recruits now, under a certificate, with its director and its statistician."""
    made = make_study()
    made.open(PROTOCOL + CERTIFICATE, now=timezone.now())
    for role in ("director", "statistician"):
        now = timezone.now()
        person = people.create_account(email=f"{role}@example.org", name=f"Dr. {role.title()}", zone="UTC", now=now)
        people.grant_role(person=person, programme=made.programme, role=role, now=now, actor=DIRECTOR)
    return made


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_physician_agrees_keeps_the_copy_leaves_and_comes_back(
    width: int, study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    study.person(1)
    page = browser_page(width)
    sign_in(page, "p1@example.org")
    page.goto(f"/join/{queries.required(study.programme).join_token}/consent/")
    expect(page.get_by_role("heading", name="Who can see what")).to_be_visible()
    expect(page.get_by_text("Statistician: 1 person").first).to_be_visible()
    expect(page.get_by_text("It does not cover").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Your full name, as your signature").fill("Ama Osei")
    page.get_by_label("I have read this and agree").check()
    press(page, "Sign and take part")

    expect(page.get_by_role("heading", name="My part in the study")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as got:
        follow(page, "Get a copy as PDF")
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF-")

    for stop, stopped, back in (
        ("Take your answers back", "You took your answers back.", "Give them again"),
        ("Stop coaching", "You stopped coaching.", "Take that back"),
        ("Stop the questions", "You are asked no further questions.", "Take that back"),
    ):
        follow(page, stop)  # the first click
        expect(page.get_by_text("You need no reason.")).to_be_visible()
        assert_accessible(page)
        press(page, stop)  # the second
        expect(page.get_by_text(stopped)).to_be_visible()
        press(page, back)
        expect(page.get_by_text(stopped)).to_be_hidden()
    follow(page, "What else is open to you")
    assert_accessible(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_director_publishes_newer_words_and_locks_the_data(
    width: int, study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    study_id = study.enrol(1, now=timezone.now())
    page = browser_page(width)
    sign_in(page, "director@example.org")
    page.goto("/p/peer/trial/conduct/")
    expect(page.get_by_role("heading", name="Running the study")).to_be_visible()
    assert_accessible(page)
    follow(page, "Versions of the consent")
    page.get_by_label("The exact text").fill("What this is: a test.\n\nIt takes ten minutes longer.")
    press(page, "Show what would change")
    expect(page.get_by_text("It takes ten minutes longer.").first).to_be_visible()
    assert_accessible(page)
    press(page, "Publish this version")
    expect(page.get_by_text("One person signed earlier words")).to_be_visible()

    page.goto("/p/peer/trial/conduct/deviations/")
    page.get_by_label("On which day?").fill(timezone.now().date().isoformat())
    page.get_by_label("What happened, in a sentence").fill("A session was held late.")
    assert_accessible(page)
    press(page, "Keep this note")
    expect(page.get_by_text("A session was held late.")).to_be_visible()
    for place in ("events", "arms", "resources"):
        page.goto(f"/p/peer/trial/conduct/{place}/")
        assert_accessible(page)

    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=timezone.now())
    page.goto("/p/peer/trial/conduct/")
    follow(page, "Lock the data")
    assert_accessible(page)
    press(page, "Lock the data")
    expect(page.get_by_text("Locked by Dr. Director on").first).to_be_visible()
    assert_accessible(page)
    assert data_lock(study.programme) is not None

    other = browser_page(width)
    sign_in(other, "statistician@example.org")
    other.goto("/p/peer/trial/conduct/")
    other.get_by_label("Your words").fill("One value is wrong.")
    press(other, "Ask for it")
    expect(other.get_by_text("another person of the team has to agree")).to_be_visible()
    assert_accessible(other)
    other.goto("/p/peer/trial/conduct/wave/baseline/")
    expect(other.get_by_text(study_id)).to_be_visible()
    assert_accessible(other)
    page.reload()
    press(page, "Agree, and open the data")
    expect(page.get_by_text("The data are open.")).to_be_visible()
    assert data_lock(study.programme) is None

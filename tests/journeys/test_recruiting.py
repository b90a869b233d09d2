"""Recruitment in a real browser: a list, an announcement, the public page it leads to, the way off the list."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.study import PROTOCOL, Study, make_study

from confrere.people import actions as people
from confrere.post.models import Letter
from confrere.trial import queries
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DIRECTOR = "dr.vega@example.org"


@pytest.fixture
def study(site: str, standing_keys: None) -> Study:
    """A trial that recruits, and its director."""
    made, now = make_study(), timezone.now()
    made.open(PROTOCOL, now=now)
    person = people.create_account(email=DIRECTOR, name="Dr. Vega", zone="UTC", now=now)
    people.grant_role(person=person, programme=made.programme, role="director", now=now, actor=Actor.system("test"))
    return made


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_a_list_to_the_public_page_and_off_the_list(
    width: int, study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page(width)
    sign_in(page, DIRECTOR)
    page.goto("/p/peer/trial/recruiting/")
    assert_accessible(page)
    page.get_by_role("link", name="Say who may take part").click()
    page.get_by_label("Who may take part?").fill("Every physician at General.")
    page.get_by_label("Whom can people ask?").fill("Dr. Vega, 555 0100")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Import a list").click()
    page.get_by_label("Paste the list").fill("Ama Osei, ama@example.org\nBo Lind; bo@example.org\nnobody\n")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("2 addresses were added.")).to_be_visible()
    expect(page.get_by_text("Line 3:")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Back to recruitment").click()
    page.get_by_role("link", name="Write it 1").click()
    page.get_by_label("Subject").fill("Something to read")
    page.get_by_label("Text").fill("Dear colleagues, a study of coaching begins.")
    page.get_by_role("button", name="Save and look at the letter").click()
    assert_accessible(page)
    page.get_by_role("link", name="Send it to everyone on the list").click()
    assert_accessible(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("2 wait for their turn")).to_be_visible()
    body = Letter.objects.get(to="ama@example.org").body
    links = re.findall(r"http\S+", body)
    stranger = browser_page(width)
    stranger.goto(links[0].replace("http://localhost/", "/"))
    expect(stranger.get_by_text("Every physician at General.")).to_be_visible()
    expect(stranger.get_by_text("two named people can link it").first).to_be_visible()
    assert_accessible(stranger)
    assert stranger.context.cookies() == []
    stranger.goto(links[1].replace("http://localhost/", "/"))
    assert_accessible(stranger)
    stranger.get_by_role("button", name="Send me no further announcement").click()
    expect(stranger.get_by_role("heading", name="You get no further announcement")).to_be_visible()
    assert_accessible(stranger)
    steps = {step.name: step.count for step in queries.funnel(queries.required(study.programme))}
    assert (steps["mailed"], steps["visited"], steps["consented"]) == (2, 1, 0)
    page.goto("/p/peer/trial/recruiting/represented/")
    assert_accessible(page)

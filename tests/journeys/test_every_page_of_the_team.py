"""The pages on which a team runs a study, one after the other, in a real browser: at two widths, with axe.

A small study with people, answers, a frozen data set and a value in question is made by the rooms' own actions; each
page is opened by whoever it belongs to.
"""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.study import DIRECTOR, PROTOCOL, Study, make_study

from confrere.evidence import actions as evidence
from confrere.people import actions as people
from confrere.people.queries import Standing, standing
from confrere.surveys import sealing
from confrere.surveys.models import LetterStop
from confrere.trial import actions

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROLES = ("director", "coordinator", "statistician", "coach")
#: Who opens which pages below the programme's address.
PAGES = {
    "director": (
        "team/",
        "team/sites/",
        "trial/",
        "trial/recruiting/",
        "trial/protocol/parts/draw/",
        "surveys/waves/",
        "surveys/waves/baseline/",
        "surveys/waves/baseline/reminder/",
        "surveys/pulses/",
        "evidence/exports/",
        "evidence/1/public/",
        "coaching/payments/",
    ),
    "coordinator": (
        "surveys/telephone/",
        "surveys/telephone/{person}/",
        "surveys/parcels/",
        "surveys/parcels/item/",
        "trial/conduct/queries/{query}/",
        "trial/conduct/arms/",
    ),
    "statistician": ("trial/conduct/queries/", "trial/conduct/wave/baseline/", "evidence/1/take/"),
    "coach": ("coaching/pay/",),
}


@pytest.fixture
def study(site: str, standing_keys: Path) -> Study:
    """A trial that recruits, with five drawn, one in the middle of the baseline, and somebody in each role."""
    made, now = make_study(), timezone.now()
    made.open(PROTOCOL, now=now)
    for role in ROLES:
        person = people.create_account(email=f"{role}@example.org", name=f"Dr. {role.title()}", zone="UTC", now=now)
        people.grant_role(person=person, programme=made.programme, role=role, now=now, actor=DIRECTOR)
    for number in range(5):
        made.enrol(number, now=now)
    made.join(5, now=now)
    return made


def stands(study: Study, role: str) -> Standing:
    person = people.create_account(email=f"{role}@example.org", name=role, zone="UTC", now=timezone.now())
    found = standing(person=person, programme=study.slug, now=timezone.now())
    assert found is not None
    return found


def look(page: Page, path: str, check: Check) -> None:
    """The page opens, and has no barrier at either width."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        check(page)


def ask_about_a_value(study: Study) -> int:
    asks = {"study_id": next(iter(study.persons)), "wave": "baseline", "question": "gender", "text": "Is this right?"}
    return actions.ask_about(standing=stands(study, "statistician"), now=timezone.now(), **asks)


def test_every_page_of_the_team(study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check) -> None:
    # Takes most of a minute: two dozen pages, each at two widths.
    query = ask_about_a_value(study)
    evidence.freeze(standing=stands(study, "statistician"), now=timezone.now())
    evidence.set_agreement(
        standing=stands(study, "director"), text="I keep the rows on the institute's server.", now=timezone.now()
    )
    here = {"person": next(reversed(study.persons.values())), "query": query}
    for role, paths in PAGES.items():
        page = browser_page(DESK)
        sign_in(page, f"{role}@example.org")
        for path in paths:
            look(page, f"/p/peer/{path.format(**here)}", assert_accessible)
        page.context.close()


def test_a_stop_by_one_click_and_its_undoing(study: Study, browser_page: Pages, assert_accessible: Check) -> None:
    page, study_id = browser_page(PHONE), next(iter(study.persons))
    look(page, reverse("stop_letters", args=[sealing.seal("stop", study.programme, study_id)]), assert_accessible)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert_accessible(page)
    assert LetterStop.objects.get(study_id=study_id).taken_back_on is None
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert LetterStop.objects.get(study_id=study_id).taken_back_on is not None

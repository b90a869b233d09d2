"""A director builds two real protocols from an empty page, in a browser: Kiser's on a desk, Dyrbye's on a phone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from tests.journeys.editing import HOME, build
from tests.study import DIRECTOR, make_study

from confrere.people import actions as people
from confrere.people.roles import Role
from confrere.trial import actions, queries
from confrere.trial.protocol import load_protocol, shipped_protocol

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("standing_keys"),
]
PHONE, DESK = 360, 1280


@pytest.mark.parametrize(("name", "width"), [("kiser2024", DESK), ("dyrbye2019", PHONE)])
def test_a_director_builds_a_protocol_from_an_empty_page(
    name: str,
    width: int,
    browser_page: Callable[[int], Page],
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    study, now = make_study(), timezone.now()
    person = people.create_account(email="ada@example.org", name="Ada", zone="UTC", now=now)
    people.grant_role(person=person, programme=study.programme, role=Role.DIRECTOR, now=now, actor=DIRECTOR)
    page = browser_page(width)
    sign_in(page, "ada@example.org")
    build(page, name, assert_accessible)
    for place in (HOME, f"{HOME}text/", f"{HOME}read/", f"{HOME}versions/2/"):
        page.goto(place)
        assert_accessible(page)
    newest = queries.newest_version(study.programme)
    assert newest is not None
    built, shipped = load_protocol(newest.text), load_protocol(shipped_protocol(name))
    assert replace(built, sha256="") == replace(shipped, sha256="")


def test_the_cap_is_computed_while_hours_are_typed(
    browser_page: Callable[[int], Page], sign_in: Callable[[Page, str], None]
) -> None:
    study, now = make_study(), timezone.now()
    person = people.create_account(email="ada@example.org", name="Ada", zone="UTC", now=now)
    people.grant_role(person=person, programme=study.programme, role=Role.DIRECTOR, now=now, actor=DIRECTOR)
    kiser = shipped_protocol("kiser2024")
    actions.draft(programme=study.programme, site=study.site, protocol=kiser, actor=DIRECTOR, now=now)
    page = browser_page(DESK)
    sign_in(page, "ada@example.org")
    page.goto(f"{HOME}parts/places/")
    page.get_by_label("Coach hours from the draw on").fill("448.5")
    page.get_by_label("Coach hours after the wave month3").fill("461.5")
    page.get_by_text("At most 138 places").wait_for()

"""Code from the letter → passkey → sign out → sign in with the passkey: in a real browser, under the real policy."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn, mailed_code

from confrere.people import actions, queries
from confrere.people.roles import Role
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

COACH = "i.lindqvist@example.org"


@pytest.fixture
def coach(site: str) -> int:
    """A coach in a programme, who has never been here."""
    now, actor = timezone.now(), Actor.system("test")
    person = actions.create_account(email=COACH, name="Dr. Ines Lindqvist", zone="UTC", now=now)
    at = actions.create_site(slug="uni", name="University Hospital", zone="UTC", now=now, actor=actor)
    peer = actions.create_programme(site=at, slug="peer", name="Peer coaching", zone="UTC", now=now, actor=actor)
    actions.grant_role(person=person, programme=peer, role=Role.COACH, now=now, actor=actor)
    return person


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_coach_makes_a_passkey_and_comes_back_with_it(
    width: int,
    coach: int,
    browser_page: Pages,
    passkey_device: Callable[[Page], None],
    assert_accessible: Check,
) -> None:
    page = browser_page(width)
    passkey_device(page)

    page.goto("/accounts/login/?next=/accounts/")
    expect(page.get_by_role("heading", name="Or with a passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Email").fill(COACH)
    page.get_by_role("button", name="Mail me a code").click()

    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This code is not right").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Make a passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Name").fill("Ward telephone")
    page.get_by_role("button", name="Make the passkey").click()

    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("Ward telephone").first).to_be_visible()
    assert [key.name for key in queries.passkeys(coach)] == ["Ward telephone"]
    assert_accessible(page)

    page.get_by_role("link", name="Sign out here").click()
    assert_accessible(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/p/peer/")

    page.goto("/accounts/")
    page.get_by_role("link", name="Remove Ward telephone").click()
    expect(page.get_by_text("your role needs one").first).to_be_visible()
    assert_accessible(page)


def test_with_a_passkey_the_code_asks_for_it_too(
    coach: int, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page(PHONE)
    sign_in(page, COACH)
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(COACH)
    page.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Now your passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/p/peer/")


def test_a_device_without_a_passkey_is_said_in_words(
    coach: int, browser_page: Pages, passkey_device: Callable[[Page], None]
) -> None:
    page = browser_page(PHONE)
    passkey_device(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not read")).to_be_visible()

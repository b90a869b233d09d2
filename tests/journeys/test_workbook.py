"""A workbook in a real browser: set up, opened by passkey and by code, shown, lost; the server never reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import PHONE, Check, Pages, mailed_code

from confrere.coaching.models import Workbook
from confrere.people import actions
from confrere.people.roles import Role
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OSEI, COACH = "a.osei@example.org", "i.lindqvist@example.org"
BOOK = "/p/peer/coaching/workbook/"

type PlugIn = Callable[..., tuple[Any, str]]


@pytest.fixture
def physician(site: str) -> int:
    """A participant with a coach in the programme; both have never been here."""
    now, actor = timezone.now(), Actor.system("test")
    at = actions.create_site(slug="uni", name="University Hospital", zone="UTC", now=now, actor=actor)
    peer = actions.create_programme(site=at, slug="peer", name="Peer coaching", zone="UTC", now=now, actor=actor)
    people = [
        actions.create_account(email=email, name=name, zone="UTC", now=now)
        for email, name in ((OSEI, "Dr. Ama Osei"), (COACH, "Dr. Ines Lindqvist"))
    ]
    for person, role in zip(people, (Role.PARTICIPANT, Role.COACH), strict=True):
        actions.grant_role(person=person, programme=peer, role=role, now=now, actor=actor)
    return people[0]


@pytest.fixture
def plug_in() -> PlugIn:
    """A device with or without the passkey's secret; returns its browser's tools and its name there."""

    def plug_in(page: Page, *, prf: bool = True) -> tuple[Any, str]:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": prf,
        }
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return devtools, made["authenticatorId"]

    return plug_in


def enter(page: Page, email: str, *, onward: str = BOOK) -> None:
    """By a mailed code, to the workbook."""
    page.goto(f"/accounts/login/?next={onward}")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Mail me a code").click()
    page.wait_for_url("**/accounts/login/code/**")
    page.get_by_label("Code").fill(mailed_code())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{onward}*")


def make_passkey(page: Page) -> None:
    page.goto(f"/accounts/passkeys/add/?next={BOOK}")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"**{BOOK}")


def set_up(page: Page) -> str:
    """Set the workbook up; the recovery code, as it is printed."""
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Make my recovery code").click()
    groups = page.locator("[data-groups] li")
    expect(groups).to_have_count(7)
    code = groups.all_inner_texts()
    asked = page.locator("[data-asked]").inner_text().rpartition(":")[2]
    first, second = (int(number) for number in asked.split(","))
    page.locator("#repeated").fill(f"{code[first - 1]} {code[second - 1]}".lower())
    page.get_by_role("button", name="It is in a safe place").click()
    expect(page.get_by_label("Where we left off")).to_be_visible()
    return " ".join(code)


def write(page: Page, text: str) -> None:
    page.get_by_label("Where we left off").fill(text)
    page.get_by_role("button", name="Save now").click()
    expect(page.get_by_role("status").filter(has_text="Saved, sealed.")).to_be_visible()


def close(page: Page) -> None:
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Open with the code")).to_be_visible()


def open_by_code(page: Page, code: str) -> None:
    page.locator("#typed").fill(code)
    page.get_by_role("button", name="Open with the code").click()


def test_written_in_the_last_minute_and_opened_again_by_either_way(
    physician: int, browser_page: Pages, plug_in: PlugIn, assert_accessible: Check
) -> None:
    page = browser_page(PHONE)
    plug_in(page)
    enter(page, OSEI)
    make_passkey(page)
    assert_accessible(page)
    code = set_up(page)
    assert_accessible(page)
    write(page, "Ask the chief about Tuesdays")
    close(page)
    assert_accessible(page)
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_label("Where we left off")).to_have_value("Ask the chief about Tuesdays")
    close(page)
    open_by_code(page, code[:-1] + ("2" if code[-1] != "2" else "3"))
    expect(page.get_by_role("alert")).to_contain_text("slip in group 7")
    open_by_code(page, code)
    expect(page.get_by_label("Where we left off")).to_have_value("Ask the chief about Tuesdays")
    stored = Workbook.objects.get()
    assert b"Tuesdays" not in bytes(stored.sealed)
    assert len(stored.sealed) == 4096 + 28

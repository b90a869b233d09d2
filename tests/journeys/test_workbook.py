"""A workbook in a real browser: set up, opened by passkey and by code, shown, lost; the server never reads it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, mailed_code

from confrere.coaching.models import Showing, Workbook, WorkbookLock
from confrere.people import actions
from confrere.people.models import User
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
    page.wait_for_url(re.compile(rf"//[^/]+{BOOK}$"))  # the page left behind names it, too


def set_up(page: Page, *, without_prf: bool = False) -> str:
    """Set the workbook up; the recovery code, as it is printed."""
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Make my recovery code").click()
    if without_prf:
        expect(page.get_by_role("alert")).to_contain_text("it cannot open a workbook")
    return repeat(page)


def repeat(page: Page) -> str:
    """Read the code that is shown, and type the two groups that are asked for."""
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


def test_without_the_secret_in_the_passkey_the_code_opens_it(
    physician: int, browser_page: Pages, plug_in: PlugIn
) -> None:
    page = browser_page(DESK)
    plug_in(page, prf=False)
    enter(page, OSEI)
    make_passkey(page)
    code = set_up(page, without_prf=True)
    write(page, "Two evenings without charts")
    assert [way.kind for way in WorkbookLock.objects.all()] == ["code"]
    close(page)
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("it cannot open a workbook. Use the recovery code.")
    open_by_code(page, code)
    expect(page.get_by_label("Where we left off")).to_have_value("Two evenings without charts")


def nothing_left(page: Page) -> None:
    """No storage of this browser holds anything of this site but the cookies of the session."""
    left = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
        (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert left == [0, 0, 0, 0, 0]


def test_on_a_shared_computer_with_the_code_alone_nothing_is_left(
    physician: int, browser_page: Pages, assert_accessible: Check
) -> None:
    own = browser_page(PHONE)
    enter(own, OSEI)
    code = set_up(own)
    write(own, "Hand over the Tuesday clinic")

    # The account has a new address meanwhile: the workbook belongs to the person.
    User.objects.filter(pk=physician).update(email="ama.new@example.org")
    shared = browser_page(DESK)
    enter(shared, "ama.new@example.org")
    shared.clock.install()
    open_by_code(shared, "2222" + code[4:])
    expect(shared.get_by_role("alert")).to_contain_text("slip in group 1")
    open_by_code(shared, code.lower().replace(" ", "-"))
    expect(shared.get_by_label("Where we left off")).to_have_value("Hand over the Tuesday clinic")
    assert_accessible(shared)
    nothing_left(shared)
    shared.get_by_label("Vision").fill("Leave on time")
    shared.clock.fast_forward("05:01")
    expect(shared.get_by_role("alert")).to_contain_text("Closed after five minutes without a touch.")
    expect(shared.get_by_role("button", name="Open with the code")).to_be_visible()
    assert shared.get_by_label("Where we left off").input_value() == ""
    nothing_left(shared)
    shared.go_back()
    assert "Tuesday clinic" not in shared.content()
    assert own.get_by_label("Where we left off").input_value() == "Hand over the Tuesday clinic"

    # The window at home does not overwrite what was written there.
    own.get_by_label("Where we left off").fill("An older thought")
    own.get_by_role("button", name="Save now").click()
    expect(own.get_by_role("alert")).to_contain_text("saved from another window meanwhile")


def test_a_second_device_a_new_code_and_an_older_copy(physician: int, browser_page: Pages, plug_in: PlugIn) -> None:
    page = browser_page(DESK)
    enter(page, OSEI)
    first = set_up(page)  # there is no passkey yet
    write(page, "First words")
    before = Workbook.objects.values("version", "sealed").get()
    write(page, "Second words")
    close(page)

    plug_in(page)  # now a device with a passkey
    make_passkey(page)
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This passkey is new to your workbook.")
    open_by_code(page, first)
    expect(page.get_by_role("status").filter(has_text="this passkey opens your workbook too")).to_be_visible()
    page.get_by_role("button", name="New recovery code").click()
    second = repeat(page)
    close(page)
    open_by_code(page, first)
    expect(page.get_by_role("alert")).to_contain_text("This code does not open this workbook.")
    page.reload()
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_label("Where we left off")).to_have_value("Second words")
    close(page)

    # Older ciphertext in the place of the newest does not open as the newest, nor as what it is without being told so.
    newest = Workbook.objects.values("version", "sealed").get()
    Workbook.objects.update(sealed=before["sealed"])
    open_by_code(page, second)
    expect(page.get_by_role("alert")).to_contain_text("is not what you saved last")
    Workbook.objects.update(**before)
    page.reload()
    open_by_code(page, second)
    expect(page.get_by_role("alert")).to_contain_text(f"Saved last, sent: {newest['version']}, {before['version']}")
    page.get_by_label("Open the older version all the same").check()
    open_by_code(page, second)
    expect(page.get_by_label("Where we left off")).to_have_value("First words")
    write(page, "Third words")
    close(page)
    open_by_code(page, second)
    expect(page.get_by_label("Where we left off")).to_have_value("Third words")


def test_both_lost_is_gone_and_one_begins_anew(physician: int, browser_page: Pages) -> None:
    page = browser_page(PHONE)
    enter(page, OSEI)
    code = set_up(page)
    write(page, "Nobody reads this again")
    close(page)
    page.get_by_text("I have lost both").click()
    expect(page.get_by_text("Then nobody can open it: not we, not your coach, not a court.")).to_be_visible()
    page.get_by_role("button", name="Begin a new workbook").click()
    set_up(page)
    assert page.get_by_label("Where we left off").input_value() == ""
    page.reload()
    open_by_code(page, code)
    expect(page.get_by_role("alert")).to_contain_text("This code does not open this workbook.")
    page.get_by_text("Earlier workbooks").click()
    page.get_by_role("button", name="Return to earlier workbook 1").click()
    open_by_code(page, code)  # found again
    expect(page.get_by_label("Where we left off")).to_have_value("Nobody reads this again")


def test_goals_a_review_a_copy_and_what_the_coach_sees(
    physician: int, browser_page: Pages, plug_in: PlugIn, assert_accessible: Check
) -> None:
    page, coach = browser_page(PHONE), browser_page(DESK)
    enter(page, OSEI)
    set_up(page)
    page.get_by_role("button", name="Evenings without charts").click()
    expect(page.get_by_label("Vision")).to_have_value(re.compile("My notes are done"))
    page.get_by_label("Goal 1 of this week").fill("Close charts on Monday")
    page.get_by_role("button", name="Review the week: one minute").click()
    assert_accessible(page)
    review = page.get_by_role("dialog")
    review.get_by_role("combobox").first.select_option("Done")
    review.get_by_role("spinbutton").first.fill("6")
    review.get_by_label("One line: what helped?").fill("A door that closes")
    review.get_by_label("Next week, goal 1").fill("And on Tuesday")
    review.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Goal 1 of this week")).to_have_value("And on Tuesday")
    expect(page.locator("svg.chart")).to_have_count(1)  # of the two others nothing was said
    page.get_by_label("Reflection", exact=True).fill("It was the door.")
    page.get_by_role("button", name="Keep this reflection").click()
    page.get_by_text("Earlier reflections").click()
    expect(page.get_by_text("It was the door.")).to_be_visible()
    assert_accessible(page)

    with page.expect_download() as given:
        page.get_by_role("button", name="Save a copy on this device").click()
    copy = given.value.path().read_text("utf-8")
    assert "- Done: Close charts on Monday" in copy
    assert "A door that closes" in copy

    plug_in(coach)
    coach.goto("/accounts/login/?next=/p/peer/coaching/shown/")
    coach.get_by_label("Email").fill(COACH)
    coach.get_by_role("button", name="Mail me a code").click()
    coach.wait_for_url("**/accounts/login/code/**")
    coach.get_by_label("Code").fill(mailed_code())
    coach.get_by_role("button", name="Sign in").click()
    coach.get_by_role("button", name="Make the passkey").click()
    coach.get_by_role("button", name="Make six digits").click()
    assert_accessible(coach)
    digits = coach.locator("[data-digits]").inner_text()
    page.get_by_label("Six digits").fill("000 000" if digits != "000 000" else "000 001")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("alert")).to_contain_text("No device waits under these digits.")
    page.get_by_label("Six digits").fill(digits)
    page.get_by_role("button", name="Show it").click()
    expect(coach.get_by_text("A door that closes")).to_be_visible()
    assert_accessible(coach)
    assert coach.locator("textarea, input:not([type=hidden])").count() == 0
    assert not Showing.objects.exists()
    coach.get_by_role("button", name="Close it").click()
    expect(coach.get_by_role("button", name="Make six digits")).to_be_visible()
    assert "A door that closes" not in coach.content()
    nothing_left(coach)

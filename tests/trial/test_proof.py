"""The check of a record in a real browser gives the verdict of the command line, whatever was done to the record."""

import copy
import hashlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.study import DIRECTOR, Study

from confrere.cli import main
from confrere.people import actions as people
from confrere.people.models import User
from confrere.science.allocation import (
    AllocationRecord,
    Arm,
    Batch,
    BigStick,
    Enrolled,
    Entry,
    Margins,
    Minimisation,
    PermutedBlocks,
    Scheme,
    Simple,
    commit,
    draw_batch,
    leaf,
    next_arm,
    roster_root,
    verify_record,
)
from confrere.trial import actions

KEY = hashlib.sha256(b"a key for the browser's tests").digest()
PROTOCOL = hashlib.sha256(b"a protocol").hexdigest()
SECOND = hashlib.sha256(b"from the statistician").digest()
STRATA = ("woman · yes;a", "man · no;a", 'keine Angabe "ä" 𝔘\u007f', "man · no;b")
TWO, THREE = (Arm("coaching"), Arm("control")), (Arm("now", 2), Arm("später"), Arm("later still"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PICTURES = os.environ.get("CONFRERE_PICTURES")  # a folder, to look at the page
VERIFY = """async (records) => {
  const { verifyRecord } = await import("/static/trial/verify.js");
  const verdicts = [];
  for (const text of records) verdicts.push(await verifyRecord(JSON.parse(text)));
  return verdicts.map(({ verified, first }) => [verified, first]);
}"""


def roster(size: int) -> list[Enrolled]:
    marks = [hashlib.sha256(str(number).encode()).digest()[:16] for number in range(size)]
    strata = [STRATA[(number * number + number // 5) % len(STRATA)] for number in range(size)]
    return [Enrolled(leaf(nonce=m, study_id="S-1", stratum=s), s) for m, s in zip(marks, strata, strict=True)]


def rolling(scheme: Scheme, arms: tuple[Arm, ...], size: int = 40) -> AllocationRecord:
    histories: dict[str, list[str]] = {stratum: [] for stratum in STRATA}
    margins, entries = Margins(), []
    for each in roster(size):
        history = histories[each.stratum]
        arm = next_arm(
            scheme,
            key=KEY,
            protocol_sha256=PROTOCOL,
            stratum=each.stratum,
            history=history,
            arms=arms,
            margins=margins,
        )
        entries.append(Entry(len(history), each.stratum, each.leaf, arm))
        history.append(arm)
        margins.add(each.stratum, arm)
    return record(scheme, arms, entries)


def batch(arms: tuple[Arm, ...], size: int = 31) -> AllocationRecord:
    people = roster(size)
    drawn = draw_batch(key=KEY, second=SECOND, protocol_sha256=PROTOCOL, roster=people, arms=arms)
    seen: dict[str, int] = {}
    entries = []
    for each in people:
        seen[each.stratum] = seen.get(each.stratum, -1) + 1
        entries.append(Entry(seen[each.stratum], each.stratum, each.leaf, drawn[each.leaf]))
    return record(Simple(), arms, entries, Batch(SECOND.hex(), roster_root(people)))


def record(
    scheme: Scheme, arms: tuple[Arm, ...], entries: list[Entry], closed: Batch | None = None
) -> AllocationRecord:
    return AllocationRecord(
        protocol_sha256=PROTOCOL,
        scheme=scheme,
        arms=arms,
        commitment=commit(KEY),
        entries=tuple(entries),
        batch=closed,
    )


HONEST = (
    rolling(BigStick(3), TWO),
    rolling(BigStick(2), THREE),
    rolling(PermutedBlocks((4, 8)), THREE),
    rolling(PermutedBlocks((2, 4, 6)), TWO),
    rolling(Minimisation(80), TWO),
    rolling(Minimisation(80, "variance"), TWO, size=90),
    rolling(Minimisation(70), THREE, size=90),
    rolling(Minimisation(95, "variance"), (*THREE, Arm("never", 3)), size=90),
    rolling(Simple(), THREE),
    rolling(Simple(), TWO, size=0),
    batch(TWO),
    batch(THREE),
)


def spoilt(whole: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A record with one thing changed, sometimes with links that the forger made to fit again."""
    data = copy.deepcopy(whole)
    where = dice.choice([data, *data["entries"]]) if data["entries"] else data
    field = dice.choice(sorted(set(where) - {"entries"}))
    other = dice.choice(data["entries"])[field] if field in ("stratum", "leaf", "arm") else None
    where[field] = other or changed(where[field])
    if dice.random() < 0.5 and data["entries"]:
        relinked(data)
    if dice.random() < 0.2 and data["entries"]:
        data["entries"].pop(dice.randrange(len(data["entries"])))
    return data


def changed(value: object) -> object:
    """Another value of the same kind."""
    match value:
        case str():
            return value[:-1] + ("0" if value.endswith("1") else "1")
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return value[::-1]
    schemes = {"name": "big-stick", "mti": 7}, {"name": "minimisation", "percent": 80, "measure": "range"}
    return schemes[value == schemes[0]]


def relinked(data: dict[str, Any]) -> None:
    def digest(value: object) -> str:
        return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    link = digest({name: value for name, value in data.items() if name not in ("key", "entries", "last_link")})
    for entry in data["entries"]:
        bare = {name: value for name, value in entry.items() if name != "link"}
        entry["link"] = link = digest({"before": link, "entry": bare})
    data["last_link"] = link


def as_client(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def page() -> Iterator[Page]:
    """A window of Debian's Chromium, without calls home."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 360, "height": 740})
        yield page
        page.goto("about:blank")
        browser.close()
        connections.close_all()  # playwright's loop has given this test a connection of its own


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_browser_and_command_line_agree(live_server: LiveServer, page: Page) -> None:
    dice = random.Random(20261122)
    honest = [made.published(key=KEY) for made in HONEST]
    sealed = [made.published() for made in HONEST]
    spoils = [spoilt(dice.choice(honest), dice) for _ in range(600)]
    records = [*honest, *sealed, *spoils]
    page.goto(f"{live_server.url}/proof/")
    found = page.evaluate(VERIFY, [json.dumps(each) for each in records])
    expected = [verify_record(each) for each in records]
    assert [verified for verified, _ in found] == [each.verified for each in expected]
    named = [(at, each.first_failure) for at, each in enumerate(expected) if each.first_failure is not None]
    assert [(at, found[at][1]) for at, _ in named] == named
    assert all(each.verified for each in expected[: len(honest)])
    assert len(named) > 150  # some spoils change nothing, or what a whole new record may say


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_stranger_checks_a_file(live_server: LiveServer, page: Page, tmp_path: Path) -> None:
    good, bad, none = (tmp_path / f"{name}.json" for name in ("good", "bad", "none"))
    whole = HONEST[0].published(key=KEY)
    good.write_text(json.dumps(whole))
    whole["entries"][4]["arm"] = "control" if whole["entries"][4]["arm"] == "coaching" else "coaching"
    bad.write_text(json.dumps(whole))
    none.write_text("not JSON")
    page.goto(f"{live_server.url}/proof/")
    verdict = page.get_by_role("status")
    for file, said in (
        (good, "Draws made again and found as printed: 40."),
        (bad, "Line 5: The link to the line before does not fit"),
        (none, "This is not a file of JSON text."),
    ):
        page.get_by_label("A record as a file").set_input_files(file)
        expect(verdict).to_contain_text(said)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"proof-{file.stem}.png", full_page=True)
    assert [each["id"] for each in Axe().run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_member_checks_the_programmes_own_record(live_server: LiveServer, page: Page, bare: Study) -> None:
    bare.open(now=timezone.now())
    person = people.create_account(email="leader@example.org", name="Lee", zone="UTC", now=timezone.now())
    people.grant_role(person=person, programme=bare.programme, role="leader", now=timezone.now(), actor=DIRECTOR)
    client = as_client(person)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/p/{bare.slug}/trial/proof/")
    expect(page.get_by_text("is published when recruitment has ended")).to_be_visible()
    expect(page.get_by_role("button", name="Check this programme's record")).to_have_count(0)
    actions.close_and_publish(programme=bare.programme, actor=DIRECTOR, now=timezone.now())
    page.reload()
    page.get_by_role("button", name="Check this programme's record").click()
    expect(page.get_by_role("status")).to_contain_text("The record holds.")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_participant_finds_the_own_line(live_server: LiveServer, page: Page, bare: Study, tmp_path: Path) -> None:
    bare.open(now=timezone.now())
    study_ids = [bare.enrol(number, now=timezone.now()) for number in range(3)]
    client = as_client(bare.persons[study_ids[1]])
    assert "receipt.json" in client.get(f"/p/{bare.slug}/trial/mine/").content.decode()
    receipt, record = tmp_path / "receipt.json", tmp_path / "record.json"
    receipt.write_bytes(client.get(f"/p/{bare.slug}/trial/mine/receipt.json").content)
    record.write_text(
        json.dumps(actions.close_and_publish(programme=bare.programme, actor=DIRECTOR, now=timezone.now()))
    )
    assert main(["verify", str(record), "--receipt", str(receipt)]) == 0
    page.goto(f"{live_server.url}/proof/")
    page.get_by_label("Your receipt").set_input_files(receipt)
    page.get_by_label("A record as a file").set_input_files(record)
    status = page.get_by_role("status")
    expect(status).to_contain_text("Your line is number 2.")
    held = json.loads(receipt.read_text())
    for number, spoil in enumerate(({"nonce": "00" * 16}, {"arm": "another"}, {"nonce": 7})):
        other = tmp_path / f"spoilt{number}.json"  # the same file again would be no change to the browser
        other.write_text(json.dumps(held | spoil))
        page.get_by_label("Your receipt").set_input_files(receipt)
        expect(status).to_contain_text("Your line is number 2.")
        page.get_by_label("Your receipt").set_input_files(other)
        expect(status).to_contain_text("Your line was not found.")


def test_nothing_drawn_gives_no_receipt(bare: Study) -> None:
    bare.open(now=timezone.now())
    study_id = bare.join(1, now=timezone.now())
    answer = as_client(bare.persons[study_id]).get(f"/p/{bare.slug}/trial/mine/receipt.json")
    assert answer.status_code == 404
    assert "Nothing was drawn for you" in answer.content.decode()

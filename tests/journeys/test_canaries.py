"""Random words typed into workbooks and consultations are looked for everywhere: on disk, in logs, mail and memory.

The real command runs in processes of its own, and a real Chromium with a profile on disk types. A small number of
words by default; `CONFRERE_CANARIES=1000` for the full hunt. Takes a minute, because the demo has to begin.
"""

import base64
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import override

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from psycopg.conninfo import make_conninfo
from tests.journeys.conftest import FLAGS
from tests.journeys.simulated import SOURCE, Demo
from tests.journeys.test_workbook import close, open_by_code, set_up

from confrere.web.postgres.binaries import find_binaries
from confrere.web.postgres.roles import OWNER

pytestmark = [pytest.mark.journey, pytest.mark.slow]

MANY = int(os.environ.get("CONFRERE_CANARIES", "20"))
#: Of these, so many go through the mail form; a mail holds at most a hundred of them.
MAILED = max(1, MANY // 10)
AT_ONCE = 100
#: Controls stand where this product keeps things in the clear: the hunt must find them.
KINDS = ("workbook", "mail", "control")


@dataclass
class Hunt:
    """Words of 16 random octets that begin alike for each kind, so that one look finds them all."""

    marks: dict[str, str] = field(default_factory=lambda: {kind: secrets.token_hex(8) for kind in KINDS})

    def words(self, kind: str, many: int) -> list[str]:
        return [self.marks[kind] + secrets.token_hex(16) for _ in range(many)]

    def shapes(self) -> dict[str, list[bytes]]:
        """What is looked for: as it was typed, as a browser keeps it in memory, as it would be encoded."""
        return {kind: shapes(mark) for kind, mark in self.marks.items()}


def shapes(word: str) -> list[bytes]:
    """UTF-8, UTF-16, and the three ways in which base64 can cut it."""
    plain = word.encode()
    cut = [base64.b64encode(b"\0" * skip + plain)[4 if skip else 0 : -4] for skip in range(3)]
    return [plain, word.encode("utf-16-le"), *cut]


def found_in(octets: bytes, hunt: Hunt) -> set[str]:
    return {kind for kind, looks in hunt.shapes().items() if any(look in octets for look in looks)}


def found_under(folder: Path, hunt: Hunt) -> dict[str, set[str]]:
    """Kind → the files in which it stands."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            for kind in found_in(file.read_bytes(), hunt):
                found[kind].add(str(file.relative_to(folder)))
    return found


def processes(demo: Demo) -> dict[int, str]:
    """Every process of the site: the command's descendants, and the database server's."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            continue  # ended meanwhile
    family = {demo.process.pid, demo.server()}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    names = {}
    for pid in family:
        with suppress(FileNotFoundError):  # ended meanwhile
            names[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:80]
    return names


def found_in_memory(pid: int, hunt: Hunt) -> set[str]:
    """What stands in the writable memory of a process, block by block."""
    found: set[str] = set()
    try:
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    except FileNotFoundError:
        return found  # a connection that ended meanwhile: its memory is gone with it
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(each, 16) for each in span.split("-"))
            if rights.startswith("rw") and "[vvar]" not in line:
                try:
                    memory.seek(start)
                    found |= found_in(memory.read(end - start), hunt)
                except (OSError, OverflowError):
                    continue  # a region that nobody may read, such as a device's
    return found


class Logged(Demo):
    """The demo with all that its processes say in a file."""

    @override
    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        self.log = self.data / "said.log"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CONFRERE_", "DJANGO_"))}
        with self.log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "confrere.cli", *arguments],
                env={**kept, "CONFRERE_DATA": str(self.data), "PYTHONPATH": str(SOURCE)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def dump(self) -> bytes:
        """Everything in the database, as `pg_dump` of its owner writes it."""
        for pid in processes(self):
            said = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
            if address := re.search(r"CONFRERE_DATABASE=([^\0]+)", said):
                break
        assert address is not None
        owner = make_conninfo(address[1], user=OWNER)
        return subprocess.run([find_binaries().program("pg_dump"), owner], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def demo() -> Iterator[Logged]:
    running = Logged()
    try:
        running.start()
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        running.remove()


@pytest.fixture
def profile() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="confrere-profile-") as folder:
        yield Path(folder)


def enter(page: Page, demo: Demo, role: str) -> None:
    page.goto(demo.sign_ins[role])
    page.get_by_role("button", name="Go in").first.click()
    page.wait_for_url("**/p/peers/")


def batches(words: list[str]) -> Iterator[str]:
    for at in range(0, len(words), AT_ONCE):
        yield " ".join(words[at : at + AT_ONCE])


def write_all(page: Page, words: list[str]) -> None:
    """Into every kind of field, a hundred words at a time, each batch sealed and saved."""
    for batch in batches(words):
        page.get_by_label("Where we left off").fill(batch)
        page.get_by_label("Vision").fill(batch)
        page.get_by_label("Goal 1 of this week").fill(batch[:300])
        page.get_by_label("Reflection", exact=True).fill(batch)
        page.get_by_role("button", name="Keep this reflection").click()
        expect(page.get_by_role("status").filter(has_text="Saved, sealed.")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Save now").click()
        expect(page.get_by_role("status").filter(has_text="Saved, sealed.")).to_be_visible(timeout=20_000)


def ask_by_mail(page: Page, demo: Demo, words: list[str]) -> None:
    for batch in batches(words):
        page.goto(demo.url + "/consultation/")
        page.get_by_label("Where the answer goes").fill("me@example.org")
        page.get_by_label("Your question").fill(batch)
        page.get_by_role("button", name="Send it now").click()
        expect(page.get_by_text("Their mail system has it now.")).to_be_visible()


def show_to_coach(page: Page, coach: Page, word: str) -> None:
    coach.goto("/p/peers/coaching/shown/")
    coach.get_by_role("button", name="Make six digits").click()
    digits = coach.locator("[data-digits]")
    expect(digits).not_to_be_empty()
    page.get_by_label("Six digits").fill(digits.inner_text())
    page.get_by_role("button", name="Show it").click()
    expect(coach.get_by_text(word).first).to_be_visible()


def plant_controls(page: Page, demo: Demo, hunt: Hunt) -> None:
    """In the clear where this product keeps things in the clear, and in a storage of the browser that we never use."""
    page.goto(demo.url + "/accounts/")
    page.get_by_label("Name", exact=True).fill(hunt.marks["control"])
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    page.evaluate("word => localStorage.setItem('control', word)", hunt.marks["control"])


def type_everything(context: BrowserContext, coach: Page, demo: Logged, hunt: Hunt) -> None:
    page = context.new_page()
    page.set_default_timeout(20_000)
    enter(page, demo, "Participant, in the middle of coaching")
    page.goto(demo.url + "/p/peers/coaching/workbook/")
    code = set_up(page)
    words = hunt.words("workbook", MANY - MAILED)
    write_all(page, words)
    close(page)
    open_by_code(page, code)
    expect(page.get_by_label("Where we left off")).to_have_value(re.compile(words[-1]))
    enter(coach, demo, "Coach")
    show_to_coach(page, coach, words[0])
    close(page)
    ask_by_mail(page, demo, hunt.words("mail", MAILED))
    plant_controls(page, demo, hunt)
    page.goto(demo.url + "/p/peers/")


def test_no_word_of_a_workbook_or_a_consultation_is_anywhere(
    demo: Logged, profile: Path, chromium: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    hunt = Hunt()
    coach_context = chromium.new_context(base_url=demo.url)
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path="/usr/bin/chromium", args=FLAGS, base_url=demo.url
    )
    type_everything(context, coach_context.new_page(), demo, hunt)
    context.close()
    coach_context.close()

    dump = found_in(demo.dump(), hunt)
    memory: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for pid, name in processes(demo).items():
        for kind in found_in_memory(pid, hunt):
            memory[kind].add(name)
    demo.stop()
    site, browser = found_under(demo.data, hunt), found_under(profile, hunt)
    with capsys.disabled():
        for place, found in (("dump", dump), ("memory", memory), ("site", site), ("browser", browser)):
            sys.stdout.write(f"\n{MANY} canaries, {MAILED} of them by mail: {place}: {found}")

    assert dump == {"control"}
    assert site["workbook"] == set()  # data directory, write-ahead log, server logs, letters, shares, keys
    # The folder of the demo's letters stands for the recipient's mail system, which keeps its mail.
    assert {Path(file).parent.name for file in site["mail"]} == {"letters"}
    assert len(site["mail"]) == -(-MAILED // AT_ONCE)
    assert {"pg_wal", "base"} <= {part for file in site["control"] for part in Path(file).parts}
    assert (browser["workbook"], browser["mail"]) == (set(), set())
    assert browser["control"] != set()
    # A mail passes through the memory of the web process, where its place is free but not overwritten: not promised.
    assert memory["workbook"] == set()
    assert any(name.startswith("postgres:") for name in memory["control"])

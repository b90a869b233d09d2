"""Walks the tutorial "First evening with the demo": its bold words are what the browser does and reads."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.simulated import Walk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "first-evening.md"
#: How often a page is looked at, half a second apart, until it says what it should.
LOOKS = 120
BOLD = re.compile(r"\*\*(.+?)\*\*")
STEP = re.compile(r"(Go in as|[Cc]hoose|[Ff]ollow|[Pp]ress|[Rr]ead|[Tt]ap|[Aa]nswer) \*\*(.+?)\*\*")


def steps(text: str) -> list[tuple[str, str]]:
    """(verb, words) of each step, in order. A bold name without a verb is something to read."""
    flat = " ".join(text.split())
    named = {found.end(): (found[1].lower(), found[2]) for found in STEP.finditer(flat)}
    return [named.get(found.end(), ("read", found[1])) for found in BOLD.finditer(flat)]


def walk_through(walk: Walk, *, answer: Callable[[Walk], None]) -> int:
    """Do every step of the tutorial; how many there were. `answer` answers the question on the screen."""
    page = walk.page
    done = steps(PAGE.read_text())
    for verb, words in done:
        if verb == "go in as":
            walk.enter(words)
        elif verb == "choose":
            walk.place(words)
            page.wait_for_load_state()
        elif verb == "press":
            walk.press(words)
        elif verb == "answer":
            answer(walk)
        elif words == "the next session to book":
            page.get_by_role("link", name=re.compile("^Book session")).click()
        elif words == "the first free time":
            page.locator("label.slot").first.click()
        elif verb == "follow":
            page.get_by_role("link", name=words).first.click()
        else:
            read(page, words)
    return len(done)


def read(page: Page, words: str) -> None:
    """The page says so; at the latest when the worker has sent the letters of the story."""
    for _again in range(LOOKS):
        if page.get_by_text(words).locator("visible=true").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()

"""A physician answers on a phone, in a real browser: without a connection, in two tabs, without scripts."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages
from tests.study import DIRECTOR, make_study

from confrere.surveys import actions, links, queries
from confrere.surveys.definition import Kind, Option, Question
from confrere.surveys.models import Answer, Response

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STEPS = tuple(Option(value=str(code), label=label) for code, label in enumerate(("Never", "Rarely", "Often", "Always")))
WARDS = (Option(value="surgery", label="Surgery"), Option(value="medicine", label="Medicine"))
THEMES = (Option(value="sleep", label="Sleep"), Option(value="team", label="The team"))
#: One of each kind, with a branch and a repeated answer, and rows enough for forty edits.
QUESTIONS = (
    Question(name="ward", kind=Kind.CHOICE, text="Where do you work?", options=WARDS),
    Question(name="hello", kind=Kind.NOTE, text="The next questions are about [ward]."),
    Question(name="hours", kind=Kind.NUMBER, text="Hours a week?", low=0, high=120, whole=True),
    Question(name="nights", kind=Kind.NUMBER, text="Nights on call?", low=0, high=31, condition="ward == 'surgery'"),
    Question(name="themes", kind=Kind.CHOICES, text="What is on your mind?", options=THEMES, required=False),
    Question(
        name="life", kind=Kind.SLIDER, text="Quality of life", low=0, high=100, low_label="worst", high_label="best"
    ),
    Question(name="since", kind=Kind.DATE, text="Since when?", latest="2026-12-31"),
    Question(name="title", kind=Kind.LINE, text="Your title", required=False),
    Question(name="words", kind=Kind.TEXT, text="Anything about [ward]?", required=False),
    *(
        Question(name=f"row_{n}", kind=Kind.LIKERT, text=f"Statement {n}", low=0, high=3, options=STEPS)
        for n in range(30)
    ),
)


@dataclass(frozen=True)
class Survey:
    """An open survey and its link."""

    url: str
    response: int

    @property
    def row(self) -> Response:
        return Response.objects.get(pk=self.response)

    @property
    def answers(self) -> dict[str, object]:
        return dict(queries.answers_of(self.row))


@pytest.fixture
def survey(site: str, standing_keys: object) -> Survey:
    study, now = make_study(), timezone.now()
    place = {"programme": study.programme, "site": study.site}
    actions.publish(**place, slug="baseline", title="Baseline", questions=QUESTIONS, actor=DIRECTOR, now=now)
    whose = {"programme": study.programme, "study_id": "S-AAAA-AAAA", "wave": "month3"}
    response = actions.open_response(
        **whose,
        site=study.site,
        questionnaire="baseline",
        opens=now - timedelta(hours=1),
        closes=now + timedelta(days=7),
        now=now,
    )
    return Survey(reverse("answer", args=[links.token(**whose)]), response)


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Save and go on|Go on)$")).click()


def ready(page: Page) -> None:
    page.locator("[data-answering][data-ready=yes]").wait_for()


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator("label.choice", has_text=re.compile(f"^{label}$")).click()
    go_on(page)


def type_in(page: Page, value: str) -> None:
    page.locator("main form :is(input[type=number], input[type=date], input[type=text], textarea)").fill(value)
    go_on(page)


def asks(page: Page, text: str) -> None:
    expect(page.locator("[data-screen]")).to_contain_text(text)


def one_of_each_kind(page: Page, look: Callable[[], None]) -> None:
    """From the first question to the first row of the statements."""
    asks(page, "Where do you work?")
    look()
    choose(page, "Surgery")
    asks(page, "The next questions are about Surgery.")
    go_on(page)
    asks(page, "Hours a week?")
    look()
    type_in(page, "60")
    asks(page, "Nights on call?")
    type_in(page, "4")
    asks(page, "What is on your mind?")
    look()
    choose(page, "Sleep", "The team")
    asks(page, "Quality of life")
    look()
    type_in(page, "61")
    asks(page, "Since when?")
    look()
    type_in(page, "2024-02-29")
    asks(page, "Your title")
    type_in(page, "")
    asks(page, "Anything about Surgery?")
    look()
    type_in(page, "More sleep")
    asks(page, "Statement 0")
    look()


KINDS = {
    "ward": "surgery",
    "hours": 60,
    "nights": 4,
    "themes": ["sleep", "team"],
    "life": 61,
    "since": "2024-02-29",
    "title": None,
    "words": "More sleep",
}
WAITS = re.compile(r"Kept on this device, not saved yet")
#: Seconds that really pass without a connection, beside the ten minutes of the browser's clock.
OFFLINE = float(os.environ.get("CONFRERE_OFFLINE", "0"))


def forget_the_worker(page: Page) -> None:
    """The browser ends its worker, as it does half a minute after the last request; the next one starts it anew."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.detach()


def test_forty_edits_without_a_connection_are_all_saved_once(
    browser_page: Pages, survey: Survey, assert_accessible: Check
) -> None:
    page = browser_page(PHONE)
    page.clock.install()  # only the browser's clock is moved: ten minutes pass at once
    page.goto(survey.url)
    ready(page)
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    one_of_each_kind(page, lambda: None)  # eight answers
    page.clock.fast_forward("05:00")
    for number in range(20):
        asks(page, f"Statement {number}")
        choose(page, "Often")
    expect(page.locator("[data-status]")).to_have_text(WAITS)
    expect(page.locator("[data-waiting]")).to_have_text("28")
    assert not Answer.objects.exists()
    asks(page, "Statement 20")
    for _back in range(2):
        page.get_by_role("link", name="Back to the question before").click()
    asks(page, "Statement 18")
    expect(page.get_by_label("Often")).to_be_checked()
    choose(page, "Never")
    asks(page, "Statement 19")
    choose(page, "Never")
    asks(page, "Statement 20")
    time.sleep(OFFLINE)
    forget_the_worker(page)
    page.reload()  # the phone was locked, the tab thrown away: the next question opens all the same
    asks(page, "Statement 20")
    ready(page)
    assert_accessible(page)
    for number in range(20, 30):
        asks(page, f"Statement {number}")
        choose(page, "Rarely")
    expect(page.locator("[data-waiting]")).to_have_text("40")
    assert stored(page) == {"rows": 40, "extractable": [False], "readable": False}
    assert not Answer.objects.exists()
    page.clock.fast_forward("05:00")
    expect(page.locator("[data-waiting]")).to_have_text("40")
    page.context.set_offline(False)
    page.get_by_role("heading", name="Every question has its answer").wait_for()
    page.get_by_role("button", name="Send my answers").wait_for(timeout=60_000)  # forty answers, one after the other
    expected = {f"row_{n}": 2 if n < 18 else 0 if n < 20 else 1 for n in range(30)}
    assert survey.answers == KINDS | expected
    assert Answer.objects.count() == 40
    assert len(set(Answer.objects.values_list("key", flat=True))) == 40
    assert stored(page) == {"rows": 0, "extractable": [], "readable": False}
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_role("heading", name="Thank you. Your answers have arrived.").wait_for()
    page.wait_for_function(
        "caches.open('confrere-surveys').then(c => c.keys()).then(k => !k.some(r => r.url.includes('/a/kept/')))"
    )
    assert survey.row.completed_at is not None


def stored(page: Page) -> object:
    """What lies in the browser: how many rows, whether a key can be read out, whether any answer stands in clear."""
    return page.evaluate(
        """async () => {
          const db = await new Promise((resolve) => {
            const request = indexedDB.open("confrere-answers", 1);
            request.onsuccess = () => resolve(request.result);
          });
          const rows = await new Promise((resolve) => {
            const request = db.transaction("waiting").objectStore("waiting").getAll();
            request.onsuccess = () => resolve(request.result);
          });
          db.close();
          const text = rows.map((row) => new TextDecoder().decode(row.sealed)).join(" ") + JSON.stringify(rows);
          return {
            rows: rows.length,
            extractable: [...new Set(rows.map((row) => row.key.extractable))],
            readable: /surgery|More sleep|row_/.test(text) || localStorage.length + sessionStorage.length > 0,
          };
        }"""
    )


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_each_kind_of_question_is_answered_by_keyboard_and_read_aloud(
    browser_page: Pages, survey: Survey, assert_accessible: Check, width: int
) -> None:
    page = browser_page(width)
    page.goto(survey.url)
    ready(page)
    one_of_each_kind(page, lambda: assert_accessible(page))
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("[data-screen]")).to_be_focused()
    expect(page.locator("[data-screen]")).to_have_attribute("aria-label", "Question 10 of 39")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    asks(page, "Statement 1")
    page.go_back()
    asks(page, "Statement 0")
    expect(page.get_by_label("Rarely")).to_be_checked()
    page.go_back()
    asks(page, "Anything about Surgery?")
    page.goto(f"{survey.url}?q=hours")
    ready(page)
    type_in(page, "200")
    expect(page.get_by_text("Please give a number from 0 to 120.")).to_be_visible()
    expect(page.get_by_label("Hours a week?")).to_be_focused()
    assert_accessible(page)
    assert survey.answers == KINDS | {"row_0": 1}


def test_of_two_tabs_the_newest_answer_counts_and_the_other_is_shown(browser_page: Pages, survey: Survey) -> None:
    first = browser_page(PHONE)
    first.goto(survey.url)
    ready(first)
    second = first.context.new_page()
    second.goto(survey.url)
    ready(second)
    choose(first, "Surgery")
    expect(first.get_by_role("status")).to_have_text("Saved.")
    choose(second, "Medicine")
    expect(second.locator("[data-notices]")).to_contain_text("In another tab you had answered otherwise")
    expect(second.locator("[data-notices] q")).to_have_text("Surgery")
    assert [row.value for row in Answer.objects.order_by("pk")] == ["surgery", "medicine"]


def test_after_its_window_a_survey_keeps_what_was_typed_until_it_is_deleted(
    browser_page: Pages, survey: Survey
) -> None:
    page = browser_page(PHONE)
    page.goto(survey.url)
    ready(page)
    page.context.set_offline(True)
    choose(page, "Surgery")
    expect(page.locator("[data-status]")).to_have_text(WAITS)
    Response.objects.update(opens=timezone.now() - timedelta(days=9), closes=timezone.now() - timedelta(days=1))
    page.context.set_offline(False)
    notice = page.locator("[data-notices]")
    expect(notice).to_contain_text("This survey closed on")
    expect(notice).to_contain_text("Where do you work?: Surgery")
    assert not Answer.objects.exists()
    notice.get_by_role("button", name="Delete them from this device").click()
    page.get_by_role("link", name="To your home page").wait_for()
    expect(page.locator("main")).to_contain_text("This survey closed on")
    assert stored(page) == {"rows": 0, "extractable": [], "readable": False}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_without_scripts_every_answer_is_saved_too(chromium: Browser, survey: Survey, site: str, width: int) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(survey.url)
    one_of_each_kind(page, lambda: None)
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert survey.answers == KINDS
    page.get_by_role("link", name="Back to the question before").click()
    asks(page, "Anything about Surgery?")
    context.clear_cookies()  # the page grows too old while it is open
    type_in(page, "Even more sleep")
    expect(page.locator("main")).to_contain_text("What you answered is still here. Save it once more.")
    go_on(page)
    asks(page, "Statement 0")
    assert survey.answers["words"] == "Even more sleep"
    context.close()

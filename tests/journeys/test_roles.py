"""Each role's way through the simulated programme, in a real Chromium at two widths: nothing is mocked.

One file, so that one worker starts one demo for all of it. The last test pulls the plug.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.journeys.simulated import DESK, PHONE, Demo, Walk
from tests.journeys.tutorial import walk_through

pytestmark = [pytest.mark.journey, pytest.mark.slow]

NEW = "Robin Adeyemi", "robin.adeyemi@physicians.example"
CODED, COACHED = "Participant, in the middle of coaching", "Participant, coached first"

type Begin = Callable[..., Walk]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo, from its start to its end in good order."""
    running = Demo()
    try:
        running.start()
        yield running
        assert running.stop() == 0
    finally:
        running.remove()


@pytest.fixture
def begin(demo: Demo, chromium: Browser) -> Iterator[Begin]:
    """Open a browser, and go in by a role's link if one is named; at the end nobody may have complained."""
    walks: list[Walk] = []

    def open_at(width: int, role: str = "") -> Walk:
        walk = Walk(chromium.new_context(viewport={"width": width, "height": 800}), demo)
        walks.append(walk)
        if role:
            walk.enter(role)
        return walk

    yield open_at
    for walk in walks:
        walk.page.context.close()
    assert [complaint for walk in walks for complaint in walk.complaints] == []


def answer(page: Page) -> str:
    """Give the question on the screen some answer; what kind of question it was."""
    form = page.locator("main form")
    if form.locator("input[type=radio]").count():
        form.locator("label.choice").first.click()
        return "choice"
    if form.locator("input[type=checkbox]").count():
        form.locator("label.choice").first.click()
        return "choices"
    number = form.locator("input[type=number]")
    if number.count():
        number.fill(number.get_attribute("max") or "12")
        return "number"
    form.locator("textarea").fill("Nothing to add.")
    return "text"


def number_of(page: Page) -> int:
    """Which question is on the screen."""
    found = re.match(r"Question (\d+) of", page.title())
    assert found is not None, page.title()
    return int(found[1])


def sign_in_by_code(walk: Walk, address: str, *, after: int) -> None:
    """Type the code of the next letter to this address."""
    walk.page.get_by_label("Code").fill(walk.demo.code(address, after=after))
    walk.press("Sign in")


def join(walk: Walk, path: str, name: str, address: str, *, looks: bool) -> str:
    """From the recruitment link to the first question; the address of the survey."""
    walk.go(path)
    if looks:
        walk.look("Peer coaching for physicians")
    walk.page.get_by_label("Your name").fill(name)
    walk.page.get_by_label("Your e-mail address").fill(address)
    walk.press("Send me a code")
    walk.page.get_by_role("heading", name="Enter the code").wait_for()
    if looks:
        walk.look("Enter the code")
    sign_in_by_code(walk, address, after=0)
    walk.page.get_by_role("heading", name="What taking part means").wait_for()
    if looks:
        walk.look("What taking part means")
    walk.page.get_by_label("Your full name, as your signature").fill(name)
    walk.page.get_by_label("I have read this and agree").check()
    walk.press("Sign and take part")
    if looks:
        walk.look("My part in the study")
    expect(walk.page.get_by_text("Your place is held until")).to_be_visible()
    walk.follow("Answer the first survey")
    walk.page.wait_for_url("**/a/**")
    return walk.page.url.partition("?")[0]


def go_on(walk: Walk, screens: int, *, looks: bool = False) -> None:
    """Answer so many screens (each kind of question is looked at once); ends at the last one's successor."""
    seen: set[str] = set()
    for _screen in range(screens):
        before = walk.page.url
        kind = answer(walk.page)
        if looks and kind not in seen:
            seen.add(kind)
            walk.look("Baseline")
        walk.press("Save and go on")
        expect(walk.page).not_to_have_url(before)
        expect(walk.page.locator("main h1")).to_be_attached()
        if walk.page.title().startswith("Question"):
            expect(walk.page.get_by_role("status")).to_have_text("Saved.")


@pytest.fixture(scope="module")
def recruitment(demo: Demo, chromium: Browser) -> str:
    """The path of the recruitment link, as the coordinator reads it."""
    context = chromium.new_context()
    walk = Walk(context, demo)
    walk.enter("Coordinator")
    walk.go("/p/peers/trial/")
    found: str | None = walk.page.locator("main .lead a").get_attribute("href")
    context.close()
    assert found is not None
    return found.removeprefix(demo.url)


def test_the_first_evening_goes_as_the_tutorial_says(begin: Begin) -> None:
    walk = begin(DESK)
    assert walk_through(walk, answer=lambda walk: go_on(walk, 1)) > 30


def test_a_stranger_consents_answers_stops_and_goes_on_and_is_drawn(begin: Begin, recruitment: str) -> None:
    walk = begin(PHONE)
    survey = join(walk, recruitment, *NEW, looks=True)
    go_on(walk, 4, looks=True)
    assert number_of(walk.page) == 5

    elsewhere = begin(DESK)  # the same link, another device, hours later
    elsewhere.page.goto(survey)
    assert number_of(elsewhere.page) == 5
    of = re.search(r"of (\d+)", elsewhere.page.title())
    assert of is not None
    go_on(elsewhere, int(of[1]) - 4, looks=True)
    elsewhere.look("Every question has its answer")
    elsewhere.press("Send my answers")
    elsewhere.look("Thank you. Your answers have arrived.")

    walk.go("/p/peers/trial/mine/")
    walk.look("My part in the study")
    expect(walk.page.get_by_text("Chance decided: your coaching starts")).to_be_visible()
    walk.go("/p/peers/")
    walk.look("Robin Adeyemi")


def test_a_participant_books_in_four_taps_and_meets_colleagues(begin: Begin) -> None:
    walk = begin(PHONE, CODED)
    walk.look("Good")
    walk.place("Coaching")  # 1
    walk.look("Coaching")
    before = walk.page.locator("main ul.lines li").count()
    walk.page.get_by_role("link", name=re.compile("^Book session")).click()  # 2
    walk.page.get_by_role("heading", name=re.compile("^Session")).wait_for()
    walk.look("Session")
    walk.page.locator("label.slot").first.click()  # 3
    walk.press("Book this time")  # 4
    walk.page.wait_for_url("**/coaching/sessions/**")
    walk.look(" to ")
    walk.place("Coaching")
    assert walk.page.locator("main ul.lines li").count() == before + 1
    walk.follow("Limits of confidentiality")  # read before the first session, long ago
    walk.look("Limits of confidentiality")
    walk.page.get_by_text("You said on").wait_for()
    walk.place("Coaching")
    walk.follow("See all coaches")
    walk.look("Coaches")

    walk.place("Lounge")
    walk.look("Lounge")
    walk.follow("Ask colleagues")
    walk.look("Ask colleagues")
    walk.page.get_by_label("Specialty").select_option("cardiology")
    walk.page.get_by_label("Your question in one line").fill("Whom do you leave on a statin at eighty?")
    walk.press("Ask")
    walk.look("What helps a specialist")
    walk.follow("Leave it as it is")
    walk.look("Whom do you leave on a statin at eighty?")
    walk.go("/me/what-exists/")
    walk.look("What exists about me")


def test_a_colleague_answers_what_was_asked(begin: Begin) -> None:
    walk = begin(PHONE, COACHED)
    walk.place("Lounge")
    walk.follow("Only those that wait for an answer")
    walk.follow("Whom do you leave on a statin at eighty?")
    walk.page.get_by_label("Your answer").fill("Whoever wants to *stay* on it and can say why.")
    walk.press("Answer")
    expect(walk.page.get_by_text("Whoever wants to stay on it")).to_be_visible()
    walk.look("One answer")
    walk.place("Study")
    walk.look("My part in the study")


def test_a_coach_confirms_a_session_and_offers_hours(begin: Begin) -> None:
    walk = begin(DESK, "Coach")
    walk.look("Good")
    walk.place("Calendar")  # from Today, the tutorial has gone already
    walk.page.locator("main ul.lines a").first.click()
    walk.look(" to ")
    walk.press("It happened")
    expect(walk.page.get_by_text("You said: It happened.")).to_be_visible()
    walk.place("Calendar")
    walk.look("Calendar")
    walk.follow("Your page")
    walk.look("Your page")
    walk.place("Hours")
    walk.look("Hours you offer")
    day = datetime.now(tz=UTC).date() + timedelta(days=10)
    for label, typed in (("Day", day.isoformat()), ("From", "05:00"), ("Until", "06:30")):
        walk.page.get_by_label(label, exact=True).fill(typed)
    walk.press("Offer these hours")
    expect(walk.page.get_by_text("05:00 – 06:30")).to_be_visible()
    walk.place("Lounge")
    walk.look("Lounge")


def test_a_coordinator_sees_who_has_not_booked_and_no_result(begin: Begin) -> None:
    walk = begin(DESK, "Coordinator")
    walk.look("Good")
    walk.go("/p/peers/coaching/waiting/")  # Today leads here on days when somebody is on the list
    walk.look("Not yet booked")
    walk.place("People")
    walk.look("People")
    walk.place("Programme")
    walk.look("Peer coaching for physicians")
    assert walk.go("/p/peers/evidence/") == 403
    walk.look("That did not work")


def test_a_statistician_computes_the_page_s_table_again(begin: Begin, demo: Demo, tmp_path: Path) -> None:
    walk = begin(DESK, "Statistician")
    walk.look("Good")
    walk.place("Results")
    walk.look("Results")
    walk.press("Freeze the answers as they are now")
    walk.page.wait_for_url("**/evidence/2/")
    fetched = {name: walk.page.context.request.get(f"{walk.page.url}{name}") for name in FILES}
    assert [answer.status for answer in fetched.values()] == [200] * len(FILES)
    for name, file in fetched.items():
        (tmp_path / name).write_bytes(file.body())
    again = demo.command(
        *("analyze", str(tmp_path / "data.csv"), "--plan", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "out"))
    )
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert (tmp_path / "out" / "table3.csv").read_bytes() == (tmp_path / "table3.csv").read_bytes()


FILES = ("data.csv", "plan.toml", "table3.csv")


def test_a_director_reads_the_flow_and_releases(begin: Begin) -> None:
    walk = begin(DESK, "Director")
    walk.look("Good")
    walk.place("Programme")
    expect(flow(walk.page, "Allocated by chance")).to_have_text("25")
    walk.place("People")
    walk.look("People")
    walk.follow("Allocated by chance")
    walk.look("Allocated by chance (25)")
    expect(walk.page.get_by_role("main").get_by_text(NEW[0])).to_be_visible()
    walk.place("Results")
    walk.press("Release the sentences and this table to leaders")
    expect(walk.page.get_by_text("Released to leaders on")).to_be_visible()


def flow(page: Page, label: str) -> Locator:
    """The count in the flow's box with this label."""
    return page.locator(".flow-count").filter(has_text=label).locator("strong")


def test_a_leader_reads_what_was_released_and_nothing_else(begin: Begin) -> None:
    walk = begin(DESK, "Leader")
    walk.look("Good")
    walk.place("Results")
    walk.look("Results")
    expect(walk.page.locator("table")).to_have_count(1)
    forbidden = ("evidence/2/", "evidence/2/data.csv", "trial/", "trial/people/", "lounge/", "coaching/", "letters/")
    assert {path: walk.go(f"/p/peers/{path}") for path in forbidden} == dict.fromkeys(forbidden, 403)
    assert walk.go("/p/another/evidence/") == 404


def test_a_moderator_reads_the_lounge_and_no_result(begin: Begin) -> None:
    walk = begin(PHONE, "Moderator")
    walk.look("Good")
    walk.place("Lounge")
    walk.look("Lounge")
    walk.follow("Whom do you leave on a statin at eighty?")
    walk.look("Whom do you leave on a statin at eighty?")
    assert walk.go("/p/peers/evidence/") == 403


def test_an_operator_sees_that_letters_leave_and_nobody_s_words(begin: Begin) -> None:
    walk = begin(DESK, "Operator")
    walk.look("Good")
    walk.place("Letters")
    walk.look("Letters")
    expect(walk.page.get_by_text("The worker runs")).to_be_visible()
    assert walk.go("/demo/letters/") == 200
    walk.look("Mails of this demo")
    assert walk.go("/p/peers/lounge/") == 403


def test_after_a_killed_server_everything_acknowledged_is_there(begin: Begin, recruitment: str, demo: Demo) -> None:
    walk = begin(PHONE)
    survey = join(walk, recruitment, "Kim Osei", "kim.osei@physicians.example", looks=False)
    go_on(walk, 3)
    booked = begin(PHONE, CODED)
    booked.place("Coaching")
    sessions = booked.page.locator("main ul.lines").inner_text()

    demo.kill_server()
    demo.start()

    walk.page.goto(survey)
    assert number_of(walk.page) == 4
    walk.page.goto(survey + "?q=gender")
    expect(walk.page.locator("input[type=radio]:checked")).to_have_count(1)
    booked.go("/p/peers/coaching/")  # still signed in
    assert booked.page.locator("main ul.lines").inner_text() == sessions

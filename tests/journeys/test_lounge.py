"""Members in a real browser at two widths: the way in, a question with one hand, a moderator's morning, and without
sight. What a device keeps: `test_lounge_device.py`.

Each journey has a database of its own and looks at every page with axe at both widths: some seconds each.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.people.door.conftest import Town, doctor, town

from confrere.lounge import actions
from confrere.lounge.models import Flag, Post, Question
from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.vault.audit import Actor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

__all__ = ["town"]
LOUNGE = "/p/peers/lounge/"
TITLE = "Whom do you leave on a statin at eighty?"
OSEI = doctor(1, "Ama", "Osei")
type Look = Callable[[Page, str], None]


@pytest.fixture
def look(assert_accessible: Check) -> Look:
    """The page with this heading has no barrier at either width and fits into it."""

    def check(page: Page, heading: str) -> None:
        page.get_by_role("heading", name=heading).first.wait_for()
        before = page.viewport_size
        assert before is not None
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            assert_accessible(page)
        page.set_viewport_size(before)

    return check


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def member(town: Town, name: str, *roles: Role) -> Standing:
    """A verified cardiologist of this name, who has never been here with this browser."""
    person = town.person(name, Role.PARTICIPANT, *roles)
    until = town.now + timedelta(days=300)
    people.verify(
        person=person, specialty="cardiology", evidence="roster", until=until, now=town.now, actor=Actor.system("test")
    )
    found = standing(person=person, programme="peers", now=timezone.now())
    assert found is not None
    return found


def address(who: Standing) -> str:
    return User.objects.get(pk=who.person).email


def asked(who: Standing, title: str, text: str = "") -> Question:
    return actions.ask(standing=who, specialty="cardiology", title=title, text=text, now=timezone.now())


def test_from_the_claim_to_the_first_answer(
    site: str, town: Town, browser_page: Pages, sign_in: SignIn, look: Look
) -> None:
    town.doctors = [OSEI]
    town.import_all()
    town.person("Ama Osei")
    town.roster(OSEI)
    asked(member(town, "Kofi Mensah"), TITLE)
    page = browser_page(PHONE)
    sign_in(page, "ama-osei@mail.example")
    closed = page.goto(LOUNGE)
    assert closed is not None
    assert closed.status == 403  # nobody is in before their credential
    page.goto("/p/peers/door/")
    look(page, "Your verification")
    follow(page, "Begin: four short steps")
    page.get_by_label("First name").fill("Ama")
    page.get_by_label("Last name").fill("Osei")
    look(page, "Which physician you are")
    press(page, "Next")
    page.get_by_label("Your number in the register").fill(OSEI.number)
    press(page, "Next")
    page.get_by_label("State of your licence").fill("ny")
    page.get_by_label("Licence number").fill(OSEI.licence)
    press(page, "Next")
    look(page, "Which physician you are")
    press(page, "Compare with the registers")
    page.wait_for_url("**/door/")
    look(page, "Your verification")
    press(page, "Send me the link")
    page.get_by_text("is on its way there").wait_for()
    body = Letter.objects.filter(body__contains="/door/bind/").latest("pk").body
    page.goto(body[body.index("/p/peers/door/bind/") :].split()[0])
    look(page, "Is it you?")
    press(page, "Yes, it is me")
    page.wait_for_url("**/door/")
    page.goto(LOUNGE)
    look(page, "Lounge")
    follow(page, TITLE)
    look(page, TITLE)
    page.get_by_label("Your answer").fill("Whoever wants to *stay* on it and can say why.")
    press(page, "Answer")
    expect(page.get_by_text("Whoever wants to stay on it")).to_be_visible()
    look(page, "One answer")
    assert Post.objects.get(kind=Post.Kind.ANSWER).author_id == User.objects.get(email="ama-osei@mail.example").pk


#: Seconds by hand, of the keystroke-level model (Card, Moran & Newell 1980): a key that has to be looked for, a tap on
#: something seen, and the thought before each tap. Slow on purpose: one thumb types faster than that.
KEY, TAP, THOUGHT = 0.5, 1.1, 1.35


def test_a_question_is_asked_with_one_hand_in_under_a_minute(
    site: str, town: Town, browser_page: Pages, sign_in: SignIn, look: Look
) -> None:
    asked(member(town, "Kofi Mensah"), "When do you stop metformin before contrast?")
    page = browser_page(PHONE)
    sign_in(page, address(member(town, "Ama Osei")))
    page.goto("/p/peers/")
    page.evaluate("sessionStorage.setItem('began', Date.now())")
    taps = 0

    def tap(role: Literal["link", "textbox", "button"], name: str) -> None:
        """One thumb: what is tapped lies in the window without scrolling sideways, and is 24 pixels at least."""
        nonlocal taps
        taps += 1
        found = page.get_by_role(role, name=name, exact=True).first
        found.wait_for()
        box = found.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert 0 <= box["x"] <= PHONE - box["width"]
        found.click()

    tap("link", "Lounge")
    tap("link", "Ask colleagues")
    expect(page.get_by_label("Specialty")).to_have_value("cardiology")  # one's own; nothing to choose
    tap("textbox", "Your question in one line")
    page.keyboard.type(TITLE)
    tap("button", "Ask")
    page.get_by_role("heading", name="What helps a specialist").wait_for()
    machine = page.evaluate("(Date.now() - Number(sessionStorage.getItem('began'))) / 1000")
    assert Question.objects.latest("pk").title == TITLE
    assert (taps, len(TITLE)) == (4, 40)
    assert machine + taps * (TAP + THOUGHT) + len(TITLE) * KEY < 60
    look(page, "What helps a specialist")


def test_a_moderator_s_morning(site: str, town: Town, browser_page: Pages, sign_in: SignIn, look: Look) -> None:
    author, reader, first, second = (
        member(town, name, *roles)
        for name, roles in (
            ("Ama Osei", ()),
            ("Kofi Mensah", ()),
            ("Ines Lindqvist", (Role.MODERATOR,)),
            ("Wei Li", (Role.MODERATOR,)),
        )
    )
    harmless, wrong = asked(author, "Is this one harmless?", "Yes."), asked(author, "Buy my stent?", "Cheap.")
    for question, reason in ((harmless, Flag.Reason.IDENTIFIER), (wrong, Flag.Reason.ADVERTISING)):
        post = Post.objects.get(question=question)
        actions.flag(standing=reader, post=post, reason=reason, words="", now=timezone.now())
    morning, other = browser_page(DESK), browser_page(PHONE)
    sign_in(morning, address(first))
    morning.goto("/p/peers/")
    expect(morning.get_by_text("2 posts wait for a moderator.")).to_be_visible()
    follow(morning, "Look at them")
    look(morning, "What waits for a moderator")
    morning.get_by_role("article", name="Is this one harmless?").get_by_role("button", name="It stays").click()
    expect(morning.get_by_role("article")).to_have_count(1)
    morning.get_by_role("button", name="Ask for its removal").click()
    expect(morning.get_by_text("You asked for its removal. A second moderator decides.")).to_be_visible()
    sign_in(other, address(second))
    other.goto(f"{LOUNGE}queue/")
    look(other, "What waits for a moderator")
    press(other, "Confirm the removal")
    expect(other.get_by_role("heading", name="Nothing waits")).to_be_visible()
    look(other, "Nothing waits")
    other.goto(LOUNGE)
    expect(other.get_by_role("link", name="Is this one harmless?")).to_be_visible()
    expect(other.get_by_role("link", name="Buy my stent?")).to_have_count(0)
    hers = browser_page(PHONE)
    sign_in(hers, address(author))
    hers.goto(f"{LOUNGE}removed/")
    look(hers, "Removed posts of yours")
    hers.get_by_label("Why it should stand").fill("It was a question about prices.")
    press(hers, "Appeal")
    expect(hers.get_by_text("you appealed; a moderator who took no part decides")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_thread_is_read_and_answered_without_sight(
    width: int, site: str, town: Town, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    asker, peer, reader = (member(town, name) for name in ("Ama Osei", "Kofi Mensah", "Wei Li"))
    question = asked(asker, TITLE, "The patient walks every day.")
    actions.answer(standing=peer, question=question, text="Nobody who *asks*.", source="", now=timezone.now())
    page = browser_page(width)
    sign_in(page, address(reader))
    page.goto(f"{LOUNGE}q/{question.pk}/")
    assert_accessible(page)

    # What is read aloud, in its order: title, who asks, the words; then the answers; then the box.
    heard = page.locator("main").aria_snapshot()
    order = [heard.index(words) for words in (
        f'heading "{TITLE}" [level=1]', "Ama Osei", "The patient walks", 'heading "One answer" [level=2]',
        "Kofi Mensah", "Nobody who", 'heading "Your answer" [level=2]', 'textbox "Your answer"', 'button "Answer"',
    )]  # fmt: skip
    assert order == sorted(order)
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    # What stands later in the text stands lower on the page: eye and ear go the same way.
    tops = page.locator("main h1, main h2, main article").evaluate_all("all => all.map(one => one.offsetTop)")
    assert tops == sorted(tops)

    # The keys alone: the first stop skips to the content, the stops follow the text, and Enter sends.
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    stops: list[str] = []
    while (stop := tabbed(page)) != "Your answer":
        stops.append(stop)
        assert len(stops) < 60, stops
    assert stops.index("Bookmark") < stops.index("Follow") < stops.index("Mute")
    page.keyboard.type("Whoever wants to stay on it.")
    while tabbed(page) != "Answer":
        pass
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 answers")).to_be_visible()


def tabbed(page: Page) -> str:
    """The name of what one more press of Tab leads to; it must be seen that it is there."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    return focused(page)


def focused(page: Page) -> str:
    """The name of what has the focus."""
    found: str = page.evaluate(
        "(one => (one.labels?.[0] ?? one).innerText.split('\\n')[0].trim() || one.getAttribute('aria-label') || '')"
        "(document.activeElement)"
    )
    return found

"""axe-core in a real Chromium over the pages of the front door: two widths, both themes, no violation at all."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from confrere.people.models import Programme
from confrere.people.roles import Role

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OPEN = ["/", "/help-now/", "/appearance/", "/ui/", "/accounts/login/", "/nowhere/"]
SIGNED_IN = ["/p/a/", "/me/", "/me/what-exists/", "/accounts/", "/accounts/logout/", "/p/a/ui/"]
SIZES = [pytest.param(360, 740, id="phone"), pytest.param(1280, 800, id="desk")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, theme: str, width: int, height: int) -> Iterator[Page]:
    """A page that fails the test when the browser blocks or misses anything."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    # A picture still on its way when the next page opens is no fault of the page.
    page.on("requestfailed", lambda gone: None if gone.failure == "net::ERR_ABORTED" else complaints.append(gone.url))
    yield page
    context.close()
    assert [line for line in complaints if "404 (Not Found)" not in line] == []


def violations(page: Page, url: str) -> list[tuple[str, str, list[str]]]:
    """What axe finds on a page: rule, help, and where."""
    page.goto(url)
    found = Axe().run(page, options=RULES).response["violations"]
    return [(url, each["id"], [str(node["target"]) for node in each["nodes"]]) for each in found]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_open_pages_have_no_barrier(page: Page, live_server: LiveServer) -> None:
    for path in OPEN:
        assert violations(page, live_server.url + path) == []
        assert (path, overflow(page)) == (path, 0)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pages_of_a_member_have_no_barrier(
    page: Page,
    live_server: LiveServer,
    programme: Callable[[str], Programme],
    member: Callable[..., Client],
) -> None:
    client = member(programme("a"), roles=(Role.PARTICIPANT, Role.COACH, Role.OPERATOR))
    session = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    for path in SIGNED_IN:
        assert violations(page, live_server.url + path) == []
        assert (path, overflow(page)) == (path, 0)


@pytest.mark.parametrize(("width", "height", "theme"), [(320, 640, "light")])
def test_nothing_is_cut_off_at_320_pixels(page: Page, live_server: LiveServer) -> None:
    for path in OPEN:
        page.goto(live_server.url + path)
        assert (path, overflow(page)) == (path, 0)


@pytest.mark.parametrize(("width", "height", "theme"), [(360, 740, "light")])
def test_the_summary_of_errors_takes_focus(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/ui/")
    assert page.evaluate("document.activeElement.className") == "errors"


@pytest.mark.parametrize(("width", "height", "theme"), [(360, 740, "light")])
def test_a_slider_says_nothing_until_it_is_moved_and_then_types_its_number(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/ui/")
    slider, typed = page.locator(".slider input[type=range]"), page.locator(".slider input[type=number]")
    assert (typed.input_value(), slider.get_attribute("aria-valuetext")) == ("", "–")
    slider.focus()
    slider.press("End")
    assert (typed.input_value(), slider.get_attribute("aria-valuetext")) == ("100", "100")
    typed.fill("40")
    assert slider.input_value() == "40"


@pytest.mark.parametrize(("width", "height", "theme"), [(360, 740, "light")])
def test_the_keyboard_can_skip_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "height", "theme"), [(1280, 800, "dark")])
def test_on_paper_only_the_page_is_left_and_it_is_light(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/ui/")
    page.emulate_media(media="print", color_scheme="dark")
    assert [page.locator(part).is_visible() for part in (".foot", ".masthead .now", "main")] == [False, False, True]
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"

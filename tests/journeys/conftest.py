"""A real browser in front of the real application, at two widths, with a passkey device and an accessibility check."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from confrere.post.models import Letter

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 360, 1280
#: Milliseconds until a page that does not come fails the test.
PATIENCE = 15_000

type Pages = Callable[[int], Page]
type SignIn = Callable[[Page, str], None]
type Check = Callable[[Page], None]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without calls home."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(chromium: Browser, live_server: LiveServer) -> Iterator[str]:
    """The address of the running application. Passkeys work on `localhost`, never on 127.0.0.1."""
    assert live_server.url.startswith("http://localhost:")
    yield live_server.url
    cache.clear()


@pytest.fixture
def browser_page(site: str, chromium: Browser) -> Iterator[Pages]:
    """Open a browser of this width on the site. What the browser complains of (policy, scripts) fails the test."""
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def open_at(width: int) -> Page:
        context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800})
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda note: complaints.append(note.text) if "Content Security Policy" in note.text else None
        )
        return page

    yield open_at
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def passkey_device() -> Callable[[Page], None]:
    """Plug a device into a page's browser that makes passkeys and verifies its user."""

    def plug_in(page: Page) -> None:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        device = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})

    return plug_in


def mailed_code() -> str:
    """The code of the newest letter, as its reader finds it."""
    found = re.search(r"^    (\S+)$", Letter.objects.latest("pk").body, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture
def sign_in(passkey_device: Callable[[Page], None]) -> SignIn:
    """Sign in as the person with this address: a mailed code, and a passkey where the role wants one."""

    def enter(page: Page, email: str) -> None:
        passkey_device(page)
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_role("button", name="Mail me a code").click()
        page.wait_for_url("**/accounts/login/code/**")
        page.get_by_label("Code").fill(mailed_code())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        if "/passkeys/add/" in page.url:
            page.get_by_role("button", name="Make the passkey").click()
            page.wait_for_url(lambda url: "/passkeys/add/" not in url)

    return enter


@pytest.fixture
def assert_accessible() -> Check:
    """axe finds nothing, and nothing makes the page wider than its window."""

    def check(page: Page) -> None:
        answer: dict[str, Any] = Axe().run(page).response
        found = [{"rule": one["id"], "where": [node["html"] for node in one["nodes"]]} for one in answer["violations"]]
        assert found == [], f"{page.url}: {json.dumps(found, indent=1)}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    return check

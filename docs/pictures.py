"""Take the README's pictures from a running demo: 360 and 1280 px wide, light and dark.

    ./dev demo                                # in one terminal
    python docs/pictures.py http://localhost:8000 role=SESSION …

Each `role=SESSION` is the cookie of someone signed in; pages of roles without one are left out.
Writes docs/pictures/<page>-<width>-<theme>.png.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent / "pictures"
#: Page, its address below the demo's, and the role that sees it ("" for strangers).
PAGES = [
    ("welcome", "/", ""),
    ("help-now", "/help-now/", ""),
    ("parts", "/ui/", ""),
    ("today-participant", "/", "participant"),
    ("today-coach", "/", "coach"),
    ("today-director", "/", "director"),
]
SIZES = [(360, 740), (1280, 800)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def take(browser: Browser, demo: str, sessions: dict[str, str]) -> None:
    """One picture per page, size and theme."""
    for width, height in SIZES:
        for theme in ("light", "dark"):
            for name, path, role in PAGES:
                if role and role not in sessions:
                    continue
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
                if role:
                    context.add_cookies([{"name": "session", "value": sessions[role], "url": demo}])
                page = context.new_page()
                page.goto(demo + path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=HERE / f"{name}-{width}-{theme}.png")
                context.close()


def main(demo: str, *given: str) -> None:
    HERE.mkdir(exist_ok=True)
    sessions = dict(pair.split("=", 1) for pair in given)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        take(browser, demo.rstrip("/"), sessions)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Take the README's pictures from a running demo: 360 and 1280 px wide, light and dark.

    ./dev demo                                # in one terminal; it prints a sign-in for each role
    python docs/pictures.py http://localhost:8000 participant=/… coach=/… director=/…

Pages of a role whose sign-in is not given are left out. Writes docs/pictures/<page>-<width>-<theme>.png.
"""

import sys
from pathlib import Path
from typing import Literal

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
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def take(browser: Browser, demo: str, sign_ins: dict[str, str]) -> None:
    """One picture per page, size and theme."""
    for width, height in SIZES:
        for theme in THEMES:
            for name, path, role in PAGES:
                if role and role not in sign_ins:
                    continue
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
                page = context.new_page()
                if role:
                    page.goto(demo + sign_ins[role])
                    page.locator("main button.button").click()
                page.goto(demo + path)
                page.screenshot(path=HERE / f"{name}-{width}-{theme}.png")
                context.close()


def main(demo: str, *given: str) -> None:
    HERE.mkdir(exist_ok=True)
    sign_ins = dict(pair.split("=", 1) for pair in given)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        take(browser, demo.rstrip("/"), sign_ins)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

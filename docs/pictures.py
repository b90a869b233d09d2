"""Take the README's pictures from the simulated programme: run it with the Python of the development environment.

    .venv/bin/python docs/pictures.py

It starts `confrere demo` (which goes on from an earlier start, or makes the programme first), walks to a few pages,
writes docs/pictures/<page>.png with at most 256 colours, and ends the demo.
"""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent / "pictures"
SOURCE = Path(__file__).resolve().parents[1] / "src"
PORT = 8765
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
#: Width, height and pixels per pixel.
PHONE, DESK = (360, 800, 2), (1280, 860, 1)
#: No picture may be larger, in bytes.
LARGEST = 200_000


class Picture(NamedTuple):
    """A page as a role sees it."""

    name: str
    role: str
    size: tuple[int, int, int]
    theme: Literal["light", "dark"]
    walk: Callable[[Page], None]


def to(path: str) -> Callable[[Page], None]:
    """Open a page of the programme."""

    def walk(page: Page) -> None:
        page.goto(f"/p/peers/{path}")

    return walk


def book(page: Page) -> None:
    """Look at a coach's free times."""
    page.goto("/p/peers/coaching/")
    page.get_by_role("link", name=re.compile("^Book session")).click()
    page.locator("label.slot").first.click()


def survey(page: Page) -> None:
    """Answer the first question, and look at the next."""
    page.get_by_role("link", name="Answer now").click()
    page.locator("label.choice").first.click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("Saved.").wait_for()


PICTURES = (
    Picture("today", "Participant, in the middle of coaching", PHONE, "light", to("")),
    Picture("booking", "Participant, in the middle of coaching", PHONE, "light", book),
    Picture("survey", "Participant, with a survey to answer", PHONE, "light", survey),
    Picture("lounge", "Participant, coached first", PHONE, "dark", to("lounge/")),
    Picture("flow", "Director", DESK, "light", to("trial/")),
    Picture("results", "Statistician", DESK, "light", to("evidence/")),
)


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """The running demo; how to go in, by role."""
    command = [sys.executable, "-m", "confrere.cli", "demo", "--no-browser", "--port", str(PORT)]
    running = subprocess.Popen(command, cwd=SOURCE, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own command
    assert running.stdout is not None
    try:
        sign_ins: dict[str, str] = {}
        for line in running.stdout:
            if found := re.fullmatch(r"  (\S.*?)\s{2,}(http\S+)\n", line):
                sign_ins[found[1]] = found[2]
            if line.startswith("Ctrl-C"):
                break
        yield sign_ins
    finally:
        running.terminate()
        running.wait(60)


def take(browser: Browser, picture: Picture, sign_in: str) -> None:
    """Go in, walk to the page, and keep what the window shows."""
    width, height, scale = picture.size
    context = browser.new_context(
        base_url=f"http://localhost:{PORT}",
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=picture.theme,
    )
    page = context.new_page()
    page.goto(sign_in)
    page.get_by_role("button", name="Go in").click()
    page.wait_for_url("**/p/peers/")
    picture.walk(page)
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    file = HERE / f"{picture.name}.png"
    seen.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} is larger than {LARGEST} bytes.")


def main() -> None:
    """Take them all."""
    HERE.mkdir(exist_ok=True)
    with demo() as sign_ins, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for picture in PICTURES:
            take(browser, picture, sign_ins[picture.role])
        browser.close()


if __name__ == "__main__":
    main()

"""The simulated programme as a visitor meets it: the real command in a process of its own, and walks through it."""

import email
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

SOURCE = Path(__file__).parents[2] / "src"
#: Seconds until the demo's sign-ins must be printed, on a machine that does other things beside.
PATIENCE = 300
PHONE, DESK = 360, 1280


class Demo:
    """`confrere demo` with 24 physicians, in a directory of its own."""

    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="confrere-journeys-", dir="/tmp"))
        self.data.chmod(0o711)  # as root, the database server runs under another account
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.sign_ins: dict[str, str] = {}

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """The command line as a person calls it, without anything of the tests' own environment."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CONFRERE_", "DJANGO_"))}
        kept.pop("DATABASE_URL", None)
        return subprocess.Popen(
            [sys.executable, "-m", "confrere.cli", *arguments],
            env={**kept, "CONFRERE_DATA": str(self.data), "PYTHONPATH": str(SOURCE)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        """Start, or go on; returns when the sign-ins are printed."""
        self.process = self.command("demo", "--no-browser", "--people", "24", "--port", str(self.port))
        too_late = threading.Timer(PATIENCE, self.process.kill)
        too_late.start()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = re.fullmatch(r"  (\S.*?)\s{2,}(http\S+)\n", line)
            if found:
                self.sign_ins[found[1]] = found[2]
            if line.startswith("Ctrl-C"):
                break
        too_late.cancel()
        assert self.process.poll() is None, "the demo did not start; its messages are above"

    def stop(self) -> int:
        """Ask it to end, as `kill` does; its exit code."""
        self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        # Not `communicate`: what the demo started may outlive it for a while, and holds the other end of the pipe.
        code = self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def server(self) -> int:
        """The process id of the embedded PostgreSQL server."""
        [file] = self.data.glob("demo/postgres/**/postmaster.pid")
        return int(file.read_text().split()[0])

    def kill_server(self) -> None:
        """Pull the plug: neither server nor supervisor gets a chance to tidy up."""
        server = self.server()
        self.process.kill()
        os.kill(server, signal.SIGKILL)
        self._ended()

    def remove(self) -> None:
        shutil.rmtree(self.data)

    def letters(self, to: str) -> list[EmailMessage]:
        """The letters to this address, the oldest first, as they lie in the demo's folder."""
        files = sorted((self.data / "demo" / "letters").glob("*.eml"))
        read = [email.message_from_bytes(one.read_bytes(), policy=default) for one in files]
        return [letter for letter in read if letter["To"] == to]

    def code(self, to: str, *, after: int = 0) -> str:
        """The sign-in code in the newest letter to this address, once there are more than `after` letters."""
        late = time.monotonic() + 60
        while len(self.letters(to)) <= after:
            assert time.monotonic() < late, f"no letter to {to}"
            time.sleep(0.1)
        words = [letter.get_body(("plain",)) for letter in self.letters(to)]
        codes = [re.search(r"^    (\S+)$", each.get_content(), re.MULTILINE) for each in words if each is not None]
        return [found[1] for found in codes if found is not None][-1]


class Walk:
    """One person's browser. What it complains of, or what a page lacks, is noted and fails the journey's end."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.demo = demo
        self.complaints: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        # A refused page is what some steps ask for; the step itself looks at its status.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def enter(self, role: str) -> None:
        """Go in as somebody simulated, by the link that the demo prints."""
        self.page.goto(self.demo.sign_ins[role])
        self.press("Go in")
        self.page.wait_for_url("**/p/peers/")

    def go(self, path: str) -> int:
        """Open a path; its status."""
        answer = self.page.goto(self.demo.url + path)
        assert answer is not None
        return answer.status

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def place(self, name: str) -> None:
        """Choose one of the places at the bottom (phone) or the side (desk)."""
        self.page.get_by_role("navigation", name="Places").get_by_role("link", name=name).click()

    def look(self, heading: str) -> None:
        """The page with this heading has no barrier at either width, fits into it, and says that it is simulated."""
        self.page.get_by_role("heading", name=heading).first.wait_for()
        size = self.page.viewport_size
        for width in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": 800})
            answer: dict[str, Any] = Axe().run(self.page).response
            for found in answer["violations"]:
                where = json.dumps([node["html"] for node in found["nodes"]])
                self.complaints.append(f"{self.page.url} at {width}: {found['id']}: {where}")
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.complaints.append(f"{self.page.url} is wider than {width}")
        if not self.page.get_by_text("Simulated: nobody here is real.").is_visible():
            self.complaints.append(f"{self.page.url} does not say that it is simulated")
        self.page.set_viewport_size(cast("Any", size))

"""The demo as its visitor meets it: told once, gone on with, and ended without a trace of running processes."""

import http.client
import json
import os
import re
import signal
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from confrere.cli import demo, main


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory that the server's account may enter."""
    for name in [name for name in os.environ if name.startswith("CONFRERE_")]:
        monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="confrere-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setenv("CONFRERE_DATA", folder)
        yield Path(folder) / "demo"


def once_ready(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something as soon as the demo says that it is ready, then ask it to end."""

    def say_and_ask(text: str, **options: bool) -> None:
        print(text)  # noqa: T201  # what the command prints
        if "Ctrl-C" in text:
            act()
            threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGTERM]).start()

    monkeypatch.setattr(demo, "print", say_and_ask, raising=False)


@pytest.mark.slow
def test_a_story_is_told_once_and_gone_on_with(
    data: Path, port: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int] = []

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        answers.append(connection.getresponse().status)
        connection.close()

    once_ready(monkeypatch, visit)
    command = ["demo", "--port", str(port), "--people", "24"]
    assert main(command) == 0
    first = capsys.readouterr()
    assert f"The simulated programme is at http://localhost:{port}\n" in first.out
    ways = re.findall(rf"http://localhost:{port}(/demo/\S+)", first.out)
    assert ways == [path for _, path in json.loads((data / "story.json").read_text())["sign_ins"]]
    assert "Making the simulated programme" in first.err

    assert main([*command, "--no-browser"]) == 0
    second = capsys.readouterr()
    assert second.out == first.out
    assert "Making the simulated programme" not in second.err
    assert answers == [200, 200]
    assert not (data / "running.json").exists()
    assert not (data / "postgres" / "cluster" / "postmaster.pid").exists()


def test_a_browser_is_opened_before_a_screen_only(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setenv("DISPLAY", ":0")
    demo.open_browser("http://localhost:1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    demo.open_browser("http://localhost:2")
    assert opened == ["http://localhost:2"]

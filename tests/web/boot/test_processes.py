"""Processes run together, are started again, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from confrere.web.boot import BootError, processes
from confrere.web.boot.processes import AskedToEnd, Child, end, end_leftovers, supervise, until_asked_to_end
from confrere.web.postgres.leftovers import command_line

FOREVER = "import signal; signal.pause()"
STUBBORN = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('x', flush=True); signal.pause()"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STEP", 0.01)


def child(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-S", "-c", code], os.environ)


def nothing() -> None:
    """Not asked for here."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_being_asked_to_end_ends_every_process_in_order(tmp_path: Path, number: signal.Signals) -> None:
    record = tmp_path / "running.json"
    running: list[int] = []

    def ready() -> None:
        running.extend(pid for pid, _ in json.loads(record.read_text()))
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with until_asked_to_end():
        supervise([child("a", FOREVER), child("b", FOREVER)], record=record, ready=ready, look=nothing, tell=print)
    assert len(running) == 2
    assert [command_line(pid) for pid in running] == [[], []]
    assert not record.exists()
    assert signal.getsignal(number) == before


def test_asking_twice_does_not_disturb_the_end() -> None:
    ended = []
    with until_asked_to_end():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            ended.append("in order")
    assert ended == ["in order"]


def test_a_process_that_ends_is_started_again_and_given_up_after_some_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RESTARTS", 2)
    told: list[str] = []
    with pytest.raises(BootError, match="The worker process ends again and again"):
        supervise(
            [child("web", FOREVER), child("worker", "raise SystemExit(7)")],
            record=tmp_path / "running.json",
            ready=nothing,
            look=nothing,
            tell=told.append,
        )
    assert told == ["The worker process ended (code 7); starting it again."] * 2


def test_a_process_that_does_not_end_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.1)
    process = subprocess.Popen([sys.executable, "-S", "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    end(process)
    assert process.returncode == -signal.SIGKILL
    process.stdout.close()
    processes.kill_group(process.pid)


def test_what_a_killed_supervisor_left_is_ended_and_nothing_else(tmp_path: Path) -> None:
    record = tmp_path / "running.json"
    ours, other = child("web", FOREVER).start(), child("other", FOREVER).start()
    record.write_text(json.dumps([[ours.pid, ours.args], [other.pid, ["something", "else"]], [2**22 + 1, ["x", "y"]]]))
    until = time.monotonic() + 10
    while not command_line(ours.pid) and time.monotonic() < until:
        pass
    end_leftovers(record)
    assert ours.wait(10) == -signal.SIGKILL
    assert other.poll() is None
    end(other)
    record.write_text("broken")
    end_leftovers(record)
    end_leftovers(tmp_path / "none")


def test_the_end_of_a_stranger_is_waited_for() -> None:
    stranger = child("stranger", FOREVER).start()
    killer = threading.Timer(0.2, stranger.kill)
    killer.start()
    processes.wait_until_gone(stranger.pid)
    killer.join()
    assert stranger.wait(10) == -signal.SIGKILL


def test_asked_to_end_is_no_ordinary_error() -> None:
    """Nothing that catches `Exception` on the way may swallow it."""
    assert not issubclass(AskedToEnd, Exception)

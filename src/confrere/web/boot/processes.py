"""Running a few processes together until one is asked to end, and leaving none behind."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confrere.web.boot.errors import BootError
from confrere.web.postgres.leftovers import command_line

STEP = 0.5  # seconds between two looks at the processes
GRACE = 30.0  # seconds that a process may take to finish what it has begun
RESTARTS = 5  # of one process; then something is wrong that a restart does not mend
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run: its name for people, its command, its environment."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]

    def start(self) -> subprocess.Popen[bytes]:
        """Start it apart from our terminal, so that Ctrl-C reaches us alone and we end it in order."""
        return subprocess.Popen(self.command, env=self.environ, stdin=subprocess.DEVNULL, start_new_session=True)


class AskedToEnd(BaseException):
    """Somebody asked us to end: raised wherever we are, so that everything begun is ended in order."""


@contextmanager
def until_asked_to_end() -> Iterator[None]:
    """Run the block until Ctrl-C, SIGTERM or a closed terminal; asking twice changes nothing."""

    def ask(number: int, frame: object) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        raise AskedToEnd

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield
    except AskedToEnd:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(
    children: Sequence[Child],
    *,
    record: Path,
    ready: Callable[[], None],
    look: Callable[[], None],
    tell: Callable[[str], None],
) -> None:
    """Run processes until asked to end; one that ends by itself is started again, a few times.

    `ready` is called once they run, `look` at every step. `record` names them, for whoever comes after a kill.
    Raises `BootError` when a process does not stay up.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    starts = {child.name: 0 for child in children}
    try:
        for child in children:
            running[child.name] = child.start()
        write_record(record, running.values())
        ready()
        while True:
            time.sleep(STEP)
            look()
            for child in children:
                code = running[child.name].poll()
                if code is None:
                    continue
                if starts[child.name] == RESTARTS:
                    raise BootError(f"The {child.name} process ends again and again; its messages are above.")
                tell(f"The {child.name} process ended (code {code}); starting it again.")
                starts[child.name] += 1
                running[child.name] = child.start()
                write_record(record, running.values())
    finally:
        for process in running.values():
            end(process)
        record.unlink(missing_ok=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, wait, and end it and all that it started if it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        kill_group(process.pid)
        process.wait()


def kill_group(pid: int) -> None:
    """End a process and everything that it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def write_record(record: Path, processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Note each process with its command line, by which it is known again."""
    record.write_text(json.dumps([[process.pid, process.args] for process in processes]))


def end_leftovers(record: Path) -> None:
    """End the processes of a supervisor that was killed: they hold the port and the database."""
    try:
        noted = json.loads(record.read_text())
    except (FileNotFoundError, ValueError):
        return
    for pid, command in noted:
        if command[1:] == command_line(pid)[1:]:
            kill_group(pid)
            wait_until_gone(pid)


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process that is no child of ours."""
    while command_line(pid):
        time.sleep(STEP / 10)

"""What a killed server leaves behind.

After `kill -9` two files still name a process that is gone: `postmaster.pid` in the data and the lock beside
the socket. PostgreSQL then refuses to start if the number lives on as a zombie or as another program.
"""

import os
import subprocess
from pathlib import Path

PROC = Path("/proc")


def server_process(data: Path, *, proc: Path = PROC) -> int | None:
    """The process id of the server that runs on this data directory, or None.

    The number in `postmaster.pid` counts only if that process is a PostgreSQL started on this very directory.
    """
    pid = pid_in(data / "postmaster.pid")
    return pid if pid is not None and is_server(pid, data, proc=proc) else None


def pid_in(file: Path) -> int | None:
    """The process id on the first line of a lock file; None if there is no such file or no number in it."""
    try:
        return abs(int(file.read_text().split()[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return None


def is_server(pid: int, data: Path, *, proc: Path = PROC) -> bool:
    """Whether a process is a living server on this data directory; a zombie has no command line."""
    words = command_line(pid, proc=proc)
    return "-D" in words and str(data) in words


def command_line(pid: int, *, proc: Path = PROC) -> list[str]:
    """The words of a process's command line; empty if it is gone or a zombie."""
    try:
        words = os.fsdecode((proc / str(pid) / "cmdline").read_bytes()).split("\0")
        return [word for word in words if word]
    except (FileNotFoundError, ProcessLookupError):
        if (proc / "self").exists():
            return []
    # No /proc, as on macOS. A path with spaces is not split into words there, so both forms are given.
    answer = subprocess.run(
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    text = answer.stdout.strip()
    _, flag, rest = text.partition(" -D ")
    return [*text.split(), flag.strip(), rest.partition(" -c ")[0]]


def clear(data: Path, socket: Path) -> None:
    """Remove the lock files of a server that no longer runs. Call it under the start lock only."""
    (data / "postmaster.pid").unlink(missing_ok=True)
    socket.unlink(missing_ok=True)
    socket.with_name(f"{socket.name}.lock").unlink(missing_ok=True)

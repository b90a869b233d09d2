"""The operating-system account that runs the server.

PostgreSQL refuses to run as root. As root we therefore use an account that already exists and never make one.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from confrere.web.postgres.errors import PostgresError

CANDIDATES = ("postgres", "nobody")


class SpawnOptions(TypedDict, total=False):
    """The part of `subprocess.Popen`'s arguments that changes the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Name, user id and group id; `switch` says whether we must change to it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def spawn_options(self) -> SpawnOptions:
        """What `subprocess` needs to run a program as this account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or directory to this account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program as this account in a bare environment and wait for it.

        Raises `PermissionError` when the account cannot reach the program.
        """
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",  # the account may not be allowed to see the caller's directory
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self.spawn_options(),
        )


def bare_environment() -> dict[str, str]:
    """No `PG…` variable and no locale of the caller reaches the server."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def server_account(uid: int | None = None, candidates: Sequence[str] = CANDIDATES) -> Account:
    """The account for the server: ourselves, or for root the first candidate that exists.

    `uid` is the effective user id; without it the process's own.
    """
    uid = os.geteuid() if uid is None else uid
    if uid != 0:
        entry = pwd.getpwuid(uid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=False)
    for name in candidates:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
    names = " or ".join(f"“{name}”" for name in candidates)
    raise PostgresError(
        f"PostgreSQL does not run as root, and there is no account {names} on this machine. "
        "Make one of them, or start confrère as an ordinary user."
    )

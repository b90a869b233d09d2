"""The server's half of the lock of each workbook: apart from the database, apart from the keys, in no backup.

A share is 32 random octets that never change, and beside it the newest version that was saved under it. Who restores
an older database therefore cannot pass an older workbook off as the newest; who destroys the share makes every copy
of the workbook unreadable, also for the person who wrote it.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from confrere.vault.keys import Folder, KeyTrouble

#: By this file backup programs leave a folder out (tar --exclude-caches, restic, borg): https://bford.info/cachedir/
_TAG: Final = (
    "CACHEDIR.TAG",
    (
        "Signature: 8a477f597d28d172789f06886806bc55\n"
        "# Shares of workbooks: a copy of them would break a promise. Never back this folder up.\n"
    ),
)
#: Ends the names of files that hold a version.
_VERSION: Final = ".version"


class Shares:
    """Shares as files in a folder that only this user may enter."""

    def __init__(self, folder: Path) -> None:
        self._keys = Folder(folder)

    def make(self, number: UUID) -> bytes:
        """The share of a new workbook; the one that is there, if it was made before."""
        name, said = _TAG
        if not (self._keys.folder / name).exists():
            self._keys.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._keys.folder / name).write_text(said)
        with suppress(KeyTrouble):  # made a moment ago, by the same person in another window
            return self._keys.create(_name(number))
        return self._keys.read(_name(number))

    def read(self, number: UUID) -> bytes | None:
        """The share of a workbook; None once it is destroyed."""
        return self._keys.read(_name(number)) if self._keys.exists(_name(number)) else None

    def version(self, number: UUID) -> int:
        """The newest version that was saved; 0 before the first."""
        try:
            return int(self._place(number).read_text("ascii"))
        except FileNotFoundError:
            return 0

    def note(self, number: UUID, version: int) -> None:
        """Remember a version, unless a newer one is remembered or the share is gone."""
        if not self._keys.exists(_name(number)) or version <= self.version(number):
            return
        draft = self._keys.folder / f".{number}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(str(version))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._place(number))

    def destroy(self, number: UUID) -> None:
        """Overwrite and remove the share, for ever; nothing happens where that was done before."""
        with suppress(KeyTrouble):
            self._keys.destroy(_name(number))
        self._place(number).unlink(missing_ok=True)

    def _place(self, number: UUID) -> Path:
        return self._keys.folder / f"{_name(number)}{_VERSION}"


def store() -> Shares:
    """The shares of this installation: the folder in `settings.SHARES`."""
    return Shares(settings.SHARES)


def _name(number: UUID) -> str:
    return f"workbook-{number}"

"""Keys that must lie apart from the database, and who keeps them.

A key is 32 random bytes under a name: "link", "blind", "signing", "allocation-<programme>". The first store is a
folder; others (object storage, a second database) only need the four verbs of `KeyStore`.
"""

import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

SIZE: Final = 32  # bytes
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class KeyTrouble(Exception):
    """A key cannot be made or read. `str(trouble)` says which one, where, and what to do."""


class KeyStore(Protocol):
    """Where keys lie."""

    def create(self, name: str) -> bytes:
        """Make 32 random bytes under this name; KeyTrouble if the name is taken."""

    def read(self, name: str) -> bytes:
        """The 32 bytes under this name; KeyTrouble if there are none or they are open to others."""

    def exists(self, name: str) -> bool:
        """Whether there is a key of this name."""

    def destroy(self, name: str) -> None:
        """Remove the key of this name for ever; KeyTrouble if there is none."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who backs a key up, and what its loss would mean. `name` may end in "-*"."""

    name: str
    purpose: str
    backed_up: bool
    by_whom: str
    when_lost: str


KEEPERS: Final = (
    Keeper(
        name="link",
        purpose="opens the link between a person and a study id",
        backed_up=True,
        by_whom="two people named by the director, each with a copy apart from the database's backups",
        when_lost="nobody can tell whose answers are whose: the study cannot go on",
    ),
    Keeper(
        name="blind",
        purpose="finds the link of a person, and whether a letter was written, without opening the others",
        backed_up=True,
        by_whom="the same two people, on the same sheet",
        when_lost="returning participants are not recognised: the study cannot go on",
    ),
    Keeper(
        name="signing",
        purpose="signs what the server states about itself",
        backed_up=True,
        by_whom="the same two people, on the same sheet",
        when_lost="older statements can be checked no more; new ones need a new key",
    ),
    Keeper(
        name="survey-links",
        purpose="makes the links that open surveys",
        backed_up=True,
        by_whom="the same two people, on the same sheet",
        when_lost="links in letters already sent open nothing; the home page still does after new letters",
    ),
    Keeper(
        name="push",
        purpose="signs knocks at browsers, so that a push service believes that they are ours",
        backed_up=True,
        by_whom="the same two people, on the same sheet",
        when_lost="browsers get no notices until their owners ask for them again; mail goes on",
    ),
    Keeper(
        name="hook",
        purpose="makes the secrets under which members' servers are told that something is new in the lounge",
        backed_up=True,
        by_whom="the same two people, on the same sheet",
        when_lost="those servers believe us no longer until their owners make new secrets",
    ),
    Keeper(
        name="pulse-*",
        purpose="opens the answers to one anonymous pulse, at its end, and is destroyed then",
        backed_up=False,
        by_whom="nobody: a copy would open older copies of the database",
        when_lost="the answers to that pulse, if it is still open",
    ),
    Keeper(
        name="workbook-*",
        purpose="the server's half of one workbook's lock, in a folder of its own, destroyed with the programme",
        backed_up=False,
        by_whom="nobody: a copy would open older copies of the database after the day on which all of it ends",
        when_lost="that workbook, also for the person who wrote it",
    ),
    Keeper(
        name="badge-*",
        purpose="opens the pictures of one person's badge and face, and is destroyed with them",
        backed_up=False,
        by_whom="nobody: a copy would open older copies of the database",
        when_lost="the pictures, which can be sent again",
    ),
    Keeper(
        name="veil-*",
        purpose="counts what one member posts on one day with the name withheld, and is destroyed the day after",
        backed_up=False,
        by_whom="nobody: a copy would tell who posted with the name withheld on that day, and how often",
        when_lost="the counts of that day; they begin again",
    ),
    Keeper(
        name="allocation-*",
        purpose="decides the next arm of one programme; published when its trial closes",
        backed_up=True,
        by_whom="the statistician, sealed until the trial closes",
        when_lost="no further participant can be allocated, and the draw cannot be verified",
    ),
)
#: Made once by `confrere init`, before the first programme.
STANDING: Final = ("link", "blind", "signing")


class Folder:
    """Keys as files of hexadecimal digits in a folder that only this user may enter (0700, files 0600)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str) -> bytes:
        """See `KeyStore.create`. The file appears whole or not at all, also under two makers at once."""
        place = self._place(name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        key = secrets.token_bytes(SIZE)
        draft = self.folder / f".{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)  # unlike rename, refuses to replace
        except FileExistsError:
            raise KeyTrouble(f"There is a key “{name}” in {self.folder} already. Keys are never overwritten.") from None
        finally:
            draft.unlink()
        _settle(self.folder)
        return key

    def read(self, name: str) -> bytes:
        """See `KeyStore.read`."""
        place = self._place(name)
        try:
            mode = place.stat().st_mode
            text = place.read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise KeyTrouble(
                f"The key “{name}” is not in {self.folder}. Put it back from the copy of its keepers; "
                "a new one would not open what the old one closed."
            ) from None
        except (OSError, UnicodeError) as trouble:
            raise KeyTrouble(f"The key file {place} cannot be read ({type(trouble).__name__}).") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyTrouble(f"Others can open the key file {place}. Close it: chmod 600 {place}")
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise KeyTrouble(f"The key file {place} must hold 64 hexadecimal digits. Put back the keepers' copy.")
        return bytes.fromhex(text)

    def exists(self, name: str) -> bool:
        """See `KeyStore.exists`."""
        return self._place(name).exists()

    def destroy(self, name: str) -> None:
        """See `KeyStore.destroy`. The file is written over before it goes; a disk may keep what it moved elsewhere."""
        place = self._place(name)
        try:
            with place.open("r+b") as file:
                file.write(secrets.token_bytes(2 * SIZE))
                file.flush()
                os.fsync(file.fileno())
            place.unlink()
        except FileNotFoundError:
            raise KeyTrouble(f"The key “{name}” is not in {self.folder}.") from None
        _settle(self.folder)

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyTrouble(f"“{name}” is no name of a key: small letters, digits and single hyphens only.")
        return self.folder / f"{name}.key"


def store() -> KeyStore:
    """The store of this installation: the folder in `settings.KEYS`."""
    return Folder(settings.KEYS)


def keeper_of(name: str) -> Keeper:
    """Who keeps the key of this name. Raises KeyTrouble for a key that nobody was named for."""
    for keeper in KEEPERS:
        if keeper.name == name or (keeper.name.endswith("-*") and name.startswith(keeper.name[:-1])):
            return keeper
    raise KeyTrouble(f"Nobody is named as keeper of the key “{name}”.")


def create_standing_keys(keys: KeyStore) -> tuple[str, ...]:
    """Make the keys that every installation has; KeyTrouble, before anything is made, if one of them exists."""
    for name in STANDING:
        if keys.exists(name):
            raise KeyTrouble(f"There is a key “{name}” already. This installation has its keys.")
    for name in STANDING:
        keys.create(name)
    return STANDING


def _settle(folder: Path) -> None:
    """Make a new file's name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

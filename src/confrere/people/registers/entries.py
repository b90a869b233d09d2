"""What a register says of one person, whatever its file looks like; and what it takes to read another one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from confrere.people.registers.names import Name

#: A row of a file by its columns' plain names (see `plain`).
type Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """What a number is listed for: a code of the register's own list, and the licence given with it."""

    code: str
    state: str = ""
    licence: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a register of physicians. entity: "person", "organisation", or "" where a file no longer says."""

    number: str
    entity: Literal["person", "organisation", ""]
    active: bool
    name: Name
    other_names: tuple[Name, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody whom a public list keeps out. number: "" where the list gives none."""

    number: str
    name: Name
    state: str
    excluded_on: date | None
    reinstated_on: date | None


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence of one jurisdiction. status: active, expired, revoked or unknown."""

    jurisdiction: str
    number: str
    name: Name
    status: Literal["active", "expired", "revoked", "unknown"]
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Code:
    """One line of the list of what providers are (NUCC's): its grouping says whether that is a physician."""

    code: str
    grouping: str
    title: str


type Read = Entry | Exclusion | Licence | Code


class Register(Protocol):
    """How one kind of file is read. To add a country, write one of these; see `mapped.MappedRegister`."""

    @property
    def slug(self) -> str:
        """Short name: what claims and evidence call it."""

    @property
    def whole(self) -> bool:
        """Whether a file holds everything, so that what it no longer holds is gone."""

    def columns(self, found: frozenset[str]) -> None:
        """Refuse (`Refusal`, 422) a file whose header lacks what is needed, naming it."""

    def read(self, row: Row) -> Iterator[Read]:
        """What a row says; nothing for a row that says nothing of use. Refuses a row that cannot be right."""


def plain(column: str) -> str:
    """A column's name without what files disagree about: case, spaces, punctuation, a byte-order mark."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def number(text: object) -> str:
    """A number as text, whatever a spreadsheet made of it: 1234567893, "1234567893.0", " 1234567893 "."""
    found = str(text if text is not None else "").strip()
    return re.sub(r"\.0+$", "", found) if re.fullmatch(r"[0-9]+\.0+", found) else found


def day(text: object) -> date | None:
    """A date as files write it (2026-01-31, 01/31/2026, 20260131); None for an empty one, zeros or nonsense."""
    found = str(text if text is not None else "").strip()[:10]
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(found, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None

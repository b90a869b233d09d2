"""What exists about me: the vault's answer, laid out for the person it is about."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from confrere.vault.classification import SIGN_IN, TECHNICAL, Kept, classes
from confrere.vault.queries import about

#: Columns that are not shown: keys of the database, and what lets one in (over a shoulder it would let others in).
HIDDEN = frozenset({TECHNICAL, SIGN_IN})


@dataclass(frozen=True, slots=True)
class Part:
    """One table with rows about the person; kinds: the classes of what it says, most often one."""

    table: str
    title: str
    count: int
    kinds: tuple[Kept, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, each as pairs of a column's name and what it holds."""

    title: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


def parts(*, person: int) -> tuple[list[Part], list[str]]:
    """What exists, and the titles of what could exist and does not."""
    sections = about(person=person).sections
    found = []
    for section in sections:
        names = dict.fromkeys(column.kept for column in section.columns if column.kept != TECHNICAL)
        part = Part(
            table=section.table,
            title=capital(section.title),
            count=len(section.rows),
            kinds=tuple(classes()[name] for name in names),
            shown=bool(names.keys() - HIDDEN),
        )
        found.append(part)
    return [part for part in found if part.count], [part.title for part in found if not part.count]


def rows(*, person: int, table: str) -> Rows | None:
    """What one table holds about the person; None alike for an unknown table and for one without a row."""
    for section in about(person=person).sections:
        if section.table == table and section.rows:
            seen = [
                (index, column.name.replace("_", " "))
                for index, column in enumerate(section.columns)
                if column.kept not in HIDDEN
            ]
            held = (tuple((name, in_words(row[index])) for index, name in seen) for row in section.rows)
            return Rows(title=capital(section.title), rows=tuple(held))
    return None


def in_words(value: Any) -> str:
    """A stored value for reading; octets that nobody can read are only counted."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _("%(octets)s octets, unreadable without a key") % value
    return str(value)


def capital(title: str) -> str:
    """The title with a capital first letter."""
    return title[:1].upper() + title[1:]

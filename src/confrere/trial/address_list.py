"""An address list as people have it: a column from a spreadsheet, a pasted list, names in front or behind."""

import csv
from dataclasses import dataclass
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

#: More than the physicians of the largest hospitals; a list beyond it is another file by mistake.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list. name: empty where the list has none."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that holds no address that could be used. line: from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class AddressList:
    """What was read: each address once, in small letters, with its first name; the lines that were wrong."""

    entries: tuple[Entry, ...]
    wrong: tuple[Wrong, ...]
    duplicates: int


def read_list(text: str) -> AddressList:
    """Read lines of "name, address", "address; name", "Name <address>" or an address alone.

    Separators are tab, semicolon or comma, by what the line holds. Empty lines and a first line of headings without
    an @ are passed over. A text of more than `MOST_LINES` lines is one wrong line.
    """
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        reason = _("The list has more than %(most)s lines. Is this the right file?") % {"most": MOST_LINES}
        return AddressList((), (Wrong(MOST_LINES + 1, reason),), 0)
    found: dict[str, Entry] = {}
    wrong, duplicates = [], 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == 1 and "@" not in line):
            continue
        entry = _entry(line)
        if isinstance(entry, str):
            wrong.append(Wrong(number, entry))
        elif entry.email in found:
            duplicates += 1
        else:
            found[entry.email] = entry
    return AddressList(tuple(found.values()), tuple(wrong), duplicates)


def _entry(line: str) -> Entry | str:
    """The person of a line, or why there is none."""
    if "<" in line:
        name, email = parseaddr(line)
        return _checked(name, email)
    separator = next((mark for mark in "\t;," if mark in line), ",")
    cells = [" ".join(cell.split()) for cell in next(csv.reader([line], delimiter=separator))]
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) != 1:
        return _("No address was found.") if not addresses else _("More than one address stands here.")
    return _checked(" ".join(cell for cell in cells if cell and "@" not in cell), addresses[0])


def _checked(name: str, email: str) -> Entry | str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return _("This is not an e-mail address. It should read like name@hospital.org.")
    if len(name) > 200 or len(email) > 254:
        return _("This is too long for a name and an address.")
    return Entry(name, email)

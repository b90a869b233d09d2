"""The last look before rows leave: nothing in them may be on the Safe Harbor list, 45 CFR 164.514(b)(2)."""

import re
from dataclasses import dataclass

from confrere.analysis.export.table import Table
from confrere.science.identifiers import find

_HEADS = re.compile(
    r"(^|_)(name|surname|first_?name|last_?name|address|street|city|zip|postcode|county|birth\w*|dob|date\w*|day_of\w*|"
    r"phone|mobile|fax|e?mail|ssn|mrn|npi|licen[cs]e|account|plate|serial|url|ip|ip_?address|photo|fingerprint)($|_)",
    re.IGNORECASE,
)
_LONG = re.compile(r"\d{7,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in which column. ``text`` is the cell, or the name of the column itself."""

    column: str
    text: str
    what: str


def identifiers_in(table: Table) -> tuple[Finding, ...]:
    """Everything that looks like an identifier in the names of columns and in texts, each once.

    Participants' own codes are left out: they are numbers that were drawn by chance. Numbers are looked at where they
    are long enough to be one of a phone, a record or a person.
    """
    found: list[Finding] = []
    for one in table.variables:
        head = _HEADS.search(one.name)
        if head is not None:
            found.append(Finding(one.name, one.name, "a column that holds such a thing"))
        if one.role == "id":
            continue
        for text in sorted(
            {f"{cell:.0f}" if isinstance(cell, float) else cell for cell in table.column(one.name) if cell}
        ):
            what = _what(text)
            if what:
                found.append(Finding(one.name, text, what))
    return tuple(found)


def _what(text: str) -> str:
    if _DATE.search(text):
        return "date"
    if _LONG.search(text):
        return "number"
    return next((span.kind for span in find(text)), "")

"""Everything that exists about a person, as text: the one form in which it is printed, handed over and signed."""

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext_lazy as _

from confrere.vault.disclosure import About, Section, Value
from confrere.vault.limits import LIMITS, UNCLAIMED

#: Said in the place of a value that is not printed.
KEPT_BACK: Final = _("not printed: whoever reads it could come in as you")


def text(found: About, *, hide: Collection[str] = ()) -> str:
    """A sheet: rows, then the tables without one, then what this list does not cover and what is never claimed.

    hide: classes whose values are not printed; that there are such values, and how many, is.
    """
    ids = ", ".join(found.subject.study_ids.values()) or "none"
    parts = [f"All that exists about {found.subject.address} (study ids: {ids})"]
    parts += [_section(section, frozenset(hide)) for section in found.sections if section.rows]
    parts.append(f"Nothing in: {', '.join(section.table for section in found.sections if not section.rows)}.")
    parts.append(_list(_("Beyond the database, and what we do not protect from"), said()["limits"]))
    parts.append(_list(_("What we never say"), said()["never_said"]))
    return "\n\n".join(parts)


def said() -> dict[str, list[str]]:
    """What belongs to every disclosure beside the rows: what it does not cover, and what is never claimed."""
    return {"limits": [str(each) for each in (BEYOND, *LIMITS)], "never_said": [str(each) for each in UNCLAIMED]}


#: What lies outside the tables and still belongs to a person's data.
BEYOND: Final = _(
    "Outside the database lies the server's half of the lock of each workbook: 32 random octets and a version number. "
    "Only the person's own device opens a workbook with it, and 30 days after the programme it is destroyed."
)


def _list(title: object, lines: Collection[object]) -> str:
    return "\n".join([str(title), *(f"- {line}" for line in lines)])


def _section(section: Section, hide: frozenset[str]) -> str:
    rows = [
        "\n".join(
            f"  {column.name} ({column.kept}): {KEPT_BACK if column.kept in hide else in_words(value)}"
            for column, value in zip(section.columns, row, strict=True)
        )
        for row in section.rows
    ]
    return "\n\n".join([f"{section.table}: rows found {len(section.rows)}", *rows])


def in_words(value: Value) -> str:
    """A value on one line; what is no text as the octets that it is."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return f"{value['octets']} octets that are no text: {value['hex']}"
    return str(value)

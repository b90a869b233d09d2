"""What the parts of web/ui.html need to lay out a table and a person's card."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

register = template.Library()


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A value under its column; on a phone the label stands beside the value."""

    label: str
    number: bool
    text: object
    url: str


@register.filter
def columns(head: Sequence[str | tuple[str, str]]) -> list[Column]:
    """The columns of a table's head: a text, or `(text, "number")` for figures set to the right."""
    pairs = ((item, "") if isinstance(item, str) else item for item in head)
    return [Column(label=label, number=kind == "number") for label, kind in pairs]


@register.filter
def under(row: Sequence[object], head: Sequence[str | tuple[str, str]]) -> list[Cell]:
    """The cells of a row, each with its column; a cell is a value or `(value, url)`. Lengths must agree."""
    cells = []
    for column, cell in zip(columns(head), row, strict=True):
        text, url = cell if isinstance(cell, tuple) else (cell, "")
        cells.append(Cell(label=column.label, number=column.number, text=text, url=url))
    return cells


@register.filter
def initial(name: str) -> str:
    """The letter that stands where there is no picture: of the last word of a name, without titles."""
    return f"· {name}".rsplit(maxsplit=1)[-1][:1].upper()

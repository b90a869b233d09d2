"""Groups of participants whom outsiders could tell apart by what they may know, and that are too small."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from confrere.analysis.export.delimited import number
from confrere.analysis.export.table import Cell, Table

SMALLEST = 5
"""No group of a public package is smaller (k)."""


@dataclass(frozen=True, slots=True)
class SmallCell:
    """One group: its values by column, and how many participants it has."""

    values: tuple[tuple[str, str], ...]
    count: int


def small_cells(table: Table, known: Sequence[str], *, smallest: int = SMALLEST) -> tuple[SmallCell, ...]:
    """Every group by the columns in ``known`` with fewer than ``smallest`` participants, the smallest first.

    Participants count, not rows; where a value changes from row to row, the participant's whole course is the value.
    A missing value is a value. With no column everybody is one group. Raises KeyError for an unknown column.
    """
    person, places = table.place(table.named("id")), [table.place(name) for name in known]
    courses: dict[Cell, list[set[Cell]]] = defaultdict(lambda: [set() for _ in places])
    for row in table.rows:
        for course, place in zip(courses[row[person]], places, strict=True):
            course.add(row[place])
    groups = Counter(tuple(frozenset(course) for course in one) for one in courses.values())
    labels = [table.variables[place].label for place in places]
    found = [
        SmallCell(tuple((label, _course(cells)) for label, cells in zip(labels, group, strict=True)), n)
        for group, n in groups.items()
        if n < smallest
    ]
    return tuple(sorted(found, key=lambda one: (one.count, one.values)))


def _course(cells: frozenset[Cell]) -> str:
    return ", ".join(sorted(_words(cell) for cell in cells))


def _words(cell: Cell) -> str:
    if cell is None:
        return "missing"
    return number(cell) if isinstance(cell, float) else cell

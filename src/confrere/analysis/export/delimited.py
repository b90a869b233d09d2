"""CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from confrere.analysis.export.table import Cell, Table

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would take for a formula or split."""


def data_csv(table: Table) -> bytes:
    """One header line and one line a row, UTF-8; a text that begins like a formula has an apostrophe before it."""
    return lines_csv([[one.name for one in table.variables], *table.rows])


def lines_csv(lines: Iterable[Sequence[Cell]]) -> bytes:
    """Lines of cells; numbers as they read back to the same one, None as nothing."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([written(cell) for cell in line] for line in lines)
    return target.getvalue().encode()


def written(cell: Cell) -> str:
    """One cell. Numbers cannot run, texts are tamed."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return number(cell)
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def number(value: float) -> str:
    """``3`` for whole numbers, else the shortest text that reads back to the same number."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)

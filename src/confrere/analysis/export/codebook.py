"""What each column means: one line a variable, for people and for programs."""

from confrere.analysis.export.delimited import lines_csv
from confrere.analysis.export.table import Cell, Table, Variable

HEADS = ("name", "label", "type", "values", "note", "rows", "missing", "lowest", "highest")


def codebook_csv(table: Table) -> bytes:
    """The data dictionary as CSV; ``values`` lists ``code=label`` with bars between them."""
    return lines_csv([HEADS, *(_line(table, one) for one in table.variables)])


def _line(table: Table, one: Variable) -> tuple[Cell, ...]:
    cells = table.column(one.name)
    numbers = [cell for cell in cells if isinstance(cell, float)]
    ends = (min(numbers), max(numbers)) if numbers else (None, None)
    values = " | ".join(code if code == label else f"{code}={label}" for code, label in one.codes)
    missing = sum(cell is None for cell in cells)
    return one.name, one.label, one.kind, values, one.note, float(len(cells)), float(missing), *ends

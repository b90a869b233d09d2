"""Making a table coarser before it becomes public: columns left out, values put together, numbers in bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from confrere.analysis.errors import InputError, nearest
from confrere.analysis.export.delimited import number
from confrere.analysis.export.table import Cell, Table, Variable
from confrere.analysis.names import heading, plain


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one column.

    merge: value → group, for codes. cuts: where a band begins, for numbers. known: whether outsiders may know it.
    """

    keep: bool = True
    known: bool = True
    merge: Mapping[str, str] = field(default_factory=dict)
    cuts: tuple[float, ...] = ()


def recoded(table: Table, choices: Mapping[str, Choice]) -> Table:
    """The table after the choices; a column without one stays as it is.

    Raises `InputError` for an unknown column or value, for bands of codes and for merged numbers.
    """
    for name in choices:
        if name not in {one.name for one in table.variables}:
            raise InputError(
                f"there is no such column. {nearest(name, [x.name for x in table.variables])}", column=name
            )
    kept = [one for one in table.variables if choices.get(one.name, Choice()).keep]
    columns = [_recoded(one, table.column(one.name), choices.get(one.name, Choice())) for one in kept]
    return Table(tuple(one for one, _ in columns), tuple(zip(*(cells for _, cells in columns), strict=True)))


def _recoded(one: Variable, cells: list[Cell], choice: Choice) -> tuple[Variable, list[Cell]]:
    if choice.merge:
        return _merged(one, cells, choice.merge)
    if choice.cuts:
        return _banded(one, cells, choice.cuts)
    return one, cells


def _merged(one: Variable, cells: list[Cell], merge: Mapping[str, str]) -> tuple[Variable, list[Cell]]:
    if one.kind != "code":
        raise InputError("only named values can be put together; give a number bands.", column=one.name)
    known = dict(one.codes)
    for value in merge:
        if value not in known:
            raise InputError(f'"{value}" is no value here. {nearest(value, known)}', column=one.name)
    labels = {merge.get(code, code): merge.get(code, label) for code, label in one.codes}
    codes = tuple((code, heading(plain(label))) for code, label in labels.items())
    return replace(one, codes=codes), [merge.get(cell, cell) if isinstance(cell, str) else cell for cell in cells]


def _banded(one: Variable, cells: list[Cell], cuts: Sequence[float]) -> tuple[Variable, list[Cell]]:
    if one.kind != "number":
        raise InputError("only numbers have bands; put named values together.", column=one.name)
    ends = sorted(set(cuts))
    names = [
        f"below {number(ends[0])}",
        *(f"{number(a)} to below {number(b)}" for a, b in pairwise(ends)),
    ]
    names.append(f"{number(ends[-1])} or more")
    bands: list[Cell] = [names[sum(cell >= end for end in ends)] if isinstance(cell, float) else None for cell in cells]
    return replace(one, kind="code", codes=tuple((name, heading(name)) for name in names)), bands


def renumbered(table: Table, order: Sequence[str]) -> Table:
    """Participants under the numbers 1, 2 … in ``order`` (every one once), sorted by them: no code of theirs is left.

    The order has to be drawn by chance, or whoever knows how it was made knows who is who.
    """
    place = table.place(table.named("id"))
    digits = len(f"{len(order)}")
    numbers = {code: f"{i:0{digits}d}" for i, code in enumerate(order, 1)}
    rows = [(*row[:place], numbers[f"{row[place]}"], *row[place + 1 :]) for row in table.rows]
    return Table(table.variables, tuple(sorted(rows, key=lambda row: f"{row[place]}")))

"""From the file's columns to one row per participant and wave: layout, missing marks, codes, carrying, scores."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from confrere.analysis.columns import Columns, Texts
from confrere.analysis.errors import InputError, nearest
from confrere.analysis.names import were_left_out
from confrere.analysis.plan import DataSpec, Plan
from confrere.science.instruments import InstrumentError, find

REPEATED = "redcap_repeat_instrument"
"""The column in which REDCap names the repeating instrument of a row."""


def arrange(plan: Plan, columns: Columns) -> Columns:
    """The data in long layout with missing marks, codes, carried columns and scores applied, in this order.

    Raises `InputError` that names the column and, where there is one, the line.
    """
    spec = plan.data
    if spec.layout == "wide":
        columns = _lengthen(columns, spec, plan.wave)
    columns = columns.with_texts({name: _without(cells, spec.missing) for name, cells in columns.texts.items()})
    for name, codes in spec.codes.items():
        columns = columns.with_texts({name: _decoded(columns, name, codes)})
    for name in spec.carry:
        columns = columns.with_texts({name: _carried(columns, name, plan.id)})
    for name, rule in spec.score.items():
        _must_be_new(columns, name, "score")
        columns = columns.with_texts({name: _scored(columns, name, rule)})
    return columns


def without_repeats(plan: Plan, columns: Columns) -> tuple[Columns, tuple[str, ...]]:
    """The rows that stand on no repeating instrument of REDCap, and a word on how many did.

    Such rows come beside the one row of a participant and event. Raises `InputError` where one holds an outcome.
    """
    if REPEATED not in columns.texts:
        return columns, ()
    instruments = _without(columns.column(REPEATED), plan.data.missing)
    rows = np.flatnonzero([cell is not None for cell in instruments])
    if not rows.size:
        return columns, ()
    outcomes = [outcome.column for outcome in plan.outcomes if outcome.column in columns.texts]
    for name in outcomes:
        cells = _without(columns.column(name)[rows], plan.data.missing)
        for row, cell in zip(rows.tolist(), cells, strict=True):
            if cell is not None:
                raise columns.error(
                    f"this value stands on a row of the repeating instrument {instruments[row]}; an outcome needs one "
                    "row per participant and wave.",
                    row=row,
                    column=name,
                )
    kept = np.setdiff1d(np.arange(columns.n_rows), rows)
    if not kept.size:
        raise InputError("every row is one of a repeating instrument.", file=columns.file, column=REPEATED)
    return columns.take(kept), (f"{were_left_out(rows.size, 'of repeating instruments')}.",)


def _lengthen(columns: Columns, spec: DataSpec, wave: str) -> Columns:
    """One row per wave instead of one column per wave; rows keep the line they came from."""
    waves = list(dict.fromkeys(name for sources in spec.wide.values() for name in sources))
    if wave in columns.texts:
        raise InputError(f"a wide file has no wave column, but this one has {wave}.", file=columns.file)
    used = {source for sources in spec.wide.values() for source in sources.values()}
    n = columns.n_rows
    rows = np.repeat(np.arange(n), len(waves))
    texts: dict[str, Texts] = {name: cells[rows] for name, cells in columns.texts.items() if name not in used}
    texts[wave] = np.array(waves * n, dtype=object)
    absent = np.full(n, "", dtype=object)
    for name, sources in spec.wide.items():
        _must_be_new(Columns(texts, columns.lines, columns.file), name, "wide")
        parts = [columns.column(sources[one]) if one in sources else absent for one in waves]
        texts[name] = np.column_stack(parts).ravel()
    return Columns(texts, columns.lines[rows], columns.file, columns.sha256)


def _must_be_new(columns: Columns, name: str, key: str) -> None:
    if name in columns.texts:
        raise InputError(f"[data] {key} makes {name}, but the file has a column of this name.", file=columns.file)


def _without(cells: Texts, missing: tuple[str, ...]) -> Texts:
    marks = {"", *missing}
    return np.array([None if cell is None or cell.strip() in marks else cell.strip() for cell in cells], dtype=object)


def _decoded(columns: Columns, name: str, codes: Mapping[str, str]) -> Texts:
    cells, labels = columns.column(name).copy(), set(codes.values())
    for row, cell in enumerate(cells):
        if cell is not None and cell not in codes and cell in labels:
            continue  # the file was exported with labels
        if cell is not None:
            if cell not in codes:
                raise columns.error(f'the code "{cell}" is not in [data] codes.', row=row, column=name)
            cells[row] = codes[cell]
    return cells


def _carried(columns: Columns, name: str, identity: str) -> Texts:
    """Each participant's one value on all their rows; two different values are a contradiction."""
    cells, people = columns.column(name), columns.column(identity)
    first: dict[str, int] = {}
    for row, (person, cell) in enumerate(zip(people, cells, strict=True)):
        if cell is not None and person is not None:
            known = first.setdefault(person, row)
            if cells[known] != cell:
                where = f'"{cells[known]}" in line {columns.lines[known]}'
                raise columns.error(f'participant {person} has "{cell}" here and {where}.', row=row, column=name)
    filled = [cells[first[person]] if person in first else None for person in people]
    return np.array(filled, dtype=object)


def _scored(columns: Columns, name: str, rule: str) -> Texts:
    """A score from its items, by ``instrument:score`` of the registry of instruments."""
    instrument_id, _, score = rule.partition(":")
    try:
        instrument = find(instrument_id)
        items = {item: columns.numbers(item) for item in instrument.item_ids if item in columns.texts}
        values = instrument.one(score, items)
    except InstrumentError as error:
        raise InputError(f"[data] score {name}: {error}", file=columns.file) from None
    return np.array([None if np.isnan(value) else repr(float(value)) for value in values], dtype=object)


def positions(columns: Columns, name: str, known: tuple[str, ...]) -> NDArray[np.intp]:
    """For each row the place of its value (none is missing) in ``known``; an unknown value is refused."""
    place = {value: i for i, value in enumerate(known)}
    found = np.empty(columns.n_rows, dtype=np.intp)
    for row, cell in enumerate(columns.column(name)):
        if cell not in place:
            raise columns.error(f'"{cell}" is not in the plan. {nearest(cell, known)}', row=row, column=name)
        found[row] = place[cell]
    return found

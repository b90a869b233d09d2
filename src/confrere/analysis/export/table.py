"""The rows of a data set with what is known about each column: the one thing that every format is written from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from confrere.analysis.columns import Columns, Texts
from confrere.analysis.names import arm_words, column_words, heading, level_words, outcome_words, wave_words
from confrere.analysis.plan import Plan

Cell = str | float | None
"""None is missing."""
Role = Literal["id", "arm", "wave", "outcome", "fact"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. ``codes`` holds each value with its label, in the order in which they are counted."""

    name: str
    label: str
    role: Role
    kind: Literal["text", "number", "code"]
    codes: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one cell for each variable: numbers where the variable is one, else texts."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def place(self, name: str) -> int:
        """Which column has this name. Raises KeyError."""
        return {variable.name: j for j, variable in enumerate(self.variables)}[name]

    def column(self, name: str) -> list[Cell]:
        """The cells of one column. Raises KeyError."""
        place = self.place(name)
        return [row[place] for row in self.rows]

    def named(self, role: Role) -> str:
        """The first variable in a role; "" where there is none."""
        return next((variable.name for variable in self.variables if variable.role == role), "")

    def of_role(self, role: Role) -> tuple[str, ...]:
        """The names of the variables in a role."""
        return tuple(variable.name for variable in self.variables if variable.role == role)


def table_of(plan: Plan, columns: Columns) -> Table:
    """A long data file with the words that its plan has for columns, arms, waves and outcomes."""
    columns = columns.with_texts({name: _without_empty(cells) for name, cells in columns.texts.items()})
    variables = tuple(_variable(plan, columns, name) for name in columns.texts)
    cells = [
        [None if cell is None else float(cell) for cell in columns.column(one.name)]
        if one.kind == "number"
        else columns.column(one.name).tolist()
        for one in variables
    ]
    return Table(variables, tuple(zip(*cells, strict=True)))


def _without_empty(cells: Texts) -> Texts:
    return np.array([cell or None for cell in cells], dtype=object)


def _variable(plan: Plan, columns: Columns, name: str) -> Variable:
    outcomes = {outcome.column: outcome for outcome in plan.outcomes}
    if name == plan.id:
        return Variable(name, "Participant", "id", "text", note="A code; it says nothing about the person.")
    if name == plan.arm:
        codes = tuple((arm, heading(arm_words(plan, arm))) for arm in plan.arms)
        return Variable(name, "Group by the draw", "arm", "code", codes, note="The first is the control.")
    if name == plan.wave:
        codes = tuple((wave, heading(wave_words(plan, wave))) for wave in plan.waves)
        return Variable(name, "Assessment", "wave", "code", codes, note="Relative to the start; there are no dates.")
    if name in outcomes:
        better = outcomes[name].better
        note = f"{better} is better" if better else ""
        return Variable(name, heading(outcome_words(outcomes[name])), "outcome", "number", note=note)
    label = heading(column_words(plan, name))
    if columns.numeric(name):
        return Variable(name, label, "fact", "number")
    values = sorted({cell for cell in columns.column(name) if cell is not None})
    return Variable(name, label, "fact", "code", tuple((one, level_words(plan, name, one)) for one in values))

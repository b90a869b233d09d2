"""The arranged data as a panel: who, in which arm, at which wave; every contradiction refused with its line."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.analysis.arrange import arrange, positions, without_repeats
from confrere.analysis.columns import Columns, Vector
from confrere.analysis.errors import InputError, nearest
from confrere.analysis.names import were_left_out
from confrere.analysis.plan import AnalysisSet, Plan
from confrere.science.expression import ExpressionError, compile_expression

Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Panel:
    """N rows of P participants, at most one row per participant and wave."""

    columns: Columns
    people: tuple[str, ...]
    """Identifiers of the P participants, in the order of the file."""
    person: Codes
    """(N,) which participant."""
    arm: Codes
    """(N,) which arm, 0 is control."""
    wave: Codes
    """(N,) which wave, 0 is the baseline."""
    waves: tuple[str, ...]
    times: Vector
    """(W,) the waves as numbers where time is linear, else their order 0, 1, …"""
    warnings: tuple[str, ...]
    values: Mapping[str, Vector]
    """(N,) numbers of every outcome's column, NaN where missing."""

    @property
    def arm_of_person(self) -> Codes:
        """(P,) the arm of each participant."""
        arms = np.empty(len(self.people), dtype=np.intp)
        arms[self.person] = self.arm
        return arms

    def answered(self, plan: Plan) -> Mask:
        """(N,) whether the row has a value of at least one outcome."""
        found = np.zeros(self.person.size, dtype=np.bool_)
        for outcome in plan.outcomes:
            found |= np.isfinite(self.values[outcome.column])
        return found

    def crossed_over(self, plan: Plan, wave: int) -> bool:
        """Whether the control arm may have begun the intervention before this wave."""
        until = plan.untreated_until
        if until is None:
            return False
        limit = self.times[self.waves.index(until)] if until in self.waves else float(until)
        return bool(self.times[wave] > limit)

    def after_crossover(self, plan: Plan) -> list[tuple[int, int]]:
        """(last wave without the intervention, wave) for every wave at which the control arm may have begun it."""
        crossed = [w for w in range(1, len(self.waves)) if self.crossed_over(plan, w)]
        return [(crossed[0] - 1, w) for w in crossed]

    def keep(self, chosen: AnalysisSet) -> Mask:
        """(N,) whether the row belongs to the analysis set."""
        if chosen.keep is None:
            return np.ones(self.person.size, dtype=np.bool_)
        try:
            expression = compile_expression(chosen.keep, names=self.columns.texts)
            kept = np.asarray(expression.evaluate(self.columns.typed(expression.names)), dtype=np.bool_)
        except ExpressionError as error:
            raise InputError(f'[[sets]] keep of "{chosen.name}": {error}') from None
        if not kept.any():
            raise InputError(f'[[sets]] keep of "{chosen.name}": no row is left.')
        return kept


def make_panel(plan: Plan, columns: Columns) -> Panel:
    """Check and index the data. Raises `InputError` in one sentence for whatever cannot be analysed."""
    _require_columns(plan, columns)
    columns, repeats = without_repeats(plan, columns)
    columns = arrange(plan, columns)
    for name in (plan.id, plan.arm, plan.wave):
        _none_missing(columns, name)
    columns, waves, warnings = _chosen_waves(plan, columns)
    arm = positions(columns, plan.arm, plan.arms)
    wave = positions(columns, plan.wave, waves)
    people, person = _people(columns, plan.id)
    _one_arm_each(columns, plan, person, arm)
    _one_row_each(columns, plan, person, wave)
    times = columns.numbers(plan.wave) if plan.linear else wave.astype(np.float64)
    by_wave = np.zeros(len(waves))
    by_wave[wave] = times
    values = {outcome.column: columns.numbers(outcome.column) for outcome in plan.outcomes}
    panel = Panel(columns, people, person, arm, wave, waves, by_wave, (*repeats, *warnings), values)
    _enough(plan, panel)
    return panel


def _require_columns(plan: Plan, columns: Columns) -> None:
    """Every column that the plan names must exist, before anything else is looked at."""
    made = set(plan.data.score) | set(plan.data.wide)
    needed = [plan.id, plan.arm, *plan.data.carry, *plan.data.codes]
    needed += [source for sources in plan.data.wide.values() for source in sources.values()]
    needed += [asked.column for asked in plan.subgroups]
    needed += [name for asked in plan.sensitivity for name in asked.covariates or ()]
    needed += [plan.wave] if plan.data.layout == "long" else []
    for outcome in plan.outcomes:
        cluster = outcome.model.cluster
        needed += [outcome.column, *outcome.model.covariates, *([cluster.column] if cluster else [])]
    needed += plan.report.characteristics
    needed += plan.report.answers.columns if plan.report.answers else ()
    for name in needed:
        if name not in made:
            columns.column(name)


def _none_missing(columns: Columns, name: str) -> None:
    for row, cell in enumerate(columns.column(name)):
        if cell is None:
            raise columns.error(
                "a value is missing here (a column that stands on one row of a participant belongs to [data] carry).",
                row=row,
                column=name,
            )


def _chosen_waves(plan: Plan, columns: Columns) -> tuple[Columns, tuple[str, ...], tuple[str, ...]]:
    """The rows at the plan's waves, and these waves, baseline first."""
    cells = columns.column(plan.wave)
    if plan.waves:
        waves = plan.waves
    else:
        numbers = columns.numbers(plan.wave)
        ordered = sorted(set(zip(numbers.tolist(), cells, strict=True)))
        if len({number for number, _ in ordered}) < len(ordered):
            raise InputError("one time is written in two ways.", file=columns.file, column=plan.wave)
        names = tuple(name for _, name in ordered)
        if plan.baseline not in names:
            raise InputError(
                f'no row is at the baseline "{plan.baseline}". {nearest(plan.baseline, names)}',
                file=columns.file,
                column=plan.wave,
            )
        waves = (plan.baseline, *(name for name in names if name != plan.baseline))
    inside = np.array([cell in waves for cell in cells], dtype=np.bool_)
    left_out = sorted({cell for cell, kept in zip(cells, inside, strict=True) if not kept})
    rows = np.flatnonzero(inside)
    if not left_out:
        return columns, waves, ()
    if not rows.size:
        raise InputError(
            f'no row is at a wave of the plan; the file has "{left_out[0]}".', file=columns.file, column=plan.wave
        )
    count = inside.size - rows.size
    return columns.take(rows), waves, (f"{were_left_out(count, 'at other waves')}: {', '.join(left_out)}.",)


def _people(columns: Columns, name: str) -> tuple[tuple[str, ...], Codes]:
    order: dict[str, int] = {}
    person = np.array([order.setdefault(cell, len(order)) for cell in columns.column(name)], dtype=np.intp)
    return tuple(order), person


def _one_arm_each(columns: Columns, plan: Plan, person: Codes, arm: Codes) -> None:
    first: dict[int, int] = {}
    for row, who in enumerate(person.tolist()):
        known = first.setdefault(who, row)
        if arm[known] != arm[row]:
            raise columns.error(
                f"participant {columns.column(plan.id)[row]} is in {plan.arms[arm[row]]} here and in "
                f"{plan.arms[arm[known]]} in line {columns.lines[known]}.",
                row=row,
                column=plan.arm,
            )


def _one_row_each(columns: Columns, plan: Plan, person: Codes, wave: Codes) -> None:
    first: dict[tuple[int, int], int] = {}
    for row, key in enumerate(zip(person.tolist(), wave.tolist(), strict=True)):
        known = first.setdefault(key, row)
        if known != row:
            raise columns.error(
                f"participant {columns.column(plan.id)[row]} has wave {columns.column(plan.wave)[row]} "
                f"here and already in line {columns.lines[known]}.",
                row=row,
                column=plan.wave,
            )


def _enough(plan: Plan, panel: Panel) -> None:
    """At least two participants, somebody in every arm and at every wave."""
    file = panel.columns.file
    if len(panel.people) == 1:
        raise InputError(f"there is only one participant, {panel.people[0]}.", file=file, column=plan.id)
    for place, name in enumerate(plan.arms):
        if not np.any(panel.arm == place):
            raise InputError(f'nobody is in the arm "{name}".', file=file, column=plan.arm)
    for place, name in enumerate(panel.waves):
        if not np.any(panel.wave == place):
            raise InputError(f'no row is at the wave "{name}".', file=file, column=plan.wave)
    if len(panel.waves) == 1:
        raise InputError("all rows are at one wave; a change needs two.", file=file, column=plan.wave)

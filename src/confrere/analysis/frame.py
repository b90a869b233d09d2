"""From a panel and an outcome to the fixed-effects design: which columns, with which names, and how to ask it."""

from dataclasses import dataclass

import numpy as np

from confrere.analysis.columns import Texts, is_number
from confrere.analysis.errors import InputError
from confrere.analysis.names import were_left_out
from confrere.analysis.panel import Codes, Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.science.mixed.design import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate: a number, or a factor as one 0/1 column per level but the first."""

    name: str
    levels: tuple[str, ...]
    """Empty for a number; the first is the reference."""
    columns: Matrix
    """(N, c) over all rows of the panel; NaN where missing."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns: ``gender[man]`` or the covariate's own."""
        return tuple(f"{self.name}[{level}]" for level in self.levels[1:]) if self.levels else (self.name,)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows of one outcome in one analysis set, and the columns of their model."""

    plan: Plan
    outcome: Outcome
    panel: Panel
    rows: Codes
    """Rows of the panel that are analysed, n."""
    margin_rows: Codes
    """Rows of the analysis set with complete covariates, whether or not the outcome was answered."""
    values: Vector
    """(n,) the outcome."""
    covariates: tuple[Covariate, ...]
    baseline: Vector
    """(n,) the outcome at baseline, where it is a covariate; else zeros."""
    warnings: tuple[str, ...]
    subgroup: str | None = None
    """The covariate whose levels have effects of their own."""

    @property
    def first(self) -> int:
        """The first wave that the model has: 0, or 1 where the baseline is a covariate."""
        return 1 if self.outcome.model.baseline_as == "covariate" else 0

    @property
    def person(self) -> Codes:
        """(n,) participants of the rows, numbered anew from 0."""
        return np.unique(self.panel.person[self.rows], return_inverse=True)[1]

    def matrix(self) -> Matrix:
        """(n, p) the fixed-effects matrix of the analysed rows."""
        columns = [one.columns[self.rows] for one in self.covariates]
        return self.columns_at(
            self.panel.arm[self.rows],
            self.panel.wave[self.rows],
            np.column_stack([np.empty((self.rows.size, 0)), *columns]),
            self.baseline,
        )

    def columns_at(self, arm: Codes, wave: Codes, covariates: Matrix, baseline: Vector) -> Matrix:
        """The columns for any arms, waves, covariate values (n, c) and baselines (n,)."""
        parts = [column for _, _, column in self._parts(arm, wave, covariates, baseline)]
        return np.column_stack(parts)

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names and terms of the p columns."""
        none = np.zeros(1, dtype=np.intp)
        width = sum(one.columns.shape[1] for one in self.covariates)
        parts = self._parts(none, none, np.zeros((1, width)), np.zeros(1))
        return tuple(name for name, _, _ in parts), tuple(term for _, term, _ in parts)

    def _parts(self, arm: Codes, wave: Codes, covariates: Matrix, baseline: Vector) -> list[tuple[str, str, Vector]]:
        model = self.outcome.model
        arms = [(f"arm[{name}]", (arm == a).astype(float)) for a, name in enumerate(self.plan.arms) if a]
        times = self._times(wave)
        moving = times
        if model.time == "linear" and model.baseline_as == "constrained":
            moving = [("time", times[0][1] - self.panel.times[0])]
        parts = [("(Intercept)", "(Intercept)", np.ones(arm.size))]
        if model.baseline_as != "constrained":
            parts += [(name, "arm", column) for name, column in arms]
        parts += [(name, "time", column) for name, column in times]
        if model.baseline_as == "covariate":
            parts.append(("baseline", "baseline", baseline))
        names = [(name, one.name) for one in self.covariates for name in one.names]
        parts += [(name, term, covariates[:, j]) for j, (name, term) in enumerate(names)]
        parts += [(f"{a}:{t}", "arm:time", u * v) for t, v in moving for a, u in arms]
        if model.baseline_as == "covariate" and model.time == "factor":
            parts += [(f"baseline:{t}", "baseline:time", baseline * v) for t, v in times]
        groups = [(name, covariates[:, j]) for j, (name, term) in enumerate(names) if term == self.subgroup]
        for g, w in groups:
            if model.baseline_as != "constrained":
                parts += [(f"{a}:{g}", f"arm:{self.subgroup}", u * w) for a, u in arms]
            parts += [(f"{t}:{g}", f"time:{self.subgroup}", v * w) for t, v in times]
            parts += [(f"{a}:{t}:{g}", f"arm:time:{self.subgroup}", u * v * w) for t, v in moving for a, u in arms]
        return parts

    def columns_of(self, name: str) -> slice:
        """Which of the covariates' columns belong to one covariate."""
        names = [one.name for one in self.covariates for _ in one.names]
        start = names.index(name)
        return slice(start, start + names.count(name))

    def _times(self, wave: Codes) -> list[tuple[str, Vector]]:
        if self.outcome.model.time == "linear":
            return [("time", self.panel.times[wave])]
        waves = list(enumerate(self.panel.waves))[self.first + 1 :]
        return [(f"time[{name}]", (wave == w).astype(float)) for w, name in waves]


def make_frame(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, subgroup: Covariate | None = None) -> Frame:
    """Choose the rows and code the covariates. Raises `InputError` where nothing can be analysed.

    A ``subgroup`` joins the covariates in the place of one of its name, with interactions of its own.
    """
    values = panel.values[outcome.column]
    if not np.isfinite(values).any():
        raise InputError("every value is missing.", file=panel.columns.file, column=outcome.column)
    use = kept & np.isfinite(values)
    baseline = np.zeros(values.size)
    warnings: list[str] = []
    if outcome.model.baseline_as == "covariate":
        baseline = _baseline(panel, values)
        lost = int(np.sum(use & (panel.wave > 0) & np.isnan(baseline)))
        if lost:
            warnings.append(f"{were_left_out(lost, 'without a baseline value')}.")
        use &= (panel.wave > 0) & np.isfinite(baseline)
    covariates: list[Covariate] = []
    for name in outcome.model.covariates:
        if subgroup is None or name != subgroup.name:
            one, said = _covariate(panel, outcome, name, use)
            covariates.append(one)
            warnings += said
    covariates += [] if subgroup is None else [subgroup]
    complete = use.copy()
    for one in covariates:
        complete &= np.isfinite(one.columns).all(axis=1)
    lost = int(use.sum() - complete.sum())
    if lost:
        warnings.append(f"{were_left_out(lost, 'with a missing covariate')}.")
    _both_arms(plan, outcome, panel, complete)
    rows = np.flatnonzero(complete)
    shrunk = []
    for one in covariates:
        seen, said = (one, []) if one is subgroup else _observed(one, rows, panel)
        shrunk.append(seen)
        warnings += said
    whole = np.all([np.isfinite(one.columns).all(axis=1) for one in shrunk], axis=0) if shrunk else True
    modelled = panel.wave > 0 if outcome.model.baseline_as == "covariate" else True
    margin_rows = np.flatnonzero(kept & whole & modelled)
    return Frame(
        plan=plan,
        outcome=outcome,
        panel=panel,
        rows=rows,
        margin_rows=margin_rows,
        values=values[rows],
        covariates=tuple(shrunk),
        baseline=baseline[rows],
        warnings=tuple(warnings),
        subgroup=None if subgroup is None else subgroup.name,
    )


def _baseline(panel: Panel, values: Vector) -> Vector:
    """(N,) each row's participant's value at baseline; NaN where there is none."""
    of_person = np.full(len(panel.people), np.nan)
    first = panel.wave == 0
    of_person[panel.person[first]] = values[first]
    return of_person[panel.person]


def _covariate(panel: Panel, outcome: Outcome, name: str, use: Mask) -> tuple[Covariate, list[str]]:
    levels = outcome.model.levels.get(name)
    cells = panel.columns.column(name)
    if levels is None and panel.columns.numeric(name):
        return Covariate(name, (), panel.columns.numbers(name)[:, None]), []
    warnings = []
    if levels is None:
        _no_stray_text(panel, name)
        levels = tuple(sorted({cell for cell, used in zip(cells, use, strict=True) if used and cell is not None}))
        warnings.append(
            f"The levels of {name} were ordered alphabetically ({', '.join(levels)}); "
            "the first is the reference. List them in [model] levels."
        )
    known = {None, *levels}
    for row in np.flatnonzero(use):
        if cells[row] not in known:
            listed = ", ".join(levels)
            raise panel.columns.error(f'"{cells[row]}" is no level; they are {listed}.', row=int(row), column=name)
    return Covariate(name, levels, dummies(cells, levels)), warnings


def dummies(cells: Texts, levels: tuple[str, ...]) -> Matrix:
    """(N, levels - 1) 0/1 columns; NaN where the cell is missing or no level."""
    columns = np.empty((cells.size, len(levels) - 1))
    known = cells == levels[0]
    for j, level in enumerate(levels[1:]):
        here = cells == level
        columns[:, j] = here
        known |= here
    columns[~known.astype(np.bool_)] = np.nan
    return columns


def _no_stray_text(panel: Panel, name: str) -> None:
    """A column of numbers with a text in it is more likely a slip than a factor."""
    cells = panel.columns.column(name)
    texts = [row for row, cell in enumerate(cells) if cell is not None and not is_number(cell)]
    if len(texts) < sum(cell is not None for cell in cells):
        raise panel.columns.error(
            f'"{cells[texts[0]]}" stands among numbers; if {name} is a factor, list its levels in [model] levels.',
            row=texts[0],
            column=name,
        )


def _observed(one: Covariate, rows: Codes, panel: Panel) -> tuple[Covariate, list[str]]:
    """The covariate without levels that nobody has, and a word on levels that one or two people have."""
    if not one.levels:
        return one, []
    cells = panel.columns.column(one.name)
    people = {level: np.unique(panel.person[rows][cells[rows] == level]).size for level in one.levels}
    seen = [level for level in one.levels if people[level]]
    warnings = []
    for level in one.levels:
        if not people[level]:
            warnings.append(f"{one.name}[{level}] occurs nowhere in the analysed rows and was left out.")
        elif people[level] <= 2:
            count = "one participant" if people[level] == 1 else "two participants"
            warnings.append(f"{one.name}[{level}] has {count} only; its coefficient says little.")
    return Covariate(one.name, tuple(seen), dummies(cells, tuple(seen))), warnings


def _both_arms(plan: Plan, outcome: Outcome, panel: Panel, use: Mask) -> None:
    for a, name in enumerate(plan.arms):
        if not np.any(use & (panel.arm == a)):
            raise InputError(
                f'nobody in the arm "{name}" has a value to analyse.', file=panel.columns.file, column=outcome.column
            )

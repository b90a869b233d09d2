"""An analysis set with one row per participant and wave, so that what is missing has a place to be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from confrere.analysis.chances import Chances
from confrere.analysis.estimands import Estimands
from confrere.analysis.fitting import Fitter
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.panel import Codes, Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import by_person
from confrere.analysis.separated import separate
from confrere.science.mixed import Estimate
from confrere.science.mixed.design import Matrix

Pair = tuple[int, int]
"""(arm, wave) of a contrast."""


@dataclass(frozen=True, slots=True)
class Completed:
    """Q participants of the set whose covariates are known, at all W waves."""

    plan: Plan
    outcome: Outcome
    panel: Panel
    """Q x W rows, participants together, waves in order."""
    values: Matrix
    """(Q, W) of the outcome, NaN where it is missing."""
    covariates: Matrix
    """(Q, c) what imputes beside the answers, at the baseline."""
    arm: Codes
    """(Q,)"""
    left_out: int
    """Participants of the set without the covariates."""

    @property
    def missing(self) -> Mask:
        """(Q, W) what is to be filled in."""
        return np.isnan(self.values)

    def pairs(self) -> list[Pair]:
        """Every contrast of the plan."""
        return [(a, w) for w in range(1, len(self.panel.waves)) for a in range(1, len(self.plan.arms))]


def complete(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, covariates: tuple[str, ...] | None) -> Completed:
    """Lay the set out; ``covariates`` impute instead of the model's. A missing row takes the participant's first."""
    inside = np.unique(panel.person[kept])
    waves = len(panel.waves)
    rows = np.full((len(panel.people), waves), -1, dtype=np.intp)
    chosen = np.flatnonzero(kept)
    rows[panel.person[chosen], panel.wave[chosen]] = chosen
    first = np.full(len(panel.people), -1, dtype=np.intp)
    ordered = chosen[np.argsort(panel.wave[chosen], kind="stable")][::-1]
    first[panel.person[ordered]] = ordered
    rows = np.where(rows < 0, first[:, None], rows)[inside]
    laid = _panel(panel, inside, rows)
    predictors = outcome.model.covariates if covariates is None else covariates
    usual = make_frame(plan, outcome, _filled(laid, outcome, 0.5), np.ones(rows.size, dtype=np.bool_))
    with_theirs = replace(outcome, model=replace(outcome.model, covariates=predictors))
    frame = make_frame(plan, with_theirs, _filled(laid, outcome, 0.5), np.ones(rows.size, dtype=np.bool_))
    columns = np.column_stack([np.empty((rows.size, 0)), *(one.columns for one in frame.covariates)])
    columns = columns.reshape(*rows.shape, -1)[:, 0]
    known = np.isfinite(columns).all(axis=1)
    for one in usual.covariates:
        known &= np.isfinite(one.columns).all(axis=1).reshape(rows.shape).all(axis=1)
    who = np.flatnonzero(known)
    return Completed(
        plan=plan,
        outcome=outcome,
        panel=_panel(panel, inside[who], rows[who]),
        values=by_person(outcome, panel, kept)[inside[who]],
        covariates=columns[who],
        arm=panel.arm_of_person[inside[who]],
        left_out=int(inside.size - who.size),
    )


def _panel(panel: Panel, people: Codes, rows: Codes) -> Panel:
    """The rows (Q, W) of these participants as a panel of their own."""
    count, waves = rows.shape
    return replace(
        panel,
        columns=panel.columns.take(rows.ravel()),
        people=tuple(panel.people[who] for who in people.tolist()),
        person=np.repeat(np.arange(count), waves),
        arm=np.repeat(panel.arm_of_person[people], waves),
        wave=np.tile(np.arange(waves), count),
        values={name: values[rows.ravel()] for name, values in panel.values.items()},
    )


def _filled(panel: Panel, outcome: Outcome, value: float | Matrix) -> Panel:
    """The panel with the outcome's values replaced, all of them present."""
    flat = np.broadcast_to(np.asarray(value, dtype=np.float64).ravel(), panel.person.shape)
    values: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {outcome.column: flat}
    return replace(panel, values=values)


class Refitter:
    """The plan's model for many versions of the filled values."""

    def __init__(self, completed: Completed) -> None:
        self._completed = completed
        self._fitter: Fitter | None = None
        self._rows: dict[Pair, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}

    def contrasts(self, values: Matrix) -> dict[Pair, Estimate]:
        """Every contrast that the data can tell, for ``values`` (Q, W) without gaps.

        Raises `ModelError` where the model cannot be fitted.
        """
        if self._completed.outcome.kind == "binary":
            return self._proportions(values)
        if self._fitter is None or self._fitter.frame.first:  # a baseline among the covariates is filled in too
            self._fitter = Fitter(self._frame(values))
            ask = Estimands(self._fitter.frame)
            self._rows = {(a, w): ask.contrast(a, w) for a, w in self._completed.pairs()}
        inference = self._fitter(values.ravel()[self._fitter.frame.rows]).inference()
        design = self._fitter.design
        return {
            pair: inference.contrast(row, term="arm:time") for pair, row in self._rows.items() if design.estimable(row)
        }

    def _proportions(self, values: Matrix) -> dict[Pair, Estimate]:
        chances = Chances(separate(self._frame(values)))
        found = {(a, w): chances.contrast(a, w).value for a, w in self._completed.pairs()}
        return {pair: value for pair, value in found.items() if value is not None}

    def _frame(self, values: Matrix) -> Frame:
        panel = _filled(self._completed.panel, self._completed.outcome, values)
        return make_frame(self._completed.plan, self._completed.outcome, panel, np.isfinite(values).ravel())

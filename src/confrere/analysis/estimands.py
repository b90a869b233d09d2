"""The questions a trial asks of its model: means, changes within arms, differences in change, effects."""

from itertools import product

import numpy as np

from confrere.analysis.frame import Covariate, Frame
from confrere.science.mixed.design import Matrix, Vector


class Estimands:
    """Contrasts over the p columns of a frame's design, at margins chosen by the plan.

    The margins are the covariate values at which a mean is reported: the average participant
    (``observed-participants``), the average row (``observed-rows``; as SAS's ``OM`` it counts rows whose
    outcome is missing) or every level of a factor alike (``equal``, the default of SAS and emmeans; numbers
    then at their mean over the analysed rows). A difference in change does not depend on them.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._margins = np.concatenate([np.empty(0), *(self._margin(one) for one in frame.covariates)])
        self._baseline = self._baseline_margin()
        self._people, self._baselines = self._covariate_rows()
        self.baseline_mean = self._baseline
        """Mean baseline at these margins, where the baseline is a covariate."""

    def mean(self, arm: int, wave: int) -> Vector:
        """(p,) the mean of one arm at one wave."""
        row: Vector = self._frame.columns_at(
            np.array([arm]), np.array([wave]), self._margins[None], np.array([self._baseline])
        )[0]
        return row

    def population(self, arm: int, wave: int, among: Vector | None = None) -> Matrix:
        """(m, p) one row per person, row or combination of levels that the margins stand for.

        Averaging a curve over these is not the curve at their average: proportions need them one by one.
        ``among`` are the dummies of one level of the subgroup, to which the rows are then restricted.
        """
        rows, baselines = self._people, self._baselines
        if among is not None and self._frame.subgroup is not None:
            inside = np.all(rows[:, self._frame.columns_of(self._frame.subgroup)] == among, axis=1)
            rows, baselines = rows[inside], baselines[inside]
        same = np.zeros(rows.shape[0], dtype=np.intp)
        return self._frame.columns_at(same + arm, same + wave, rows, baselines)

    def change(self, arm: int, wave: int) -> Vector:
        """(p,) its change from the baseline; where the baseline is a covariate, the mean itself
        (the baseline mean is then a known number to subtract)."""
        if self._frame.first:
            return self.mean(arm, wave)
        return self.mean(arm, wave) - self.mean(arm, 0)

    def contrast(self, arm: int, wave: int) -> Vector:
        """(p,) the change of one arm less that of the control."""
        difference = self.change(arm, wave) - self.change(0, wave)
        return np.where(np.abs(difference) < 1e-14, 0.0, difference)

    def effects(self) -> list[tuple[str, Matrix]]:
        """(name, (q, p)) for every effect but the intercept, type 3: averaged over what it interacts with."""
        names, terms = self._frame.labels
        effects = []
        for term in dict.fromkeys(terms[1:]):
            own = [j for j, one in enumerate(terms) if one == term]
            rows = np.eye(len(names))[own]
            above = [j for j, one in enumerate(terms) if term in one.split(":") and one != term]
            for row, j in zip(rows, own, strict=True):
                for other in above:
                    if names[j] in names[other].split(":"):
                        row[other] = 1 / self._levels_of_partner(term, terms[other])
            effects.append((term, rows))
        return effects

    def _levels_of_partner(self, term: str, interaction: str) -> float:
        """Over how many levels an interaction is averaged; a number instead of levels counts at zero."""
        partner = next(part for part in interaction.split(":") if part != term)
        if partner == "arm":
            return float(len(self._frame.plan.arms))
        if partner == "time" and self._frame.outcome.model.time == "factor":
            return float(len(self._frame.panel.waves) - self._frame.first)
        return float("inf")

    def _covariate_rows(self) -> tuple[Matrix, Vector]:
        """(m, c) covariate values and (m,) baselines, one row per unit that the margins average over."""
        frame, weights = self._frame, self._frame.outcome.model.weights
        if weights == "equal":
            rows = self._all_combinations()
            return rows, np.full(rows.shape[0], self._baseline)
        whole = np.column_stack([np.empty((frame.panel.person.size, 0)), *(one.columns for one in frame.covariates)])
        if weights == "observed-rows":
            baselines = self._baselines_of_rows()
            known = np.isfinite(baselines)
            return whole[frame.margin_rows][known], baselines[known]
        counts = np.bincount(frame.person)
        sums = [np.bincount(frame.person, weights=column) / counts for column in whole[frame.rows].T]
        baselines = np.bincount(frame.person, weights=frame.baseline) / counts
        return np.column_stack([np.empty((counts.size, 0)), *sums]), baselines

    def _baselines_of_rows(self) -> Vector:
        """(m,) each margin row's participant's baseline; NaN where there is none, zero where it is no covariate."""
        frame = self._frame
        if not frame.first:
            return np.zeros(frame.margin_rows.size)
        of_person = np.full(len(frame.panel.people), np.nan)
        of_person[frame.panel.person[frame.rows]] = frame.baseline
        return of_person[frame.panel.person[frame.margin_rows]]

    def _baseline_margin(self) -> float:
        """The baseline as a number among the covariates: averaged over participants or rows, as these are."""
        weights = self._frame.outcome.model.weights
        if weights == "observed-participants":
            return float(self._by_person(self._frame.baseline[:, None])[0])
        if weights == "equal":
            return float(self._frame.baseline.mean())
        return float(np.nanmean(self._baselines_of_rows()))

    def _all_combinations(self) -> Matrix:
        """(m, c) every combination of the factors' levels, numbers at their mean."""
        choices: list[list[Vector]] = []
        for one in self._frame.covariates:
            columns = one.columns.shape[1]
            if one.levels:
                choices.append([np.zeros(columns), *np.eye(columns)])
            else:
                choices.append([one.columns[self._frame.rows].mean(axis=0)])
        return np.array([np.concatenate([np.empty(0), *chosen]) for chosen in product(*choices)])

    def _margin(self, one: Covariate) -> Vector:
        frame, weights = self._frame, self._frame.outcome.model.weights
        if weights == "equal" and one.levels:
            return np.full(one.columns.shape[1], 1 / len(one.levels))
        if weights == "observed-participants":
            return self._by_person(one.columns[frame.rows])
        rows = frame.rows if weights == "equal" else frame.margin_rows
        mean: Vector = one.columns[rows].mean(axis=0)
        return mean

    def _by_person(self, part: Matrix) -> Vector:
        """Mean over participants of each participant's mean."""
        person = self._frame.person
        rows = np.bincount(person)
        sums = [np.bincount(person, weights=column) / rows for column in part.T]
        return np.array([one.mean() for one in sums])

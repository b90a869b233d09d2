"""Which engine fits a planned trial, and the contrasts that its tests are about."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed import ModelError
from confrere.science.mixed.design import Vector
from confrere.science.power.answers import Fits
from confrere.science.power.design import Analysis, Cells, Design, make_cells
from confrere.science.power.general import fit_structure
from confrere.science.power.intercept import best_ratio, fit_at, make_strata
from confrere.science.power.moments import Moments
from confrere.science.power.ordinary import fit_ordinary
from confrere.science.power.pair import fit_pairs

Tensor = NDArray[np.float64]


class Engine:
    """One design with one analysis, ready to fit batches of trials."""

    def __init__(self, design: Design, analysis: Analysis) -> None:
        self.design, self.analysis = design, analysis
        self.cells = make_cells(design, analysis)
        self._follow_up = _after_baseline(self.cells) if analysis.baseline_as == "covariate" else None
        if self._follow_up is not None and design.waves > 2:
            raise ModelError("With more than one follow-up, the baseline as a covariate is fitted one trial at a time.")

    def fit(self, moments: Moments) -> Fits:
        """T models: what the single fit of `confrere.science.mixed` finds for each, NaN where it refuses."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._fit(moments, restricted=self.analysis.estimation == "reml")

    def _fit(self, moments: Moments, *, restricted: bool) -> Fits:
        if self._follow_up is not None:
            return fit_ordinary(moments, self._follow_up, restricted=restricted)
        if self.analysis.covariance != "random-intercept":
            return fit_structure(moments, self.cells, self.analysis.covariance, restricted=restricted)
        strata = make_strata(moments, self.cells)
        if self.design.waves == 2 and not self.analysis.times and self.cells.sizes.size == len(self.design.arms):
            constrained = self.analysis.baseline_as == "constrained"
            return fit_pairs(moments, strata, constrained=constrained, restricted=restricted)
        return fit_at(strata, best_ratio(strata, restricted=restricted), restricted=restricted)

    def difference(self, arm: int, wave: int) -> Vector:
        """(k,) the contrast of an arm's change and the control's, in the engine's coefficients."""
        if self._follow_up is None:
            return self.cells.difference(arm, wave)
        return np.append(self._follow_up.mean(arm, 0) - self._follow_up.mean(0, 0), 0.0)


def _after_baseline(cells: Cells) -> Cells:
    """The cells of an analysis of covariance: rows of the one follow-up, columns that are the same there left out."""
    rows = cells.rows[:, 1:2]
    kept = [j for j, term in enumerate(cells.terms) if term not in {"time", "arm:time"}]
    return replace(
        cells,
        rows=rows[:, :, kept],
        names=tuple(cells.names[j] for j in kept),
        terms=tuple(cells.terms[j] for j in kept),
        margins=cells.margins[kept],
    )

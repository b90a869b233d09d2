"""Marginal proportions of a logistic random-intercept model, their differences, and odds ratios.

A conditional proportion is that of the median person; a trial reports how many in a hundred, which is the
average over people and over the random intercept. Both are here; standard errors are by the delta method with
the full covariance of coefficients and sigma.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import chdtrc, expit, ndtr, ndtri

from confrere.science.mixed.design import Matrix, ModelError, Vector
from confrere.science.mixed.inference import Estimate, JointTest
from confrere.science.mixed.logistic import LogisticFit


@dataclass(frozen=True, slots=True)
class Proportion:
    """A marginal proportion, or a difference of such, with its gradient by (coefficients, sigma)."""

    value: float
    gradient: Vector

    def __sub__(self, other: "Proportion") -> "Proportion":
        """The difference."""
        return Proportion(self.value - other.value, self.gradient - other.gradient)


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """An odds ratio (or a ratio of odds ratios) for one person, with its interval."""

    value: float
    lower: float
    upper: float


class Proportions:
    """Answers of one logistic fit at one confidence level; tests are by normal quantiles."""

    def __init__(self, fit: LogisticFit, *, level: float = 0.95) -> None:
        self.fit, self.level = fit, level

    @property
    def quantile(self) -> float:
        """The two-sided normal quantile at the confidence level."""
        return float(ndtri((1 + self.level) / 2))

    def marginal(self, rows: Matrix, certain: Vector) -> Proportion:
        """Mean over ``rows`` (m, p) of the chance averaged over the random intercept.

        ``certain`` (m,) is 0, or ±1 for a row whose answer separation decides: its chance is then 1 or 0.
        """
        open_rows = rows[certain == 0]
        if not self.fit.design.estimable(open_rows):
            raise ModelError("The data cannot answer this mean: it rests on a dropped column.")
        projected = self.fit.design.project(open_rows)
        nodes, weights = self.fit.grid.nodes, np.exp(self.fit.grid.log_weights)
        chance = expit((projected @ self.fit.coefficients)[:, None] + self.fit.sigma * nodes)
        slope = chance * (1 - chance) * weights
        gradient = np.append(projected.T @ slope.sum(axis=1), (slope @ nodes).sum()) / certain.size
        total = float((chance @ weights).sum()) + float((certain > 0).sum())
        return Proportion(total / certain.size, gradient)

    def estimate(self, asked: Proportion) -> Estimate:
        """A proportion or a difference with its interval, on the scale of proportions."""
        return self._normal(asked.value, self.covariance_of(asked, asked))

    def covariance_of(self, first: Proportion, second: Proportion) -> float:
        """Covariance of two proportions or differences."""
        return float(first.gradient @ self.fit.covariance @ second.gradient)

    def coefficient(self, column: int) -> Estimate:
        """The coefficient of a kept column on the logit scale."""
        contrast = np.zeros(len(self.fit.design.names))
        contrast[column] = 1.0
        return self._logit(self.fit.design.project(contrast))

    def conditional(self, contrast: Vector) -> float:
        """Chance of the median person at a row (p,) of the design."""
        return float(expit(self._logit(self._project(contrast)).estimate))

    def odds_ratio(self, contrast: Vector) -> OddsRatio:
        """exp of a contrast (p,) of the coefficients; a limit beyond any number is given as e to the 700th."""
        found = self._logit(self._project(contrast))
        return OddsRatio(*(float(np.exp(min(x, 700.0))) for x in (found.estimate, found.lower, found.upper)))

    def joint(self, contrasts: Matrix) -> JointTest:
        """Wald test that all rows of ``contrasts`` (q, p) are zero, as an F with infinite denominator."""
        rows = self._project(contrasts)
        values = rows @ self.fit.coefficients
        q = rows.shape[0]
        wald = float(values @ np.linalg.solve(rows @ self.fit.covariance[:-1, :-1] @ rows.T, values)) / q
        return JointTest(wald, q, float("inf"), float(chdtrc(q, q * wald)))

    def _project(self, contrasts: Matrix) -> Matrix:
        if not self.fit.design.estimable(contrasts):
            raise ModelError("The data cannot answer this contrast: it rests on a dropped column.")
        return self.fit.design.project(contrasts)

    def _logit(self, row: Vector) -> Estimate:
        return self._normal(float(row @ self.fit.coefficients), float(row @ self.fit.covariance[:-1, :-1] @ row))

    def _normal(self, value: float, variance: float) -> Estimate:
        se = sqrt(max(variance, 0.0))
        half, statistic = se * self.quantile, value / se if se else float("nan")
        p = float(2 * ndtr(-abs(statistic)))
        return Estimate(value, se, float("inf"), statistic, p, value - half, value + half)

"""Estimates, intervals and tests of any contrast of a fitted model, by a named small-sample method."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from confrere.science.mixed.design import Matrix, ModelError, Vector
from confrere.science.mixed.empirical import Empirical
from confrere.science.mixed.fit import Fit
from confrere.science.mixed.kenward_roger import Scaling, adjusted_covariance, joint_scaling
from confrere.science.mixed.partition import Counting, counted_df
from confrere.science.mixed.satterthwaite import contrast_dfs, joint_df

Method = Literal[
    "kenward-roger", "kenward-roger-expected", "satterthwaite", "containment", "between-within", "residual"
]
METHODS: tuple[Method, ...] = (
    "kenward-roger",
    "kenward-roger-expected",
    "satterthwaite",
    "containment",
    "between-within",
    "residual",
)
_COUNTING: tuple[Counting, ...] = ("residual", "containment", "between-within")
_KENWARD_ROGER = ("kenward-roger", "kenward-roger-expected")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its uncertainty; ``p`` is two-sided against zero."""

    estimate: float
    se: float
    df: float
    statistic: float
    p: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class JointTest:
    """F test that several contrasts are zero together."""

    statistic: float
    numerator_df: int
    denominator_df: float
    p: float


class Inference:
    """Answers for contrasts of one fit, at one confidence level, by one method.

    Contrasts are vectors over all p columns of the design, the dropped ones included; one that the data
    cannot answer raises `ModelError`.

    With an `Empirical` covariance the standard errors are its own. So are the degrees of freedom, unless the
    method is a counting one: Kenward-Roger and Satterthwaite speak of the model-based covariance.
    """

    def __init__(
        self,
        fit: Fit,
        *,
        method: Method = "kenward-roger",
        level: float = 0.95,
        empirical: Empirical | None = None,
    ) -> None:
        self.fit, self.method, self.level, self.empirical = fit, method, level, empirical
        adjust = method in _KENWARD_ROGER and empirical is None
        if adjust and fit.estimation == "ml":
            raise ModelError('Kenward-Roger is defined for REML; use estimation = "reml" or df = "satterthwaite".')
        self._spread = _covariance_of_theta(fit, expected=method == "kenward-roger-expected")
        self._covariance = fit.phi if empirical is None else empirical.covariance
        if adjust:
            self._covariance = adjusted_covariance(fit, self._spread)

    @property
    def covariance(self) -> Matrix:
        """(k, k) covariance of the kept coefficients that this method uses, in their own units."""
        return self.fit.design.basis @ self._covariance @ self.fit.design.basis.T

    def contrast(self, contrast: Vector, *, term: str, minus: float = 0.0) -> Estimate:
        """Estimate of ``contrast @ beta - minus`` for a contrast (p,), ``minus`` being a known number.

        ``term`` matters to the counting methods only.
        """
        return self._estimates(self._project(contrast)[None], (term,), minus)[0]

    def contrasts(self, contrasts: Matrix, *, terms: Sequence[str]) -> tuple[Estimate, ...]:
        """Estimates of many contrasts (c, p), each about one of the c ``terms``, at little more cost than of one."""
        return self._estimates(self._project(contrasts), terms, 0.0)

    def coefficient(self, column: int) -> Estimate:
        """The coefficient of a kept column; beside a dropped one it speaks for both, as in lme4."""
        contrast = np.zeros(len(self.fit.design.names))
        contrast[column] = 1.0
        return self._estimates(self.fit.design.project(contrast)[None], (self.fit.design.terms[column],), 0.0)[0]

    def _estimates(self, rows: Matrix, terms: Sequence[str], minus: float) -> tuple[Estimate, ...]:
        values = rows @ self.fit.coefficients - minus
        dfs = self._dfs(rows, terms)
        errors = np.sqrt(np.maximum(((rows @ self._covariance) * rows).sum(axis=1), 0.0))
        if not errors.all():
            raise ModelError(f"The {self._kind} variance of an estimate is not positive; choose another df or se.")
        halves, statistics = errors * stdtrit(dfs, (1 + self.level) / 2), values / errors
        parts = (values, errors, dfs, statistics, 2 * stdtr(dfs, -np.abs(statistics)), values - halves, values + halves)
        return tuple(Estimate(*one) for one in np.stack(parts, axis=1).tolist())

    def value(self, contrast: Vector) -> float:
        """``contrast @ beta`` alone."""
        return float(self._project(contrast) @ self.fit.coefficients)

    def covariance_of(self, first: Vector, second: Vector) -> float:
        """Covariance of two contrasts (p,) of the coefficients."""
        return float(self._project(first) @ self._covariance @ self._project(second))

    def quantile(self, df: float) -> float:
        """The two-sided t quantile at the confidence level."""
        return float(stdtrit(df, (1 + self.level) / 2))

    def joint(self, contrasts: Matrix, *, term: str) -> JointTest:
        """F test that all rows of ``contrasts`` (q, p), linearly independent, are zero."""
        rows = self._project(contrasts)
        values = rows @ self.fit.coefficients
        q, scaling = rows.shape[0], self._scaling(rows, term)
        wald = float(values @ np.linalg.solve(rows @ self._covariance @ rows.T, values)) / q
        statistic = wald * scaling.factor
        p = float(fdtrc(q, scaling.df, statistic))
        return JointTest(statistic, q, scaling.df, p)

    def _project(self, contrasts: Matrix) -> Matrix:
        if not self.fit.design.estimable(contrasts):
            raise ModelError("The data cannot answer this contrast: it rests on a dropped column.")
        return self.fit.design.project(contrasts)

    @property
    def _kind(self) -> str:
        return self.method if self.empirical is None else self.empirical.kind

    def _dfs(self, rows: Matrix, terms: Sequence[str]) -> Vector:
        if self.method in _COUNTING:
            return np.array([counted_df(self.fit, term, self.method) for term in terms])
        if self.empirical is not None:
            return np.array([self.empirical.df(row) for row in rows])
        return contrast_dfs(self.fit, self._spread, rows)

    def _scaling(self, rows: Matrix, term: str) -> Scaling:
        if rows.shape[0] == 1 or self.method in _COUNTING:
            return Scaling(1.0, float(self._dfs(rows[:1], (term,))[0]))
        if self.empirical is not None:
            return self.empirical.joint_scaling(rows)
        if self.method in _KENWARD_ROGER:
            return joint_scaling(self.fit, self._spread, rows)
        return Scaling(1.0, joint_df(self.fit, self._spread, rows))


def _covariance_of_theta(fit: Fit, *, expected: bool) -> Matrix:
    """W: the inverse information. A variance at zero counts as known, except in pbkrtest's flavour."""
    spread = np.zeros_like(fit.observed)
    use = np.ones_like(fit.free) if expected else fit.free
    chosen = np.ix_(use, use)
    spread[chosen] = np.linalg.inv((fit.expected if expected else fit.observed)[chosen])
    return spread

"""Meta-regression: do study characteristics explain why effects differ? And Egger's test of asymmetry.

Weighted least squares with weights ``1 / (v + tau2)``. Source: Thompson, Higgins, *Stat Med* 2002;21:1559-1573;
Knapp, Hartung, *Stat Med* 2003;22:2693-2710. Reference: metafor 3.8-1 `rma(mods = …)`, `regtest`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from confrere.science.meta.tau2 import Matrix, Method, Vector, estimate, q_statistic


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients (p,), their covariance (p, p), and the variance that the moderators leave."""

    coefficients: Vector
    covariance: Matrix
    tau2: float
    df: float | None
    """k - p with Knapp and Hartung's adjustment, else None (normal)."""

    def quantile(self, level: float) -> float:
        """The factor of the standard error in a two-sided interval."""
        upper = (1 + level) / 2
        return float(stats.norm.ppf(upper) if self.df is None else stats.t.ppf(upper, self.df))

    def p(self, statistic: float) -> float:
        """The two-sided P value of an estimate that is ``statistic`` standard errors from zero."""
        return float(2 * (stats.norm.sf(abs(statistic)) if self.df is None else stats.t.sf(abs(statistic), self.df)))


def regress(
    yi: Vector, vi: Vector, moderators: Matrix, *, method: Method = "REML", knapp_hartung: bool = False
) -> Regression:
    """Regress effects ``yi`` with variances ``vi`` (k,) on ``moderators`` (k, m); an intercept comes first.

    Egger's test for asymmetry of a funnel is the test of the one moderator ``sqrt(vi)``. Needs k > m + 1 and
    moderators that are not combinations of each other.
    """
    return fit(yi, vi, np.column_stack([np.ones(yi.size), moderators]), method=method, knapp_hartung=knapp_hartung)


def fit(yi: Vector, vi: Vector, x: Matrix, *, method: Method, knapp_hartung: bool) -> Regression:
    """The weighted least-squares fit on ``x`` (k, p) at the estimated tau2."""
    tau2 = estimate(method, yi, vi, x)
    w = 1 / (vi + tau2)
    covariance = np.linalg.inv(x.T @ (w[:, None] * x))
    coefficients = covariance @ (x.T @ (w * yi))
    if not knapp_hartung:
        return Regression(coefficients, covariance, tau2, None)
    df = yi.size - x.shape[1]
    return Regression(coefficients, covariance * q_statistic(yi, vi, x, tau2) / df, tau2, float(df))

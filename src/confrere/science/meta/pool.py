"""One pooled effect from many studies: estimate, interval, heterogeneity and prediction.

Equal effects (EE) or random effects with any estimator of `confrere.science.meta.tau2`; Wald inference or
Knapp and Hartung's (*Stat Med* 2003;22:2693-2710), which knows that the weights are estimated. Reference:
metafor 3.8-1 `rma`, `predict`, `leave1out`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from confrere.science.meta.regress import fit
from confrere.science.meta.tau2 import Matrix, Method, Vector, interval, q_statistic, residual_maker

Interval = tuple[float, float]


class MetaError(ValueError):
    """Effects that cannot be pooled, in one plain sentence; ``row`` counts from 0 where one study is to blame."""

    def __init__(self, sentence: str, *, row: int | None = None) -> None:
        super().__init__(sentence)
        self.row = row


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The pooled effect on the scale of the effects; percentages are percentages (I2 = 92.2)."""

    method: Method
    knapp_hartung: bool
    level: float
    k: int
    estimate: float
    se: float
    statistic: float
    df: float | None
    """k - 1 with Knapp and Hartung's test, else None (normal)."""
    p: float
    ci: Interval
    prediction: Interval | None
    """Where the true effect of a new study lies, with the same quantile as ``ci``; None for equal effects."""
    prediction_t: Interval | None
    """The same with Student's t on k - 2 degrees of freedom (Higgins, Thompson, Spiegelhalter 2009)."""
    tau2: float
    tau2_ci: Interval
    """Q-profile interval."""
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    weights: Vector
    """(k,) percent; they sum to 100."""
    without: Vector
    """(k,) the pooled effect without each study; NaN where only one would be left."""


def pool(
    yi: Vector, vi: Vector, *, method: Method = "REML", knapp_hartung: bool = False, level: float = 0.95
) -> Pooled:
    """Pool effects ``yi`` with sampling variances ``vi``, both (k,).

    Raises `MetaError` for fewer than two studies, a value that is not finite and a variance that is not above
    zero. With ``knapp_hartung`` the interval may be *narrower* than Wald's where effects agree by chance; look
    at both.
    """
    _usable(yi, vi)
    k, ones = yi.size, np.ones((yi.size, 1))
    fitted = fit(yi, vi, ones, method=method, knapp_hartung=knapp_hartung)
    estimate, se, tau2 = float(fitted.coefficients[0]), float(np.sqrt(fitted.covariance[0, 0])), fitted.tau2
    quantile = fitted.quantile(level)
    statistic = estimate / se
    spread = float(np.sqrt(se**2 + tau2))
    q = q_statistic(yi, vi, ones)
    i2, h2 = _heterogeneity(method, tau2, q, vi, ones)
    weights = 1 / (vi + tau2)
    return Pooled(
        method=method,
        knapp_hartung=knapp_hartung,
        level=level,
        k=k,
        estimate=estimate,
        se=se,
        statistic=statistic,
        df=fitted.df,
        p=fitted.p(statistic),
        ci=_around(estimate, quantile * se),
        prediction=None if method == "EE" else _around(estimate, quantile * spread),
        prediction_t=_around(estimate, float(stats.t.ppf((1 + level) / 2, k - 2)) * spread)
        if method != "EE" and k > 2
        else None,
        tau2=tau2,
        tau2_ci=interval(yi, vi, ones, level),
        i2=i2,
        h2=h2,
        q=q,
        q_df=k - 1,
        q_p=float(stats.chi2.sf(q, k - 1)),
        weights=100 * weights / weights.sum(),
        without=_without_each(yi, vi, method),
    )


def _usable(yi: Vector, vi: Vector) -> None:
    if yi.size < 2:
        raise MetaError("At least two studies are needed to pool anything.")
    for row in range(yi.size):
        if not (np.isfinite(yi[row]) and np.isfinite(vi[row])):
            raise MetaError("An effect and a sampling variance that are finite numbers are expected.", row=row)
        if vi[row] <= 0:
            raise MetaError(f"The sampling variance {vi[row]:g} is not above zero.", row=row)


def _around(middle: float, half: float) -> Interval:
    return middle - half, middle + half


def _heterogeneity(method: Method, tau2: float, q: float, vi: Vector, x: Matrix) -> tuple[float, float]:
    """I2 in percent and H2: from Q where effects are taken as equal, else from tau2 and a typical variance."""
    df = vi.size - x.shape[1]
    if method == "EE":
        return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0, q / df
    typical = df / float(np.trace(residual_maker(vi, x, 0.0)))
    return 100 * tau2 / (typical + tau2), tau2 / typical + 1


def _without_each(yi: Vector, vi: Vector, method: Method) -> Vector:
    if yi.size == 2:
        return np.full(2, np.nan)
    left = [np.arange(yi.size) != row for row in range(yi.size)]
    found = [fit(yi[m], vi[m], np.ones((yi.size - 1, 1)), method=method, knapp_hartung=False) for m in left]
    return np.array([one.coefficients[0] for one in found])

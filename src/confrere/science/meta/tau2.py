"""The variance of true effects between studies, by seven estimators, and its Q-profile interval.

All of them start from ``P = W - W X inv(X' W X) X' W`` with ``W = diag(1 / (v + tau2))``: ``P y`` are weighted
residuals, ``y' P y`` is Cochran's Q at that tau2. Formulas: Viechtbauer, *J Educ Behav Stat* 2005;30:261-293;
the interval: Viechtbauer, *Stat Med* 2007;26:37-52. Reference: metafor 3.8-1 `rma`, `confint`.
"""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Method = Literal["REML", "ML", "DL", "PM", "HE", "SJ", "EE"]
METHODS: tuple[Method, ...] = get_args(Method)

_GRID = 200
"""Points at which the likelihood is looked at before its best hill is climbed: REML may have several."""


def residual_maker(v: Vector, x: Matrix, tau2: float) -> Matrix:
    """(k, k) the matrix P for sampling variances ``v`` (k,) and moderators ``x`` (k, p)."""
    w = 1 / (v + tau2)
    wx = w[:, None] * x
    made: Matrix = np.diag(w) - wx @ np.linalg.solve(x.T @ wx, wx.T)
    return made


def q_statistic(y: Vector, v: Vector, x: Matrix, tau2: float = 0.0) -> float:
    """``y' P y``: chi-squared on k - p degrees of freedom where tau2 is the true one."""
    return float(y @ residual_maker(v, x, tau2) @ y)


def estimate(method: Method, y: Vector, v: Vector, x: Matrix) -> float:
    """tau2, never below zero, from effects ``y`` and variances ``v`` (k,) and moderators ``x`` (k, p), p < k."""
    if method == "EE":
        return 0.0
    if method in ("REML", "ML"):
        return _likeliest(y, v, x, restricted=method == "REML")
    df = int(y.size - x.shape[1])
    if method == "DL":
        p = residual_maker(v, x, 0.0)
        return max(0.0, (float(y @ p @ y) - df) / float(np.trace(p)))
    if method == "PM":
        return _where_q_is(df, y, v, x)
    flat = residual_maker(np.ones(y.size), x, 0.0)
    if method == "HE":
        return max(0.0, (float(y @ flat @ y) - float(np.diag(flat) @ v)) / df)
    rough = float(np.mean((y - y.mean()) ** 2))  # SJ starts from the spread of the effects themselves
    return rough * q_statistic(y, v, x, rough) / df if rough > 0 else 0.0


def interval(y: Vector, v: Vector, x: Matrix, level: float) -> tuple[float, float]:
    """The Q-profile interval: all tau2 at which Q is no surprise. (0, 0) where even zero is too large."""
    df = y.size - x.shape[1]
    tails = ((1 - level) / 2, (1 + level) / 2)
    high, low = (_where_q_is(float(stats.chi2.ppf(tail, df)), y, v, x) for tail in tails)
    return low, high


def _where_q_is(target: float, y: Vector, v: Vector, x: Matrix) -> float:
    """The tau2 >= 0 at which Q, which only falls, has come down to ``target``; 0 where it starts lower."""

    def above(tau2: float) -> float:
        return q_statistic(y, v, x, tau2) - target

    if above(0.0) <= 0:
        return 0.0
    return _root(above, _scale(y, v))


def _scale(y: Vector, v: Vector) -> float:
    return float(np.ptp(y)) ** 2 + float(v.max())


def _root(falling: Callable[[float], float], scale: float) -> float:
    high = scale
    while falling(high) > 0:
        high *= 4
    return float(brentq(falling, 0.0, high, xtol=1e-14 * high, rtol=1e-14))


def _likeliest(y: Vector, v: Vector, x: Matrix, *, restricted: bool) -> float:
    """The tau2 of the highest (restricted) likelihood, looked for on a grid and then where the score is zero."""

    def score(tau2: float) -> float:
        p = residual_maker(v, x, tau2)
        py = p @ y
        shrink = np.trace(p) if restricted else np.sum(1 / (v + tau2))
        return float(py @ py - shrink)

    def loglik(tau2: float) -> float:
        w = 1 / (v + tau2)
        bend = np.linalg.slogdet(x.T @ (w[:, None] * x))[1] if restricted else 0.0
        return 0.5 * float(np.log(w).sum() - bend - q_statistic(y, v, x, tau2))

    top = _scale(y, v)
    grid = np.concatenate([[0.0], np.geomspace(float(v.min()) * 1e-4, top, _GRID)])
    best = int(np.argmax([loglik(tau2) for tau2 in grid]))
    left, right = grid[max(best - 1, 0)], grid[min(best + 1, _GRID)]
    if score(left) <= 0:
        return 0.0
    return float(brentq(score, left, right, xtol=1e-15 * top, rtol=1e-14))

"""Fitting a strata model: one variance ratio is searched, the rest is closed form.

The residual variance and the coefficients are profiled out, so REML (or ML) is a function of the one ratio
``λ = id / residual`` whose derivative is exact. The derivative is looked at on a grid from 0 to very large
values first: a likelihood can have two maxima, and a maximum at λ = 0 (people do not differ beyond chance)
is a legitimate answer that an unconstrained search in log λ never reaches.
"""

from collections.abc import Callable

import numpy as np

from confrere.science.mixed.design import Design, ModelError, Vector
from confrere.science.mixed.fit import Estimation, Fit, evaluate
from confrere.science.mixed.partition import changing
from confrere.science.mixed.strata import Strata

_RELIABILITY = np.concatenate([[0.0], np.linspace(0.04, 0.96, 15), 1 - np.geomspace(1e-2, 1e-9, 8)])
_PRECISE = 1e-9  # of a step: the error that is left is near its 1.7th power
_MOST_STEPS = 200


def fit_strata(strata: Strata, design: Design, estimation: Estimation = "reml") -> Fit:
    """The maximum of the restricted or full likelihood over the variances, zero included.

    Raises `ModelError` where the residual variance goes to zero (each participant always answers the same) and
    where there are no more participants than effects that distinguish them.
    """
    profile = _Profile(strata, estimation)
    if len(strata.parameters) == 1:
        return evaluate(strata, design, np.array([profile.residual(0.0)]), estimation)
    k = design.kept.size
    if strata.count.sum() - k < 2:  # one residual cannot tell two variances apart
        raise ModelError(
            f"There are {strata.count.sum():.0f} observations for {k} coefficients and two variances; the model needs "
            "more."
        )
    if strata.n_clusters + changing(strata.cross[0, :k, :k]) <= k:
        raise ModelError(
            "There are no more participants than effects that distinguish them, so the variance between participants "
            "cannot be estimated."
        )
    slopes = profile.slopes(_RELIABILITY)
    candidates = [0.0] if slopes[0] <= 0 else []
    for j in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0)).tolist():
        ends, values = _RELIABILITY[j : j + 2].tolist(), slopes[j : j + 2].tolist()
        candidates.append(root(lambda r: float(profile.slopes(np.array([r]))[0]), *ends, *values))
    if not candidates:
        raise ModelError("The outcome does not vary within participants, so there is no residual variance.")
    fits = [evaluate(strata, design, profile.theta(reliability), estimation) for reliability in candidates]
    return max(fits, key=lambda fit: fit.loglik)


def root(slope: Callable[[float], float], left: float, right: float, up: float, down: float) -> float:
    """Where a function falls through zero between ``left`` (value ``up`` > 0) and ``right`` (``down`` <= 0).

    False position with Anderson and Björck's weights: never leaves the bracket, of order 1.7 near the root.
    """
    last, here, small = left, up, 1e-4 * min(up, -down)
    for _ in range(_MOST_STEPS):
        middle = right - down * (right - left) / (down - up)
        if not left < middle < right or (abs(middle - last) <= _PRECISE and abs(here) <= small):
            return middle
        here, last = slope(middle), middle
        if here > 0:
            down *= _weight(here, up)
            left, up = middle, here
        else:
            up *= _weight(here, down)
            right, down = middle, here
    return last


def _weight(new: float, old: float) -> float:
    """By how much the value at the end that stays is lowered: straight lines would approach from one side only."""
    left = 1 - new / old
    return left if left > 0.1 else 0.5


class _Profile:
    """The likelihood as a function of the ratio ``λ = id / residual`` alone.

    The ratio is given as a reliability in [0, 1): that of the mean of as many observations as people usually have,
    ``λ m / (1 + λ m)``.
    """

    def __init__(self, strata: Strata, estimation: Estimation) -> None:
        self._k = k = strata.cross.shape[1] - 1
        self._load: Vector = strata.loading[:, 0] * (len(strata.parameters) > 1)
        self._count = strata.count
        self._usual = float(strata.count[1:] @ self._load[1:] / strata.count[1:].sum()) if self._load.size > 1 else 1.0
        self._xx = np.ascontiguousarray(strata.cross[:, :k, :k]).reshape(-1, k * k)
        self._xy, self._yy = strata.cross[:, :k, k], strata.cross[:, k, k]
        self._restricted = estimation == "reml"
        self._freedom: float = float(strata.count.sum()) - self._restricted * k

    def ratio(self, reliability: float) -> float:
        """λ at this reliability."""
        return reliability / (1 - reliability) / self._usual

    def residual(self, reliability: float) -> float:
        """The best residual variance at this reliability."""
        weight = 1.0 / (1.0 + self.ratio(reliability) * self._load)
        moved = weight @ self._xy
        explained = moved @ np.linalg.solve((weight @ self._xx).reshape(self._k, -1), moved)
        return float(weight @ self._yy - explained) / self._freedom

    def theta(self, reliability: float) -> Vector:
        """(2,) variances (id, residual) at this reliability."""
        residual = self.residual(reliability)
        return np.array([self.ratio(reliability) * residual, residual])

    def slopes(self, reliabilities: Vector) -> Vector:
        """(R,) derivatives of twice the profile log-likelihood by λ, at many reliabilities at once."""
        ratios = reliabilities / (1 - reliabilities) / self._usual
        weight = 1.0 / (1.0 + ratios[:, None] * self._load)
        loaded = weight * self._load
        lean = weight * loaded
        phi = np.linalg.inv((weight @ self._xx).reshape(-1, self._k, self._k))
        gamma = (phi @ (weight @ self._xy)[:, :, None])[:, :, 0]
        outer = (gamma[:, :, None] * gamma[:, None, :]).reshape(ratios.size, -1)
        squares = self._yy - 2 * gamma @ self._xy.T + outer @ self._xx.T
        gain = (lean * squares).sum(axis=1) * self._freedom / (weight * squares).sum(axis=1)
        shrink = (phi.reshape(ratios.size, -1) * (lean @ self._xx)).sum(axis=1)
        found: Vector = gain - loaded @ self._count + self._restricted * shrink
        return found

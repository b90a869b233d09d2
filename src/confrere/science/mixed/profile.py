"""Fitting a strata model: one variance ratio is searched, the rest is closed form.

The residual variance and the coefficients are profiled out, so REML (or ML) is a function of the one ratio
``λ = id / residual`` whose derivative is exact. The derivative is looked at on a grid from 0 to very large
values first: a likelihood can have two maxima, and a maximum at λ = 0 (people do not differ beyond chance)
is a legitimate answer that an unconstrained search in log λ never reaches.
"""

import numpy as np
from scipy.optimize import brentq

from confrere.science.mixed.design import Design, ModelError, Vector
from confrere.science.mixed.fit import Estimation, Fit, evaluate
from confrere.science.mixed.strata import Strata

_RELIABILITY = np.concatenate([[0.0], np.linspace(0.02, 0.98, 25), 1 - np.geomspace(1e-2, 1e-9, 8)])


def fit_strata(strata: Strata, design: Design, estimation: Estimation = "reml") -> Fit:
    """The maximum of the restricted or full likelihood over the variances, zero included.

    Raises `ModelError` where the residual variance goes to zero (each participant always answers the same).
    """
    if len(strata.parameters) == 1:
        return evaluate(strata, design, np.array([_Profile(strata, estimation).residual(0.0)]), estimation)
    profile = _Profile(strata, estimation)
    usual = float(strata.count[1:] @ strata.loading[1:, 0] / strata.count[1:].sum())
    ratios = _RELIABILITY / (1 - _RELIABILITY) / usual
    slopes = np.array([profile.slope(ratio) for ratio in ratios])
    candidates = [0.0] if slopes[0] <= 0 else []
    turns = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    candidates += [float(brentq(profile.slope, ratios[j], ratios[j + 1], xtol=1e-300, rtol=1e-14)) for j in turns]
    if not candidates:
        raise ModelError("The outcome does not vary within participants, so there is no residual variance.")
    fits = [evaluate(strata, design, profile.theta(ratio), estimation) for ratio in candidates]
    return max(fits, key=lambda fit: fit.loglik)


class _Profile:
    """The likelihood as a function of ``λ = id / residual`` alone."""

    def __init__(self, strata: Strata, estimation: Estimation) -> None:
        k = strata.cross.shape[1] - 1
        self._load: Vector = strata.loading[:, 0] * (len(strata.parameters) > 1)
        self._count = strata.count
        self._xx, self._xy, self._yy = strata.cross[:, :k, :k], strata.cross[:, :k, k], strata.cross[:, k, k]
        self._restricted = estimation == "reml"
        self._freedom: float = float(strata.count.sum()) - self._restricted * k

    def residual(self, ratio: float) -> float:
        """The best residual variance at this ratio."""
        weight, squares, _ = self._solve(ratio)
        return float(weight @ squares) / self._freedom

    def theta(self, ratio: float) -> Vector:
        """(2,) variances (id, residual) at this ratio."""
        residual = self.residual(ratio)
        return np.array([ratio * residual, residual])

    def slope(self, ratio: float) -> float:
        """Derivative of twice the profile log-likelihood by the ratio."""
        weight, squares, phi = self._solve(ratio)
        lean = weight**2 * self._load
        gain = float(lean @ squares) * self._freedom / float(weight @ squares)
        cost = float(self._count @ (self._load * weight))
        shrink = float(np.einsum("ab,k,kba->", phi, lean, self._xx)) if self._restricted else 0.0
        return gain - cost + shrink

    def _solve(self, ratio: float) -> tuple[Vector, Vector, Vector]:
        weight = 1.0 / (1.0 + ratio * self._load)
        phi = np.linalg.inv(np.tensordot(weight, self._xx, axes=1))
        gamma = phi @ (weight @ self._xy)
        squares = self._yy - 2 * self._xy @ gamma + (self._xx @ gamma) @ gamma
        return weight, squares, phi

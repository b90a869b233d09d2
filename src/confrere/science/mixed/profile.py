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
    slopes = profile.slopes(ratios)
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
        weight = 1.0 / (1.0 + ratio * self._load)
        phi = np.linalg.inv(np.tensordot(weight, self._xx, axes=1))
        moved = weight @ self._xy
        return float(weight @ self._yy - moved @ phi @ moved) / self._freedom

    def theta(self, ratio: float) -> Vector:
        """(2,) variances (id, residual) at this ratio."""
        residual = self.residual(ratio)
        return np.array([ratio * residual, residual])

    def slope(self, ratio: float) -> float:
        """Derivative of twice the profile log-likelihood by the ratio."""
        return float(self.slopes(np.array([ratio]))[0])

    def slopes(self, ratios: Vector) -> Vector:
        """(R,) derivatives at many ratios at once."""
        weight = 1.0 / (1.0 + np.outer(ratios, self._load))
        lean = weight**2 * self._load
        phi = np.linalg.inv(np.tensordot(weight, self._xx, axes=1))
        gamma = (phi @ (weight @ self._xy)[:, :, None])[:, :, 0]
        pull = np.einsum("kab,rb->rka", self._xx, gamma)
        squares = self._yy - 2 * gamma @ self._xy.T + np.einsum("rka,ra->rk", pull, gamma)
        gain = np.einsum("rk,rk->r", lean, squares) * self._freedom / np.einsum("rk,rk->r", weight, squares)
        shrink = np.einsum("rab,rba->r", phi, np.tensordot(lean, self._xx, axes=1))
        found: Vector = gain - (weight * self._load) @ self._count + self._restricted * shrink
        return found

"""A fitted model and the likelihood of a strata model with its exact derivatives."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log, pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Design, Matrix, Vector
from confrere.science.mixed.strata import Strata

Estimation = Literal["reml", "ml"]


@dataclass(frozen=True, slots=True)
class Fit:
    """What every method of inference needs to know of a fitted Gaussian model with k coefficients.

    ``theta`` holds r covariance parameters. All arrays are in the design's orthonormal basis; Φ is
    ``inv(X' inv(V) X)`` and V_i the derivative of V by theta_i.
    """

    design: Design
    estimation: Estimation
    parameters: tuple[str, ...]
    theta: Vector
    free: NDArray[np.bool_]
    """(r,) False where a variance rests on its boundary zero."""
    coefficients: Vector
    """(k,) in the orthonormal basis."""
    phi: Matrix
    """(k, k) covariance of the coefficients, theta taken as known."""
    slopes: NDArray[np.float64]
    """(r, k, k) P_i: derivative of ``X' inv(V) X`` by theta_i."""
    curvature: Callable[[Matrix], Matrix]
    """Weights w (r, r) to (k, k) ``sum_ij w_ij (Q_ij - R_ij / 4)`` with ``Q_ij = X' inv(V) V_i inv(V) V_j inv(V) X``
    and ``R_ij = X' inv(V) V_ij inv(V) X``, which is zero where V is linear in theta."""
    observed: Matrix
    """(r, r) minus the second derivatives of the log-likelihood (what SAS and lmerTest invert)."""
    expected: Matrix
    """(r, r) their expectation (what pbkrtest inverts)."""
    score: Vector
    """(r,) first derivatives at theta; zero for the free ones."""
    loglik: float
    n_obs: int
    n_clusters: int
    within: Matrix
    """(k, k) cross-products of the basis within participants: which effects change within a person."""
    structure: str = "random-intercept"
    covariance_of_waves: Matrix | None = None
    """(W, W) for a general covariance."""

    @property
    def beta(self) -> Vector:
        """(p,) coefficients by column of the design; NaN where the column was dropped."""
        beta = np.full(len(self.design.names), np.nan)
        beta[self.design.kept] = self.design.basis @ self.coefficients
        return beta

    @property
    def covariance(self) -> Matrix:
        """(k, k) model-based covariance of the kept coefficients in their own units."""
        return self.design.basis @ self.phi @ self.design.basis.T


def weighted_sum(matrices: NDArray[np.float64], weights: Matrix) -> Matrix:
    """(k, k) ``sum_ij w_ij Q_ij`` of matrices (r, r, k, k), as `Fit.curvature` needs it."""
    k = matrices.shape[-1]
    found: Matrix = (weights.ravel() @ matrices.reshape(-1, k * k)).reshape(k, k)
    return found


def evaluate(strata: Strata, design: Design, theta: Vector, estimation: Estimation) -> Fit:
    """The model at ``theta`` (r,), with exact first and second derivatives; no optimising here.

    Formulas and their derivation: ``docs/methods/random-intercept.md``. For V = sum_k d_k Π_k, every form
    ``X' inv(V) V_i inv(V) … X`` is a weighted sum of the strata's cross-products.
    """
    weight = 1.0 / (strata.loading @ theta)
    k, r = strata.cross.shape[1] - 1, theta.size
    xx, xy, yy = strata.cross[:, :k, :k], strata.cross[:, :k, k], strata.cross[:, k, k]
    flat = xx.reshape(-1, k * k)
    information = (weight @ flat).reshape(k, k)
    phi = np.linalg.inv(information)
    phi = (phi + phi.T) / 2
    gamma = phi @ (weight @ xy)
    pull = xy - xx @ gamma
    squares = yy - xy @ gamma - pull @ gamma
    loaded = strata.loading * weight[:, None]
    first = loaded * weight[:, None]
    second = (first[:, :, None] * loaded[:, None, :]).reshape(-1, r * r)
    slopes = -(first.T @ flat).reshape(r, k, k)
    curvature = (second.T @ flat).reshape(r, r, k, k)
    spread = loaded.T @ (strata.count[:, None] * loaded)
    leaning = first.T @ pull
    turned = phi @ slopes
    traces = turned.reshape(r, -1) @ turned.swapaxes(1, 2).reshape(r, -1).T
    correction = 2 * (curvature.reshape(r, r, -1) @ phi.ravel()) - traces
    restricted = estimation == "reml"
    score = -0.5 * (strata.count @ loaded + restricted * (slopes.reshape(r, -1) @ phi.ravel()) - first.T @ squares)
    observed = -0.5 * spread + (second.T @ squares).reshape(r, r) - leaning @ phi @ leaning.T
    observed += 0.5 * restricted * correction
    expected = 0.5 * (spread - restricted * correction)
    size = float(strata.count.sum())
    logdet = float(np.linalg.slogdet(information)[1]) - 2 * float(np.log(np.abs(design.basis.diagonal())).sum())
    deviance = (size - restricted * k) * log(2 * pi) - float(strata.count @ np.log(weight))
    deviance += restricted * logdet + float(weight @ squares)
    return Fit(
        design=design,
        estimation=estimation,
        parameters=strata.parameters,
        theta=theta,
        free=theta > 0,
        coefficients=gamma + strata.offset,
        phi=phi,
        slopes=slopes,
        curvature=partial(weighted_sum, curvature),
        observed=(observed + observed.T) / 2,
        expected=(expected + expected.T) / 2,
        score=score,
        loglik=-0.5 * deviance,
        n_obs=int(size),
        n_clusters=strata.n_clusters,
        within=strata.cross[0, :k, :k],
    )

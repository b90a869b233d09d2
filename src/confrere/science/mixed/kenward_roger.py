"""Kenward-Roger: standard errors and degrees of freedom that know the variances were estimated.

Without it, the covariance of the coefficients ignores that theta was estimated; in small samples standard
errors are too small and tests reject too often. The adjusted covariance is

    Φ_A = Φ + 2 Φ { Σ_ij W_ij (Q_ij - P_i Φ P_j - R_ij / 4) } Φ

with W the covariance of theta; R vanishes for a covariance that is linear in theta.
Two flavours differ in W only: SAS ``DDFM=KENWARDROGER`` inverts the *observed* information, R's pbkrtest the
*expected* one.

Reference: Kenward MG, Roger JH. Biometrics 1997;53:983-997. Derivation: ``docs/methods/kenward-roger.md``.
"""

from dataclasses import dataclass

import numpy as np

from confrere.science.mixed.design import Matrix, ModelError
from confrere.science.mixed.fit import Fit

_VANISHED = 1e-12
_NEAR_TWO = 1e-2


def adjusted_covariance(fit: Fit, spread: Matrix) -> Matrix:
    """(k, k) Φ_A in the orthonormal basis, for ``spread`` (r, r), the covariance W of theta."""
    r, k = spread.shape[0], fit.phi.shape[0]
    leaned = (spread @ fit.slopes.reshape(r, -1)).reshape(r, k, k)
    inner = fit.curvature(spread) - (fit.slopes @ fit.phi @ leaned).sum(axis=0)
    adjusted = fit.phi + 2 * fit.phi @ inner @ fit.phi
    symmetric: Matrix = (adjusted + adjusted.T) / 2
    return symmetric


@dataclass(frozen=True, slots=True)
class Scaling:
    """F is multiplied by ``factor`` and referred to ``df`` denominator degrees of freedom."""

    factor: float
    df: float


def joint_scaling(fit: Fit, spread: Matrix, contrasts: Matrix) -> Scaling:
    """Match the first two moments of the scaled Wald statistic to an F distribution.

    ``contrasts`` is (q, k) of full row rank in the orthonormal basis. With q = 1 the factor is 1 and the df
    are Satterthwaite's with the same W. Near two df the factor is 0 / 0 and taken as 1, as pbkrtest does. Raises
    `ModelError` where no F distribution has these moments.
    """
    q = contrasts.shape[0]
    theta_form = contrasts.T @ np.linalg.solve(contrasts @ fit.phi @ contrasts.T, contrasts)
    r = spread.shape[0]
    turned = theta_form @ fit.phi @ fit.slopes @ fit.phi
    traces = np.trace(turned, axis1=1, axis2=2)
    a1 = float(traces @ spread @ traces)
    a2 = float((spread * (turned.reshape(r, -1) @ turned.swapaxes(1, 2).reshape(r, -1).T)).sum())
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    divisor = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / divisor, (q - g) / divisor, (q + 2 - g) / divisor
    # 1 - a2 / q is one over the mean. Where it and its partner vanish, their ratio is one, as for q = 1 everywhere.
    inverse_mean, partner = 1 - a2 / q, 1 - c2 * b
    lost = max(abs(inverse_mean), abs(partner)) < _VANISHED
    spread_of_f = (1 if lost else inverse_mean / partner) ** 2 * (1 + c1 * b) / (1 - c3 * b)
    df = 4 + (q + 2) / (spread_of_f - 1)
    if not df > 0:
        raise ModelError("The variances are known too little for a joint test by Kenward and Roger.")
    near_two = abs(df - 2) < _NEAR_TWO
    return Scaling(factor=1.0 if near_two else df * inverse_mean / (df - 2), df=df)

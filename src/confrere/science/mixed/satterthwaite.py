"""Satterthwaite: degrees of freedom such that a contrast's estimated variance behaves like a chi-square.

For one contrast l, ``df = 2 (l' Φ l)² / (g' W g)`` with g the exact derivative of ``l' Φ l`` by theta and W
the covariance of theta. Normal quantiles instead would make a trial of 20 people look like one of 2,000.
Several contrasts at once: the F test of Fai and Cornelius (1996), as lmerTest does it.

Derivation and differences from SAS: ``docs/methods/satterthwaite.md``.
"""

import numpy as np

from confrere.science.mixed.design import Matrix, Vector
from confrere.science.mixed.fit import Fit


def contrast_dfs(fit: Fit, spread: Matrix, contrasts: Matrix) -> Vector:
    """(c,) degrees of freedom of contrasts (c, k) in the orthonormal basis; infinite where W is zero."""
    turned = contrasts @ fit.phi
    variances = (turned * contrasts).sum(axis=1)
    gradients = ((turned @ fit.slopes) * turned).sum(axis=2)
    wobbles = ((spread @ gradients) * gradients).sum(axis=0)
    known = wobbles <= 0
    found: Vector = np.where(known, np.inf, 2 * variances**2 / np.where(known, 1.0, wobbles))
    return found


def joint_df(fit: Fit, spread: Matrix, contrasts: Matrix) -> float:
    """Denominator df of the F test of ``contrasts`` (q, k): independent directions, then matched means.

    Directions with df of 2 or less have no finite mean; as in lmerTest the whole test then gets 2.
    """
    _, directions = np.linalg.eigh(contrasts @ fit.phi @ contrasts.T)
    each = contrast_dfs(fit, spread, directions.T @ contrasts)
    if np.ptp(each) <= 1e-8 * each.max():
        return float(each.mean())
    if each.min() <= 2:
        return 2.0
    total = float(np.sum(each / (each - 2)))
    return 2 * total / (total - each.size)

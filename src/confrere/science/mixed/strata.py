"""A random intercept as strata: everything the likelihood needs, in a few cross-products.

With one random intercept per participant, the covariance of a participant's ``m`` observations is
``residual * I + id * J`` (J all ones). Its eigenvectors do not depend on the variances: deviations from the
participant's mean have variance ``residual``; the mean direction has ``residual + m * id``. So all
deviations of all participants form one stratum, and the mean directions one stratum per distinct number of
observations. A million participants with one to five visits are six small matrices.

See ``docs/methods/random-intercept.md``. Reference: Searle, Casella, McCulloch, *Variance Components*, 1992,
chapter 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Design, Matrix, ModelError, Vector


@dataclass(frozen=True, slots=True)
class Strata:
    """Sufficient statistics of a model whose covariance is ``sum_k (loading @ theta)_k * projector_k``."""

    parameters: tuple[str, ...]
    """Names of the r variances in theta, the residual last."""
    loading: Matrix
    """(K, r) non-negative: variance of stratum k is ``loading[k] @ theta``."""
    count: Vector
    """(K,) dimension of each stratum; sums to the number of observations."""
    cross: NDArray[np.float64]
    """(K, k + 1, k + 1) cross-products of [orthonormal X, y - offset @ X] within each stratum."""
    offset: Vector
    """(k,) ordinary least-squares coefficients that were taken out of y beforehand (less cancellation)."""
    n_clusters: int


def random_intercept(design: Design, outcome: Vector, cluster: NDArray[np.intp]) -> Strata:
    """Reduce ``outcome`` (n,) by ``cluster`` (n,), whole numbers 0 … G-1 that all occur, in any row order.

    Raises `ModelError` where nobody has a second observation: the variance between people and the residual
    variance cannot then be told apart.
    """
    sizes = np.bincount(cluster)
    if sizes.max() == 1:
        raise ModelError(
            "Every participant has one observation only, so a random participant effect cannot be estimated."
        )
    offset, table = without_least_squares(design, outcome)
    sums = np.stack([np.bincount(cluster, weights=column) for column in table.T], axis=1)
    within = table - (sums / sizes[:, None])[cluster]
    distinct = np.unique(sizes)
    cross = [within.T @ within]
    for size in distinct:
        part = sums[sizes == size]
        cross.append(part.T @ part / size)
    return Strata(
        parameters=("id", "residual"),
        loading=np.column_stack([np.concatenate([[0.0], distinct]), np.ones(distinct.size + 1)]),
        count=np.concatenate([[outcome.size - sizes.size], np.bincount(sizes)[distinct]]).astype(np.float64),
        cross=np.stack(cross),
        offset=offset,
        n_clusters=int(sizes.size),
    )


def independent(design: Design, outcome: Vector) -> Strata:
    """Reduce ``outcome`` (n,) for a model without a random effect (ANCOVA with one follow-up)."""
    offset, table = without_least_squares(design, outcome)
    return Strata(
        parameters=("residual",),
        loading=np.ones((1, 1)),
        count=np.array([float(outcome.size)]),
        cross=(table.T @ table)[None],
        offset=offset,
        n_clusters=int(outcome.size),
    )


def without_least_squares(design: Design, outcome: Vector) -> tuple[Vector, Matrix]:
    """(k,) least-squares coefficients in the orthonormal basis, and (n, k + 1) [X, y less its fit].

    Raises `ModelError` where nothing is left of y.
    """
    offset: Vector = design.orthonormal.T @ outcome
    rest = outcome - design.orthonormal @ offset
    if np.linalg.norm(rest) <= 1e-10 * np.linalg.norm(outcome):
        raise ModelError("The outcome has no variation left beside the fixed effects; there is nothing to test.")
    return offset, np.column_stack([design.orthonormal, rest])

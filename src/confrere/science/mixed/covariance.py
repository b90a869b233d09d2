"""Covariance structures of repeated measures: the matrix and its exact first and second derivatives.

Parameters are those of SAS PROC MIXED (variances, covariances or correlations), because the second-order term
of Kenward-Roger depends on the parameterization. W waves; equally spaced where the order alone matters (ar1,
toeplitz).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Matrix, Vector

Tensor = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Structure:
    """A covariance structure for a number of waves."""

    name: str
    parameters: Callable[[int], tuple[str, ...]]
    """Names of the r parameters for W waves."""
    start: Callable[[Matrix], Vector]
    """(r,) from an unstructured guess (W, W)."""
    evaluate: Callable[[Vector, int], tuple[Matrix, Tensor, Tensor | None]]
    """(W, W), (r, W, W) and (r, r, W, W): the matrix and its derivatives at theta; None where it is linear in theta."""


def _linear(basis: Callable[[int], Tensor]) -> Callable[[Vector, int], tuple[Matrix, Tensor, None]]:
    """A structure that is a sum of fixed matrices (r, W, W) times the parameters."""

    def evaluate(theta: Vector, waves: int) -> tuple[Matrix, Tensor, None]:
        parts = basis(waves)
        return np.tensordot(theta, parts, axes=1), parts, None

    return evaluate


def _bands(waves: int) -> Tensor:
    distance = np.abs(np.subtract.outer(np.arange(waves), np.arange(waves)))
    return np.array([(distance == k).astype(float) for k in range(waves)])


def _pairs(waves: int) -> Tensor:
    rows, columns = np.tril_indices(waves)
    parts = np.zeros((rows.size, waves, waves))
    parts[np.arange(rows.size), rows, columns] = parts[np.arange(rows.size), columns, rows] = 1.0
    return parts


def _common(waves: int) -> Tensor:
    return np.stack([np.ones((waves, waves)), np.eye(waves)])


def _product(
    correlate: Callable[[Vector, int], tuple[Matrix, Tensor, Tensor]], *, heterogeneous: bool
) -> Callable[[Vector, int], tuple[Matrix, Tensor, Tensor]]:
    """``sqrt(v_i v_j) * correlation_ij``, with one variance per wave or one for all, which comes first."""

    def evaluate(theta: Vector, waves: int) -> tuple[Matrix, Tensor, Tensor]:
        n = waves if heterogeneous else 1
        variance = np.broadcast_to(theta[:n], (waves,))
        scale, d_scale, dd_scale = _scales(variance, heterogeneous=heterogeneous)
        corr, d_corr, dd_corr = correlate(theta[n:], waves)
        first = np.concatenate([d_scale * corr, scale * d_corr])
        second = np.zeros((theta.size, theta.size, waves, waves))
        second[:n, :n] = dd_scale * corr
        second[:n, n:] = d_scale[:, None] * d_corr[None]
        second[n:, :n] = second[:n, n:].swapaxes(0, 1)
        second[n:, n:] = scale * dd_corr
        return scale * corr, first, second

    return evaluate


def _scales(variance: Vector, *, heterogeneous: bool) -> tuple[Matrix, Tensor, Tensor]:
    """``sqrt(v_i v_j)`` and its derivatives by the variances; NaN where a step of the search made one negative."""
    waves = variance.size
    with np.errstate(invalid="ignore"):
        scale = np.sqrt(np.outer(variance, variance))
    if not heterogeneous:
        return scale, np.ones((1, waves, waves)), np.zeros((1, 1, waves, waves))
    unit = np.eye(waves)
    # logarithmic derivative of v_i^(1/2) v_j^(1/2) by v_a: (1[a = i] + 1[a = j]) / (2 v_a)
    slope = (unit[:, :, None] + unit[:, None, :]) / (2 * variance[:, None, None])
    bend = np.einsum("aij,bij->abij", slope, slope)
    bend[np.arange(waves), np.arange(waves)] -= slope / variance[:, None, None]
    return scale, scale * slope, scale * bend


def _exchangeable(rho: Vector, waves: int) -> tuple[Matrix, Tensor, Tensor]:
    off = 1.0 - np.eye(waves)
    return np.eye(waves) + rho[0] * off, off[None], np.zeros((1, 1, waves, waves))


def _autoregressive(rho: Vector, waves: int) -> tuple[Matrix, Tensor, Tensor]:
    distance = np.abs(np.subtract.outer(np.arange(waves), np.arange(waves))).astype(float)
    first = np.where(distance >= 1, distance * rho[0] ** np.maximum(distance - 1, 0), 0.0)
    second = np.where(distance >= 2, distance * (distance - 1) * rho[0] ** np.maximum(distance - 2, 0), 0.0)
    return rho[0] ** distance, first[None], second[None, None]


def _banded(rho: Vector, waves: int) -> tuple[Matrix, Tensor, Tensor]:
    bands = _bands(waves)
    later = bands[1:]
    return bands[0] + np.tensordot(rho, later, axes=1), later, np.zeros((rho.size, *later.shape))


def _antedependent(rho: Vector, waves: int) -> tuple[Matrix, Tensor, Tensor]:
    """The correlation of waves i < j is the product of the neighbours' correlations between them.

    Without one neighbour's it is the product up to it times the product from it, so nothing is divided.
    """
    r = waves - 1
    chain = np.zeros((waves, waves))  # upper triangle and diagonal; zero below
    for i in range(waves):
        chain[i, i:] = np.cumprod(np.append(1.0, rho[i:]))
    before, after = chain[:, :r], chain[1:]  # up to neighbour a, and from it
    first = np.einsum("ia,aj->aij", before, after)
    half = (
        np.einsum("ia,ab,bj->abij", before, np.triu(chain[1:, :r]), after)
        * np.triu(np.ones((r, r)), 1)[:, :, None, None]
    )
    second = half + half.swapaxes(0, 1)
    return chain + np.triu(chain, 1).T, first + first.swapaxes(1, 2), second + second.swapaxes(2, 3)


def _variances(waves: int) -> tuple[str, ...]:
    return tuple(f"variance {i + 1}" for i in range(waves))


def _correlations(count: int) -> tuple[str, ...]:
    return tuple(f"correlation {i + 1}" for i in range(count))


def _common_correlation(guess: Matrix) -> Vector:
    """(1,) the mean correlation, kept where equal ones are possible."""
    waves = guess.shape[0]
    found = _correlations_of(guess)[np.triu_indices(waves, 1)].mean()
    return np.clip([found], -0.9 / max(1, waves - 1), 0.95)


def _correlations_of(guess: Matrix) -> Matrix:
    scale = np.sqrt(np.diagonal(guess))
    found: Matrix = guess / np.outer(scale, scale)
    return found


def _diagonals(matrix: Matrix) -> Vector:
    """(W,) the mean at each distance."""
    return np.array([np.diagonal(matrix, k).mean() for k in range(matrix.shape[0])])


def _compound(guess: Matrix) -> Vector:
    level, shared = np.diagonal(guess).mean(), _common_correlation(guess)[0]
    return np.array([shared, 1 - shared]) * level


STRUCTURES = {
    one.name: one
    for one in (
        Structure(
            "unstructured",
            lambda w: tuple(f"covariance {i + 1} {j + 1}" for i, j in zip(*np.tril_indices(w), strict=True)),
            lambda guess: guess[np.tril_indices(guess.shape[0])],
            _linear(_pairs),
        ),
        Structure(
            "compound-symmetry",
            lambda _: ("id", "residual"),
            _compound,
            _linear(_common),
        ),
        Structure(
            "heterogeneous-cs",
            lambda w: (*_variances(w), "correlation"),
            lambda guess: np.append(np.diagonal(guess), _common_correlation(guess)),
            _product(_exchangeable, heterogeneous=True),
        ),
        Structure(
            "ar1",
            lambda _: ("variance", "correlation"),
            lambda guess: np.append(np.diagonal(guess).mean(), _correlations_of(guess).diagonal(1).mean()),
            _product(_autoregressive, heterogeneous=False),
        ),
        Structure(
            "heterogeneous-ar1",
            lambda w: (*_variances(w), "correlation"),
            lambda guess: np.append(np.diagonal(guess), _correlations_of(guess).diagonal(1).mean()),
            _product(_autoregressive, heterogeneous=True),
        ),
        Structure(
            "toeplitz",
            lambda w: tuple(f"covariance at distance {k}" for k in range(w)),
            _diagonals,
            _linear(_bands),
        ),
        Structure(
            "heterogeneous-toeplitz",
            lambda w: (*_variances(w), *_correlations(w - 1)),
            lambda guess: np.append(np.diagonal(guess), _diagonals(_correlations_of(guess))[1:]),
            _product(_banded, heterogeneous=True),
        ),
        Structure(
            "ante-dependence",
            lambda w: (*_variances(w), *_correlations(w - 1)),
            lambda guess: np.append(np.diagonal(guess), _correlations_of(guess).diagonal(1)),
            _product(_antedependent, heterogeneous=True),
        ),
    )
}
"""Every structure by the name that a plan uses."""

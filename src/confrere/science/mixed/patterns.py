"""Repeated measures with a general covariance: the data as cross-products per distinct visit pattern.

Participants who were seen at the same waves share one covariance matrix, so their data enter the likelihood only
through the sums of ``z_t z_s'`` over them, for each pair of waves t, s. The work of an iteration depends on
the number of patterns, not on the number of people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.strata import without_least_squares

Tensor = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """The participants who were seen at exactly these waves."""

    waves: NDArray[np.intp]
    """(m,) ascending."""
    count: int
    cross: Tensor
    """(m, m, k + 1, k + 1) sums over participants of the products of their rows [x, y] at two waves."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of a data set, and what was taken out of y beforehand."""

    groups: tuple[Pattern, ...]
    n_waves: int
    offset: Vector
    variances: Vector
    """(W,) of the least-squares residuals at each wave, for starting values."""
    correlation: float
    """One common correlation of residuals of one participant, for starting values."""

    @property
    def n_obs(self) -> int:
        """How many observations."""
        return sum(one.count * one.waves.size for one in self.groups)

    @property
    def n_clusters(self) -> int:
        """How many participants."""
        return sum(one.count for one in self.groups)

    @property
    def within(self) -> Matrix:
        """(k, k) cross-products of the basis's deviations from participants' means."""
        parts = [np.einsum("ttab->ab", one.cross) - one.cross.sum(axis=(0, 1)) / one.waves.size for one in self.groups]
        total: Matrix = np.sum(parts, axis=0)[:-1, :-1]
        return total


def make_patterns(design: Design, outcome: Vector, cluster: NDArray[np.intp], wave: NDArray[np.intp]) -> Patterns:
    """Group ``outcome`` (n,) by ``cluster`` and ``wave`` (both (n,), whole numbers from 0; one row each at most).

    Raises `ModelError` where a wave has no observation or nobody has two.
    """
    offset, table = without_least_squares(design, outcome)
    people, n_waves = int(cluster.max()) + 1, int(wave.max()) + 1
    cube = np.zeros((people, n_waves, table.shape[1]))
    cube[cluster, wave] = table
    seen = np.zeros((people, n_waves), dtype=np.bool_)
    seen[cluster, wave] = True
    if not seen.any(axis=0).all():
        raise ModelError("Nobody was seen at one of the waves, so its variance cannot be estimated.")
    if seen.sum(axis=1).max() == 1:
        raise ModelError("Every participant has one observation only, so no covariance can be estimated.")
    distinct, member = np.unique(seen, axis=0, return_inverse=True)
    groups = []
    for g, row in enumerate(distinct):
        waves = np.flatnonzero(row)
        part = cube[member.ravel() == g][:, waves]
        groups.append(Pattern(waves, part.shape[0], np.einsum("ita,isb->tsab", part, part, optimize=True)))
    rest = cube[:, :, -1]
    variances = np.array([float((rest[seen[:, w], w] ** 2).mean()) for w in range(n_waves)])
    return Patterns(tuple(groups), n_waves, offset, variances, _correlation(rest, seen, variances))


def _correlation(rest: Matrix, seen: NDArray[np.bool_], variances: Vector) -> float:
    scaled = np.where(seen, rest / np.sqrt(np.maximum(variances, 1e-300)), 0.0)
    products = float((scaled.sum(axis=1) ** 2 - (scaled**2).sum(axis=1)).sum())
    pairs = float((seen.sum(axis=1) ** 2 - seen.sum(axis=1)).sum())
    return float(np.clip(products / pairs, 0.05, 0.9))

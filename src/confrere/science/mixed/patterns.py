"""Repeated measures with a general covariance: the data per distinct visit pattern.

Participants who were seen at the same waves share one covariance matrix, so their data enter the likelihood only
through the sums of ``z_t z_s'`` over them, for each pair of waves t, s. Where they are many, a few rows with the same
sums stand for them: the work of an iteration depends on the number of patterns, not on the number of people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.strata import without_least_squares

Tensor = NDArray[np.float64]
Mask = NDArray[np.bool_]

_LEAST_CORRELATED = 0.05  # smallest eigenvalue of the correlations from which a search starts


@dataclass(frozen=True, slots=True)
class Patterns:
    """N distinct visit patterns over W waves, and what was taken out of y beforehand."""

    seen: Mask
    """(N, W) the waves of each pattern."""
    count: Vector
    """(N,) how many participants have it."""
    rows: Tensor
    """(P, W, k + 1) rows [x, y] of participants, pattern after pattern, zero where not seen. Those of a large group
    are replaced by fewer with the same sums of products."""
    starts: NDArray[np.intp]
    """(N,) where each pattern's rows begin."""
    offset: Vector
    """(k,) coefficients near least squares that were taken out of y."""

    @property
    def n_waves(self) -> int:
        """W."""
        return int(self.seen.shape[1])

    @property
    def owner(self) -> NDArray[np.intp]:
        """(P,) the pattern of each of ``rows``."""
        return np.repeat(np.arange(self.starts.size), np.diff(self.starts, append=self.rows.shape[0]))

    @property
    def n_obs(self) -> int:
        """How many observations."""
        return int(self.count @ self.seen.sum(axis=1))

    @property
    def n_clusters(self) -> int:
        """How many participants."""
        return int(self.count.sum())

    @property
    def together(self) -> Matrix:
        """(W, W) how many participants were seen at both waves."""
        seen = self.seen.astype(np.float64)
        found: Matrix = (seen * self.count[:, None]).T @ seen
        return found

    @property
    def within(self) -> Matrix:
        """(k, k) cross-products of the basis's deviations from participants' means."""
        rows = self.rows[:, :, :-1]
        sums, flat = rows.sum(axis=1), rows.reshape(-1, rows.shape[2])
        total: Matrix = flat.T @ flat - (sums / self.seen.sum(axis=1)[self.owner][:, None]).T @ sums
        return total

    @property
    def rough(self) -> Matrix:
        """(W, W) a positive definite matrix near the covariance of the least-squares residuals.

        Raises `ModelError` where these do not vary at one of the waves.
        """
        rest = self.rows[:, :, -1]
        sums = rest.T @ rest
        variances = np.diagonal(sums) / np.diagonal(self.together)
        if variances.min() <= 1e-20 * variances.max():
            raise ModelError("The outcome does not vary at one of the waves, so its variance cannot be estimated.")
        scale = np.sqrt(variances)
        correlations = sums / np.maximum(self.together, 1.0) / np.outer(scale, scale)
        curved, axes = np.linalg.eigh(correlations)
        repaired = (axes * np.maximum(curved, _LEAST_CORRELATED)) @ axes.T
        scale = scale / np.sqrt(np.diagonal(repaired))
        rough: Matrix = repaired * np.outer(scale, scale)
        return rough

    def inverses(self, sigma: Matrix) -> tuple[Tensor, float]:
        """(N, W, W) inverses of the patterns' parts of ``sigma``, filled up with zeros, and the sum of the
        participants' log determinants."""
        both = self.seen[:, :, None] & self.seen[:, None]
        whole = np.where(both, sigma, np.eye(self.n_waves))
        found: Tensor = np.where(both, np.linalg.inv(whole), 0.0)
        return found, float(self.count @ np.linalg.slogdet(whole)[1])


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
    count = np.bincount(member.ravel())
    order = np.split(np.argsort(member.ravel(), kind="stable"), np.cumsum(count)[:-1])
    return gather(distinct, count.astype(np.float64), [_fewer(cube[who]) for who in order], offset)


def gather(seen: Mask, count: Vector, rows: list[Tensor], offset: Vector) -> Patterns:
    """The patterns ``seen`` (N, W) with the rows of each."""
    sizes = np.array([part.shape[0] for part in rows])
    return Patterns(seen, count, np.concatenate(rows), np.cumsum(sizes) - sizes, offset)


def _fewer(part: Tensor) -> Tensor:
    """(c, W, q) rows, or where these are many others with the same sums of products."""
    width = part.shape[1] * part.shape[2]
    if part.shape[0] <= 2 * width:
        return part
    flat = part.reshape(-1, width)
    return same_sums(flat.T @ flat, part.shape[1])


def same_sums(cross: Matrix, waves: int) -> Tensor:
    """(c, W, q) rows whose products sum to ``cross`` (W q, W q); each column is measured in its own length."""
    lengths = np.sqrt(np.diagonal(cross))
    unit = np.where(lengths > 0, lengths, 1.0)
    curved, axes = np.linalg.eigh(cross / np.outer(unit, unit))
    kept = curved > 0
    rows = (np.sqrt(curved[kept]) * axes[:, kept]).T * lengths
    return rows.reshape(-1, waves, lengths.size // waves)

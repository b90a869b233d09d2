"""Logistic regression with a random participant intercept: the true marginal likelihood, by Newton's method.

Laplace's approximation misses badly when people hardly change (at an SD of 4 on the logit scale it is off by
several log-likelihood units), and penalized quasi-likelihood more so. Here the integral is exact to ten
digits, the derivatives are exact for the quadrature, and the covariance comes from the full observed
information of coefficients and SD.

Derivation: ``docs/methods/logistic.md``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.firth import make_shapes, penalty
from confrere.science.mixed.quadrature import POINT, Grid

_FIRST_GRID = Grid(reach=8.0, spacing=0.25)
_LARGEST_SIGMA = 20.0
_MOST_STEPS = 200
_BLOCK = 2_000_000  # cells of observations times nodes that are held at once


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """A fitted model. The parameters are k coefficients in the orthonormal basis, then sigma."""

    design: Design
    coefficients: Vector
    """(k,) in the orthonormal basis."""
    sigma: float
    """SD of the random intercept on the logit scale; zero on its boundary."""
    covariance: Matrix
    """(k + 1, k + 1) of coefficients and sigma; zeros for a sigma on its boundary."""
    loglik: float
    grid: Grid
    n_obs: int
    n_clusters: int
    random: bool = True
    """False for an ordinary logistic regression, which has no random intercept (sigma is then zero)."""

    @property
    def beta(self) -> Vector:
        """(p,) coefficients by column of the design; NaN where the column was dropped."""
        beta = np.full(len(self.design.names), np.nan)
        beta[self.design.kept] = self.design.basis @ self.coefficients
        return beta


def fit_logistic(design: Design, outcome: Vector, cluster: NDArray[np.intp], *, firth: bool = False) -> LogisticFit:
    """Maximize the marginal likelihood of ``outcome`` (n,) of zeros and ones.

    ``cluster`` (n,) holds whole numbers 0 … G-1 that all occur, in any order. With ``firth`` the likelihood is
    penalized by Jeffreys' prior of the coefficients, so that they stay finite under separation; ``loglik`` is
    the unpenalized one at the estimates. Raises `ModelError` where sigma grows without bound (everybody always
    answers alike) and where the search does not end.
    """
    sizes = np.bincount(cluster)
    if sizes.max() == 1:
        raise ModelError(
            "Every participant has one observation only, so a random participant effect cannot be estimated."
        )
    order = np.argsort(cluster, kind="stable")
    data = _Data(design.orthonormal[order], 2 * outcome[order] - 1, sizes, firth=firth)
    grid = _FIRST_GRID
    point = _start(data, grid)
    while True:
        point, found = _climb(data, point, grid)
        finer = data.evaluate(point, grid.halved())
        if finer.edge > 1e-12:
            grid = grid.widened()
        elif abs(finer.value - found.value) > 1e-10 * (1 + abs(found.value)):
            grid = grid.halved()
        else:
            break
    plain, zero = _climb(data, np.append(point[:-1], 0.0), POINT, free=design.kept.size)
    if zero.value >= found.value - 1e-9 * (1 + abs(found.value)):
        point, found = plain, zero
    return _finished(design, point, found, grid, sizes, random=True)


def fit_ordinary(design: Design, outcome: Vector, *, firth: bool = False) -> LogisticFit:
    """Ordinary logistic regression of ``outcome`` (n,), one independent answer per row; ``sigma`` is zero.

    For a trial with one follow-up, whose baseline is a covariate. Raises `ModelError` where the likelihood has no
    maximum (separation without ``firth``).
    """
    sizes = np.ones(outcome.size, dtype=np.intp)
    data = _Data(design.orthonormal, 2 * outcome - 1, sizes, firth=firth)
    point, found = _climb(data, np.zeros(design.kept.size + 1), POINT, free=design.kept.size)
    return _finished(design, point, found, POINT, sizes, random=False)


def _finished(
    design: Design, point: Vector, found: "_Value", grid: Grid, sizes: NDArray[np.intp], *, random: bool
) -> LogisticFit:
    size = design.kept.size + (point[-1] != 0)
    if np.linalg.eigvalsh(found.information[:size, :size])[0] <= 1e-9:
        raise ModelError("The likelihood is flat at its best point: too few answers for this model.")
    covariance = np.zeros((design.kept.size + 1,) * 2)
    covariance[:size, :size] = np.linalg.inv(found.information[:size, :size])
    return LogisticFit(
        design=design,
        coefficients=point[:-1],
        sigma=float(abs(point[-1])),
        covariance=covariance,
        loglik=found.value - found.penalty,
        grid=grid,
        n_obs=int(sizes.sum()),
        n_clusters=sizes.size,
        random=random,
    )


@dataclass(frozen=True, slots=True)
class _Value:
    value: float
    gradient: Vector
    information: Matrix
    edge: float
    """Largest posterior weight at either end of the grid; tiny when the grid reaches far enough."""
    penalty: float = 0.0
    """What Firth's correction adds to ``value``."""
    bent: Matrix | None = None
    """(k, k) about what it adds to the information of the coefficients, for the search alone."""

    @property
    def curvature(self) -> Matrix:
        """(k + 1, k + 1) minus the second derivatives of ``value``, as far as a step needs them."""
        if self.bent is None:
            return self.information
        whole = self.information.copy()
        whole[:-1, :-1] += self.bent
        return whole


class _Data:
    """Observations as distinct participants: rows sorted by participant, in portions that fit into memory.

    Participants with the same rows and the same answers contribute the same, so they are computed once. With
    factors only, ten thousand people are a few hundred.
    """

    def __init__(self, matrix: Matrix, sign: Vector, sizes: NDArray[np.intp], *, firth: bool = False) -> None:
        self.shapes = make_shapes(matrix, sizes) if firth else ()
        starts, parts, counts, lengths = np.cumsum(sizes) - sizes, [], [], []
        table = np.column_stack([matrix, sign])
        for m in np.unique(sizes).tolist():
            rows = starts[sizes == m][:, None] + np.arange(m)
            flat, count = np.unique(table[rows].reshape(rows.shape[0], -1), axis=0, return_counts=True)
            parts.append(flat.reshape(-1, table.shape[1]))
            counts.append(count)
            lengths.append(np.full(count.size, m))
        self.matrix, self.sign = np.concatenate(parts)[:, :-1], np.concatenate(parts)[:, -1]
        self.sizes, self.count = np.concatenate(lengths), np.concatenate(counts).astype(np.float64)

    def evaluate(self, point: Vector, grid: Grid) -> _Value:
        """Log-likelihood at (coefficients, sigma), its gradient and minus its second derivatives.

        Firth's penalty enters value and gradient only: the information is that of the likelihood.
        """
        plain = self.likelihood(point, grid)
        if not self.shapes:
            return plain
        added, pull, bent = penalty(self.shapes, point, grid)
        return _Value(plain.value + added, plain.gradient + pull, plain.information, plain.edge, added, bent)

    def likelihood(self, point: Vector, grid: Grid) -> _Value:
        """The same without the penalty."""
        k = point.size
        total, gradient, information, edge = 0.0, np.zeros(k), np.zeros((k, k)), 0.0
        ends = np.cumsum(self.sizes)
        first = 0
        most = max(_BLOCK // grid.nodes.size, int(self.sizes.max()))
        while first < self.sizes.size:
            begin = ends[first] - self.sizes[first]
            last = max(int(np.searchsorted(ends, begin + most, side="right")), first + 1)
            part = self._portion(slice(begin, ends[last - 1]), slice(first, last), point, grid)
            total, gradient, information = total + part.value, gradient + part.gradient, information + part.information
            edge, first = max(edge, part.edge), last
        return _Value(total, gradient, information, edge)

    def _portion(self, rows: slice, people: slice, point: Vector, grid: Grid) -> _Value:
        matrix, sign, sizes, count = self.matrix[rows], self.sign[rows][:, None], self.sizes[people], self.count[people]
        nodes, starts = grid.nodes, np.cumsum(sizes) - sizes
        signed = sign * ((matrix @ point[:-1])[:, None] + point[-1] * nodes)
        logs = np.add.reduceat(log_expit(signed), starts, axis=0) + grid.log_weights
        top = logs.max(axis=1, keepdims=True)
        weights = np.exp(logs - top)
        mass = weights.sum(axis=1, keepdims=True)
        weights /= mass
        edge = float(weights[:, [0, -1]].max())
        chance = expit(-signed)  # of the answer that was not given
        pull = sign * chance
        counted = count[:, None] * weights
        spread = np.repeat(counted, sizes, axis=0) * (chance * (1.0 - chance))
        bread = np.empty((point.size,) * 2)
        bread[:-1, :-1] = (matrix * spread.sum(axis=1)[:, None]).T @ matrix
        bread[-1, :-1] = bread[:-1, -1] = (spread @ nodes) @ matrix
        bread[-1, -1] = float((spread @ nodes**2).sum())
        slopes = np.empty((point.size, *weights.shape))
        for column, slope in zip(matrix.T, slopes, strict=False):
            np.add.reduceat(pull * column[:, None], starts, axis=0, out=slope)
        np.multiply(np.add.reduceat(pull, starts, axis=0), nodes, out=slopes[-1])
        means = (slopes * weights).sum(axis=2)
        flat = slopes.reshape(point.size, -1)
        information = bread - (flat * counted.ravel()) @ flat.T + (means * count) @ means.T
        return _Value(float(count @ (top[:, 0] + np.log(mass[:, 0]))), means @ count, information, edge)


def _start(data: _Data, grid: Grid) -> Vector:
    """Ordinary logistic regression, spread out for the best of a few values of sigma."""
    zero = np.zeros(data.matrix.shape[1] + 1)
    plain, _ = _climb(data, zero, POINT, free=data.matrix.shape[1])
    tries = [np.append(plain[:-1] * np.sqrt(1 + 0.35 * s * s), s) for s in (0.3, 1.0, 2.0, 4.0)]
    return max(tries, key=lambda point: data.evaluate(point, grid).value)


def _climb(data: _Data, point: Vector, grid: Grid, *, free: int | None = None) -> tuple[Vector, _Value]:
    """Newton's method with step halving over the first ``free`` parameters (all by default)."""
    size = point.size if free is None else free
    here = data.evaluate(point, grid)
    for _ in range(_MOST_STEPS):
        curved, axes = np.linalg.eigh(here.curvature[:size, :size])
        curved = np.maximum(np.abs(curved), 1e-10 * np.abs(curved).max() + 1e-300)
        step = np.zeros(point.size)
        step[:size] = axes @ ((axes.T @ here.gradient[:size]) / curved)
        gain = float(step @ here.gradient)
        if gain <= 1e-16 * (1 + abs(here.value)):
            return point, here
        length = min(1.0, 20.0 / (1e-300 + float(np.abs(data.matrix @ step[:-1]).max())))
        there = data.evaluate(point + length * step, grid)
        while there.value < here.value - 1e-12 * abs(here.value):
            length /= 2
            there = data.evaluate(point + length * step, grid)
        point, here = point + length * step, there
        if abs(point[-1]) > _LARGEST_SIGMA:
            raise ModelError("Given the covariates everybody answers alike, so the spread between people has no limit.")
    raise ModelError("The search for the best fit does not end; the model is too large for the data.")

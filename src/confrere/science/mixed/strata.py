"""A random intercept as strata: everything the likelihood needs, in a few cross-products.

With one random intercept per participant, the covariance of a participant's ``m`` observations is
``residual * I + id * J`` (J all ones). Its eigenvectors do not depend on the variances: deviations from the
participant's mean have variance ``residual``; the mean direction has ``residual + m * id``. So all
deviations of all participants form one stratum, and the mean directions one stratum per distinct number of
observations. A million participants with one to five visits are six small matrices, summed in one pass over
portions of the rows that stay in the processor's cache.

See ``docs/methods/random-intercept.md``. Reference: Searle, Casella, McCulloch, *Variance Components*, 1992,
chapter 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import PORTION, Design, Matrix, ModelError, Vector, cross_products

Codes = NDArray[np.intp]

_FEW = 8  # rows of a participant that are added one after the other
_NOBODY_TWICE = "Every participant has one observation only, so a random participant effect cannot be estimated."


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
    """(k,) coefficients near least squares that were taken out of y beforehand (less cancellation)."""
    n_clusters: int


def random_intercept(design: Design, outcome: Vector, cluster: Codes) -> Strata:
    """Reduce ``outcome`` (n,) by ``cluster`` (n,), whole numbers 0 … G-1 that all occur, in any row order.

    Rows that are sorted by participant are read in place. Raises `ModelError` where nobody has a second
    observation: the variance between people and the residual variance cannot then be told apart.
    """
    table = _Table(design, outcome)
    ordered = bool((cluster[1:] >= cluster[:-1]).all())
    order = None if ordered else np.argsort(cluster, kind="stable")
    whole, people = np.zeros((table.width,) * 2), np.zeros(0, dtype=np.intp)
    between: dict[int, Matrix] = {}
    for rows, starts, sizes in _portions(cluster, order):
        part = table.rows(rows)
        whole += cross_products(part)
        counted = np.bincount(sizes)
        people = np.concatenate([people, np.zeros(max(0, counted.size - people.size), dtype=np.intp)])
        people[: counted.size] += counted
        for size in np.flatnonzero(counted).tolist():
            own = _sums(part, starts[sizes == size], size) if counted[size] < sizes.size else _sums_of(part, size)
            between[size] = between.get(size, 0.0) + cross_products(own) / size
    return _strata(table, whole, between, people)


def balanced(design: Design, outcome: Vector, waves: int) -> Strata:
    """The same where everybody has ``waves`` rows, one after the other: a complete wide table, read in place."""
    if waves == 1:
        raise ModelError(_NOBODY_TWICE)
    table, step = _Table(design, outcome), PORTION - PORTION % waves
    whole, between = np.zeros((table.width,) * 2), np.zeros((table.width,) * 2)
    for start in range(0, outcome.size, step):
        part = table.rows(slice(start, start + step))
        sums = _sums_of(part, waves)
        whole += cross_products(part)
        between += cross_products(sums)
    people = np.bincount([waves], weights=[outcome.size // waves]).astype(np.intp)
    return _strata(table, whole, {waves: between / waves}, people)


def independent(design: Design, outcome: Vector) -> Strata:
    """Reduce ``outcome`` (n,) for a model without a random effect (ANCOVA with one follow-up)."""
    table = _Table(design, outcome)
    whole = np.zeros((table.width,) * 2)
    for start in range(0, outcome.size, PORTION):
        part = table.rows(slice(start, start + PORTION))
        whole += cross_products(part)
    _refuse_explained(whole, table.offset)
    return Strata(
        parameters=("residual",),
        loading=np.ones((1, 1)),
        count=np.array([float(outcome.size)]),
        cross=whole[None],
        offset=table.offset,
        n_clusters=outcome.size,
    )


class _Table:
    """Rows of [orthonormal X, y less its least-squares fit], made a portion at a time."""

    def __init__(self, design: Design, outcome: Vector) -> None:
        self._design, self._outcome = design, outcome
        self.offset = near_least_squares(design, outcome)
        self.width = design.kept.size + 1
        self._turn = np.column_stack([design.basis, -design.basis @ self.offset])

    def rows(self, which: slice | Codes) -> Matrix:
        part: Matrix = self._design.chosen(which) @ self._turn
        part[:, -1] += self._outcome[which]
        return part


def _sums(part: Matrix, starts: Codes, each: int) -> Matrix:
    """(G, q) sums over ``each`` rows from every start."""
    if each > _FEW:
        return part.take(starts[:, None] + np.arange(each), axis=0).sum(axis=1)
    sums: Matrix = part.take(starts, axis=0)
    for further in range(1, each):
        sums += part.take(starts + further, axis=0)
    return sums


def _sums_of(part: Matrix, each: int) -> Matrix:
    """The same where everybody has as many rows."""
    sums = part[::each].copy()
    for further in range(1, each):
        sums += part[further::each]
    return sums


def _portions(cluster: Codes, order: Codes | None) -> Iterator[tuple[slice | Codes, Codes, Codes]]:
    """(rows, where each participant starts among them, how many rows each has), whole participants at a time."""
    begin, n = 0, cluster.size
    while begin < n:
        end = min(begin + PORTION, n)
        rows: slice | Codes = slice(begin, end) if order is None else order[begin:end]
        who = cluster[rows]
        starts = np.append(0, np.flatnonzero(who[1:] != who[:-1]) + 1)
        if end < n and starts.size > 1:  # the last participant may go on, so it comes with the next portion
            end = begin + int(starts[-1])
            starts, who = starts[:-1], who[: starts[-1]]
        elif end < n:  # one participant fills the portion
            alike = cluster == who[0]
            end = begin + int(alike.sum())
            who = who[:1].repeat(end - begin)
        rows = slice(begin, end) if order is None else order[begin:end]
        yield rows, starts, np.diff(starts, append=who.size)
        begin = end


def _strata(table: _Table, whole: Matrix, between: dict[int, Matrix], people: Codes) -> Strata:
    """Put the strata together; the deviations are what is left of the whole."""
    _refuse_explained(whole, table.offset)
    sizes = sorted(between)
    if sizes[-1] == 1:
        raise ModelError(_NOBODY_TWICE)
    count = people[sizes].astype(np.float64)
    means = np.stack([between[size] for size in sizes])
    n_obs, n_clusters = float(count @ sizes), float(count.sum())
    return Strata(
        parameters=("id", "residual"),
        loading=np.column_stack([[0.0, *sizes], np.ones(len(sizes) + 1)]),
        count=np.append(n_obs - n_clusters, count),
        cross=np.concatenate([(whole - means.sum(axis=0))[None], means]),
        offset=table.offset,
        n_clusters=int(n_clusters),
    )


def near_least_squares(design: Design, outcome: Vector) -> Vector:
    """(k,) coefficients that leave little of y; from about 8,000 rows spread over the file where it is longer.

    They only spare the cross-products large numbers, so they need not be exact. The step between rows is odd, so
    that it does not meet the same wave each time.
    """
    step = outcome.size // PORTION | 1
    part = design.rows(slice(None, None, step))
    pulled: Vector = part.T @ outcome[::step]
    return pulled if step == 1 else np.linalg.lstsq(cross_products(part), pulled)[0]


def _refuse_explained(whole: Matrix, offset: Vector) -> None:
    """Raise `ModelError` where nothing is left of y beside X: ``whole`` (k + 1, k + 1) are all cross-products."""
    xx, xy, left = whole[:-1, :-1], whole[:-1, -1], whole[-1, -1]
    square = left + offset @ (2 * xy + xx @ offset)
    if left <= 1e-20 * square:
        raise ModelError("The outcome has no variation left beside the fixed effects; there is nothing to test.")


def without_least_squares(design: Design, outcome: Vector) -> tuple[Vector, Matrix]:
    """(k,) coefficients near least squares in the orthonormal basis, and (n, k + 1) [X, y less its fit].

    Raises `ModelError` where nothing is left of y.
    """
    table = _Table(design, outcome)
    rows = table.rows(slice(None))
    _refuse_explained(cross_products(rows), table.offset)
    return table.offset, rows

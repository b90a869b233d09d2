"""Firth's correction: the logistic likelihood times Jeffreys' prior of the coefficients.

Under separation the likelihood has no maximum; with the penalty ``log |I(β, σ)| / 2`` it always has one, and
without separation the estimates lose most of their small-sample bias. I is the *expected* information about the
coefficients in the marginal likelihood, the random intercept integrated out: the sum over every answer pattern a
participant could have given. With sigma = 0 it is ``X' W X``, and this is Firth's logistic regression.

Derivation: ``docs/methods/firth.md``. Reference: Firth D. Biometrika 1993;80:27-38. Heinze G, Schemper M. Stat Med
2002;21:2409-2419.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from confrere.science.mixed.design import Matrix, ModelError, Vector
from confrere.science.mixed.quadrature import Grid

Tensor = NDArray[np.float64]

_MOST_ANSWERS = 10  # of one participant: 1,024 patterns
_CELLS = 2_000_000  # blocks times patterns times answers times nodes that are held at once


@dataclass(frozen=True, slots=True)
class Shapes:
    """Participants with equally many answers, as their D distinct design blocks."""

    design: Tensor
    """(D, m, k)."""
    count: Vector
    """(D,)."""
    patterns: Matrix
    """(2^m, m) of -1 and 1."""


def make_shapes(matrix: Matrix, sizes: NDArray[np.intp]) -> tuple[Shapes, ...]:
    """The design blocks of ``matrix`` (n, k), sorted by participant, who have ``sizes`` (G,) rows each.

    Raises `ModelError` where a participant has more than ten answers.
    """
    if sizes.max() > _MOST_ANSWERS:
        raise ModelError(f"Firth's correction is made for at most {_MOST_ANSWERS} answers of one participant.")
    starts = np.cumsum(sizes) - sizes
    shapes = []
    for m in np.unique(sizes).tolist():
        rows = starts[sizes == m][:, None] + np.arange(m)
        flat, count = np.unique(matrix[rows].reshape(rows.shape[0], -1), axis=0, return_counts=True)
        bits = (np.arange(2**m)[:, None] >> np.arange(m) & 1).astype(np.float64)
        shapes.append(Shapes(flat.reshape(-1, m, matrix.shape[1]), count.astype(np.float64), 2 * bits - 1))
    return tuple(shapes)


def penalty(shapes: tuple[Shapes, ...], point: Vector, grid: Grid) -> tuple[float, Vector, Matrix]:
    """``log |I(β, σ)| / 2 - log |I(0, σ)| / 2`` at ``point`` (k + 1,), its gradient, and nearly its curvature (k, k).

    The curvature is by β alone and that of the answers the penalty adds: half of one to each side for every
    participant, in the measure of their leverage. It is exact for a participant who alone determines a coefficient:
    there the penalty is as curved as the likelihood, and a step that does not know it goes twice too far, for ever.

    The second part is a constant for each sigma. Without it the penalty would prefer small sigma, because
    coefficients of people who differ more are known less, and pull the estimate of sigma down by a quarter.
    """
    value, gradient, curvature = _half_log_information(shapes, point, grid)
    even = np.zeros_like(point)
    even[-1] = point[-1]
    zero, slope, _ = _half_log_information(shapes, even, grid)
    gradient[-1] -= slope[-1]
    return value - zero, gradient, curvature


def _half_log_information(shapes: tuple[Shapes, ...], point: Vector, grid: Grid) -> tuple[float, Vector, Matrix]:
    k = point.size - 1
    parts = [part for shape in shapes for part in _pieces(shape, grid)]
    found = [_moments(part, point, grid) for part in parts]
    information, curvature, inners = np.zeros((k, k)), np.zeros((k, k)), []
    for part, one in zip(parts, found, strict=True):
        inner = np.einsum("ds,dsi,dsj->dij", one.chance, one.pull, one.pull)
        inners.append(inner)
        information += np.einsum("d,dia,dij,djb->ab", part.count, part.design, inner, part.design, optimize=True)
    inverse, gradient = np.linalg.inv(information), np.zeros(k + 1)
    for part, one, inner in zip(parts, found, inners, strict=True):
        turned = np.einsum("dia,ab,djb->dij", part.design, inverse, part.design, optimize=True)
        added = inner @ turned @ inner
        curvature += np.einsum("d,dia,dij,djb->ab", part.count, part.design, added, part.design, optimize=True)
        lean = np.einsum("dij,dsj->dsi", turned, one.pull)
        weight = one.chance * part.count[:, None]
        half = 0.5 * weight * np.einsum("dsi,dsi->ds", lean, one.pull)
        by_row = np.einsum("ds,dsil,dsi->dl", weight, one.bend, lean) - np.einsum("ds,dsl->dl", half, one.pull)
        gradient[:-1] += np.einsum("dl,dla->a", by_row, part.design)
        gradient[-1] += np.einsum("ds,dsi,dsi->", weight, one.bend_sigma, lean) - np.einsum(
            "ds,ds->", half, one.pull_sigma
        )
    return 0.5 * float(np.linalg.slogdet(information)[1]), gradient, curvature


def _pieces(shape: Shapes, grid: Grid) -> list[Shapes]:
    """The same blocks in portions that fit into memory."""
    most = max(1, _CELLS // (shape.patterns.size * grid.nodes.size))
    cuts = range(0, shape.count.size, most)
    return [Shapes(shape.design[a : a + most], shape.count[a : a + most], shape.patterns) for a in cuts]


@dataclass(frozen=True, slots=True)
class _Moments:
    """Of each block d and answer pattern s: its chance, and that chance's derivatives divided by itself."""

    chance: Matrix
    """(D, S)."""
    pull: Tensor
    """(D, S, m) by the linear predictor of each row."""
    pull_sigma: Matrix
    """(D, S)."""
    bend: Tensor
    """(D, S, m, m) by two linear predictors."""
    bend_sigma: Tensor
    """(D, S, m) by a linear predictor and sigma."""


def _moments(part: Shapes, point: Vector, grid: Grid) -> _Moments:
    nodes = grid.nodes
    linear = (part.design @ point[:-1])[..., None] + point[-1] * nodes  # (D, m, Q)
    up = part.patterns[None, :, :, None] > 0
    signed = np.where(up, linear[:, None], -linear[:, None])  # (D, S, m, Q)
    logs = log_expit(signed).sum(axis=2) + grid.log_weights
    top = logs.max(axis=2, keepdims=True)
    weights = np.exp(logs - top)
    mass = weights.sum(axis=2, keepdims=True)
    weights /= mass
    pulled = part.patterns[None, :, :, None] * expit(-signed)
    flat = expit(linear) * expit(-linear)
    weighted = pulled * weights[:, :, None]
    bend = np.einsum("dsiq,dslq->dsil", weighted, pulled)
    m = part.patterns.shape[1]
    bend[:, :, np.arange(m), np.arange(m)] -= np.einsum("dsq,diq->dsi", weights, flat)
    along = pulled.sum(axis=2) * nodes
    bend_sigma = np.einsum("dsiq,dsq->dsi", weighted, along) - np.einsum("dsq,diq->dsi", weights * nodes, flat)
    return _Moments(
        (np.exp(top) * mass)[:, :, 0], weighted.sum(axis=3), np.einsum("dsq,dsq->ds", weights, along), bend, bend_sigma
    )

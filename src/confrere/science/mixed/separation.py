"""Separation: a combination of covariates that predicts an answer without exception.

The maximum-likelihood coefficient is then infinite. lme4 stops at about 32 with a useless standard error and a
word on convergence; here the direction is found before the fit by linear programming (Konis 2007). One program
decides: it finds a direction if there is one, complete or quasi-complete, and none otherwise.
"""

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Matrix, Vector, independent_columns

_BESIDE = 1e-9  # a column's part of a direction that is rounding, against the largest part
_MOVES = 1e-6  # a row's move that is more than the linear program's tolerance


def separating_direction(matrix: Matrix, outcome: Vector) -> Vector | None:
    """A direction d (p,) with ``(2y - 1) * (X d) >= 0`` everywhere and positive somewhere, or None.

    Its largest entry is 1; columns of ``matrix`` (n, p) that add nothing to the earlier ones have none. Columns
    may be on any scale and, beside an intercept, have any origin. Equal rows enter the program once.
    """
    from scipy.optimize import linprog  # it takes longer to import than everything else here

    sign = 2 * outcome - 1
    kept = independent_columns(np.linalg.qr(matrix, mode="r"))
    part = matrix[:, kept]
    constant = np.flatnonzero(np.ptp(part, axis=0) == 0)
    shift = part.mean(axis=0) * (constant.size > 0)
    shift[constant] = 0.0
    spread = np.abs(part - shift).max(axis=0)
    signed = np.unique(sign[:, None] * ((part - shift) / spread), axis=0)
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(signed.shape[0]), bounds=(-1, 1))
    moves = np.asarray(found.x, dtype=np.float64)
    if float((signed @ moves).max()) <= _MOVES:
        return None
    direction = np.zeros(matrix.shape[1])
    inside = moves / spread
    inside[constant] -= (shift @ inside) / part[0, constant]
    size = np.abs(inside) * np.abs(part).max(axis=0)
    direction[kept] = np.where(size > _BESIDE * size.max(), inside, 0.0)
    unit: Vector = direction / np.abs(direction).max()
    return unit


def decided(matrix: Matrix, direction: Vector) -> NDArray[np.bool_]:
    """(n,) the observations whose answer the direction decides; they say nothing about the other effects."""
    moved = np.abs(matrix @ direction)
    away: NDArray[np.bool_] = moved > _MOVES * moved.max()
    return away

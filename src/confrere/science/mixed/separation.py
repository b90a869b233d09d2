"""Separation: a combination of covariates that predicts an answer without exception.

The maximum-likelihood coefficient is then infinite. lme4 stops at about 32 with a useless standard error and a
word on convergence; here the direction is found before the fit by linear programming (Konis 2007).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from confrere.science.mixed.design import Matrix, Vector


def separating_direction(matrix: Matrix, outcome: Vector) -> Vector | None:
    """A direction d (p,) with ``(2y - 1) * (X d) >= 0`` everywhere and positive somewhere, or None.

    Its largest entry is 1. Columns of ``matrix`` (n, p) should be of similar size.
    """
    signed = (2 * outcome - 1)[:, None] * matrix
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(outcome.size), bounds=(-1, 1))
    moves = np.asarray(found.x, dtype=np.float64)
    direction: Vector = np.where(np.abs(moves) < 1e-7, 0.0, moves)
    if float((signed @ direction).max()) <= 1e-6:
        return None
    unit: Vector = direction / np.abs(direction).max()
    return unit


def decided(matrix: Matrix, direction: Vector) -> NDArray[np.bool_]:
    """(n,) the observations whose answer the direction decides; they say nothing about the other effects."""
    moved: NDArray[np.bool_] = np.abs(matrix @ direction) > 1e-6
    return moved

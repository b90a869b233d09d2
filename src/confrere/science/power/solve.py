"""Small symmetric matrices of many trials at once; trials are the last axis.

A library call per matrix costs more than the arithmetic when matrices are 2 to 10 wide. Here each step runs over
all trials at once.
"""

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float64]

_SINGULAR = 1e-10  # a pivot below this part of its diagonal element


def inverse(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """(k, k, T) inverses of positive definite matrices and (T,) log determinants, by sweeping the diagonal.

    NaN throughout for a trial whose matrix is not positive definite, or is so nearly.
    """
    swept = matrix.copy()
    size, trials = matrix.shape[0], matrix.shape[-1]
    log_det, bad = np.zeros(trials), np.zeros(trials, dtype=np.bool_)
    for j in range(size):
        pivot = swept[j, j].copy()
        low = ~(pivot > _SINGULAR * np.abs(matrix[j, j]))
        if low.any():
            bad |= low
            pivot[low] = 1.0
        log_det += np.log(pivot)
        row = swept[j] / pivot
        column = swept[:, j].copy()
        swept -= column[:, None] * row[None]
        swept[j] = row
        swept[:, j] = row
        swept[j, j] = -1.0 / pivot
    found: Tensor = -swept
    if bad.any():
        found[:, :, bad] = np.nan
        log_det[bad] = np.nan
    return found, log_det


def times(matrix: Tensor, vector: Tensor) -> Tensor:
    """(k, T) products of (k, m, T) and (m, T)."""
    found: Tensor = np.einsum("abt,bt->at", matrix, vector)
    return found

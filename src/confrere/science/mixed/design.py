"""The fixed-effects matrix: its names, its rank, an orthonormal basis, and what can be estimated from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_RANK_TOLERANCE = 1e-7  # a column shorter than this part of itself beside the earlier ones adds nothing
_ESTIMABLE_TOLERANCE = 1e-7


class ModelError(ValueError):
    """The data do not allow this model. The message is one sentence that a person can act on."""


@dataclass(frozen=True, slots=True)
class Design:
    """Fixed effects of ``n`` observations and ``p`` columns, of which ``k`` are linearly independent.

    Without the pivoting, two columns that say the same (a covariate level that occurs in one arm only and
    fills it) make the normal equations singular and every standard error noise. As R's ``lm`` and ``lme4``
    do, a column that adds nothing to those *before* it is dropped and named.
    """

    names: tuple[str, ...]
    """Column names, length p."""
    terms: tuple[str, ...]
    """The model term that each column belongs to, length p (``"arm"``, ``"arm:time"``, ``"gender"`` …)."""
    orthonormal: Matrix
    """(n, k) orthonormal columns that span the kept ones; all computing is done in this basis."""
    basis: Matrix
    """(k, k) upper triangular T with ``X[:, kept] @ T == orthonormal``."""
    kept: NDArray[np.intp]
    """Indices of the kept columns, length k."""
    null: Matrix
    """(p - k, p) directions of the coefficients that the data do not see."""

    @property
    def dropped(self) -> tuple[str, ...]:
        """Names of the columns that add nothing to the earlier ones."""
        return tuple(name for j, name in enumerate(self.names) if j not in set(self.kept.tolist()))

    def estimable(self, contrasts: Matrix) -> bool:
        """Whether every row of ``contrasts`` (…, p) has one value whichever column was dropped."""
        if not self.null.size or not contrasts.size:
            return True
        seen = np.abs(np.atleast_2d(contrasts) @ self.null.T)
        return bool(np.all(seen <= _ESTIMABLE_TOLERANCE * (1 + np.abs(contrasts).max())))

    def project(self, contrasts: Matrix) -> Matrix:
        """Contrasts (…, p) of the coefficients as contrasts (…, k) in the orthonormal basis."""
        projected: Matrix = contrasts[..., self.kept] @ self.basis
        return projected


def make_design(matrix: Matrix, names: tuple[str, ...], terms: tuple[str, ...]) -> Design:
    """Find the rank of ``matrix`` (n, p; finite) and the basis in which the model is fitted.

    Raises `ModelError` where no column is left or where there are not more observations than columns.
    """
    triangle = np.linalg.qr(matrix, mode="r")
    kept: list[int] = []
    directions: list[Vector] = []
    for j in range(matrix.shape[1]):
        column = triangle[:, j]
        rest = column.copy()
        for _ in range(2):  # twice is enough: the second pass removes the rounding of the first
            for direction in directions:
                rest = rest - (direction @ rest) * direction
        length = float(np.linalg.norm(rest))
        if length > _RANK_TOLERANCE * float(np.linalg.norm(column)):
            kept.append(j)
            directions.append(rest / length)
    if len(kept) >= matrix.shape[0]:
        raise ModelError(
            f"There are {matrix.shape[0]} observations for {len(kept)} coefficients; the model needs more."
        )
    columns = np.array(kept, dtype=np.intp)
    square = np.linalg.qr(triangle[:, columns], mode="r")
    basis = np.linalg.solve(square, np.eye(len(kept)))
    return Design(
        names=names,
        terms=terms,
        orthonormal=matrix[:, columns] @ basis,
        basis=basis,
        kept=columns,
        null=_null_space(triangle, columns),
    )


def _null_space(triangle: Matrix, kept: NDArray[np.intp]) -> Matrix:
    """(p - k, p): each dropped column written as a combination of the kept ones."""
    columns = triangle.shape[1]
    dropped = np.setdiff1d(np.arange(columns), kept)
    null = np.zeros((dropped.size, columns))
    if dropped.size:
        weights, *_ = np.linalg.lstsq(triangle[:, kept], triangle[:, dropped])
        null[:, kept] = -weights.T
        null[np.arange(dropped.size), dropped] = 1.0
    return null

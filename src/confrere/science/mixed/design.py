"""The fixed-effects matrix: its names, its rank, an orthonormal basis, and what can be estimated from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

PORTION = 8192  # rows at a time: they stay in the processor's cache
_RANK_TOLERANCE = 1e-7  # a column shorter than this part of itself beside the earlier ones adds nothing
_SAFE_TO_SQUARE = 1e-8  # squared remainder of a column, against its squared length
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
    matrix: Matrix
    """(n, p) X as it was given; not copied."""
    basis: Matrix
    """(k, k) upper triangular T that makes the kept columns orthonormal; all computing is done in this basis."""
    kept: NDArray[np.intp]
    """Indices of the kept columns, length k."""
    null: Matrix
    """(p - k, p) directions of the coefficients that the data do not see."""

    @property
    def orthonormal(self) -> Matrix:
        """(n, k) ``X[:, kept] @ T``, made anew at each call: a million rows are worth not keeping."""
        return self.rows(slice(None))

    def rows(self, which: slice | NDArray[np.intp]) -> Matrix:
        """The chosen rows of `orthonormal`."""
        turned: Matrix = self.chosen(which) @ self.basis
        return turned

    def chosen(self, which: slice | NDArray[np.intp]) -> Matrix:
        """The chosen rows of the kept columns of X."""
        rows = self.matrix[which]
        return rows if self.kept.size == rows.shape[1] else rows[:, self.kept]

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
    triangle = _triangle(matrix)
    columns = independent_columns(triangle)
    if columns.size >= matrix.shape[0]:
        raise ModelError(
            f"There are {matrix.shape[0]} observations for {columns.size} coefficients; the model needs more."
        )
    whole = columns.size == matrix.shape[1]
    square = triangle if whole else np.linalg.qr(triangle[:, columns], mode="r")
    return Design(
        names=names,
        terms=terms,
        matrix=matrix,
        basis=np.linalg.inv(square),
        kept=columns,
        null=np.zeros((0, columns.size)) if whole else _null_space(triangle, columns),
    )


def _triangle(matrix: Matrix) -> Matrix:
    """(p, p) or (n, p) upper triangular R with ``R' R = X' X``.

    From the cross-products where the columns are far from dependent: one pass over the rows, and what R loses in
    precision does not matter, as any basis serves. Else by orthogonal transformations, which see a remainder of
    1e-7 that cross-products square into rounding.
    """
    cross = np.zeros((matrix.shape[1],) * 2)
    for start in range(0, matrix.shape[0], PORTION):
        cross += cross_products(matrix[start : start + PORTION])
    try:
        triangle: Matrix = np.linalg.cholesky(cross, upper=True)
    except np.linalg.LinAlgError:
        return np.linalg.qr(matrix, mode="r")
    if np.all(np.diagonal(triangle) ** 2 > _SAFE_TO_SQUARE * np.diagonal(cross)):
        return triangle
    return np.linalg.qr(matrix, mode="r")


def cross_products(rows: Matrix) -> Matrix:
    """``rows' rows`` (q, q) of (n, q). In two parts, because BLAS is more than twice as slow for few columns
    where it is told that both factors are the same (as NumPy does)."""
    cross = np.empty((rows.shape[1],) * 2)
    np.matmul(rows.T, rows[:, 1:], out=cross[:, 1:])
    cross[1:, 0] = cross[0, 1:]
    cross[0, 0] = rows[:, 0] @ rows[:, 0]
    return cross


def independent_columns(triangle: Matrix) -> NDArray[np.intp]:
    """Indices of the columns that add something to those before them; ``triangle`` is R of a QR decomposition."""
    lengths = np.sqrt(np.einsum("ij,ij->j", triangle, triangle))
    if triangle.shape[0] == lengths.size and np.all(np.abs(np.diagonal(triangle)) > _RANK_TOLERANCE * lengths):
        return np.arange(lengths.size)
    kept: list[int] = []
    directions: list[Vector] = []
    for j in range(lengths.size):
        rest = triangle[:, j]
        for _ in range(2):  # twice is enough: the second pass removes the rounding of the first
            for direction in directions:
                rest = rest - (direction @ rest) * direction
        length = float(np.linalg.norm(rest))
        if length > _RANK_TOLERANCE * lengths[j]:
            kept.append(j)
            directions.append(rest / length)
    return np.array(kept, dtype=np.intp)


def _null_space(triangle: Matrix, kept: NDArray[np.intp]) -> Matrix:
    """(p - k, p): each dropped column written as a combination of the kept ones."""
    columns = triangle.shape[1]
    dropped = np.setdiff1d(np.arange(columns), kept)
    null = np.zeros((dropped.size, columns))
    weights, *_ = np.linalg.lstsq(triangle[:, kept], triangle[:, dropped])
    null[:, kept] = -weights.T
    null[np.arange(dropped.size), dropped] = 1.0
    return null

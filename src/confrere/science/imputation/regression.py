"""One draw of a regression's parameters from their posterior: what makes an imputation proper.

Imputing from the estimated coefficients alone would treat them as known, and the intervals after Rubin's rules would
be too narrow.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from confrere.science.mixed import ModelError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_RANK = 1e-10  # of the largest eigenvalue: below it a direction of the predictors does not vary
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Draw:
    """Coefficients (k,) and the residual SD (zero for a logistic regression)."""

    coefficients: Vector
    sd: float


def draw_normal(rng: np.random.Generator, x: Matrix, y: Vector) -> Draw:
    """Of ``y`` (n,) on ``x`` (n, k), under the prior 1 / sigma².

    ``sigma² = RSS / chi²(n - rank)`` and then ``beta ~ N(b, sigma² inv(X'X))``. A direction in which the predictors
    do not vary gets a zero. Raises `ModelError` with fewer than rank + 2 observations.
    Reference: Rubin DB. Multiple Imputation for Nonresponse in Surveys, 1987, example 5.1.
    """
    values, axes = _directions(x)
    if y.size < values.size + 2:
        raise ModelError(f"There are {y.size} answers to impute from, and the model needs {values.size + 2}.")
    scores = x @ axes / np.sqrt(values)  # orthonormal columns
    fitted = scores.T @ y
    rest = y - scores @ fitted
    sd = sqrt(float(rest @ rest) / rng.chisquare(y.size - values.size))
    drawn = fitted + sd * rng.standard_normal(values.size)
    return Draw(axes @ (drawn / np.sqrt(values)), sd)


def draw_logistic(rng: np.random.Generator, x: Matrix, y: Vector) -> Draw:
    """Of ``y`` (n,) zeros and ones on ``x`` (n, k) whose first column is ones, by its large-sample posterior.

    A few weighted pseudo-observations around the mean of each predictor keep the coefficients finite where a
    predictor decides an answer (White, Daniel and Royston, Comput Stat Data Anal 2010;54:2267-2275).
    Raises `ModelError` as `draw_normal`.
    """
    values, axes = _directions(x)
    if y.size < values.size + 2:
        raise ModelError(f"There are {y.size} answers to impute from, and the model needs {values.size + 2}.")
    rows, answers, weights = _with_pseudo(x, y)
    scores = rows @ axes
    beta = np.zeros(values.size)
    for _ in range(_STEPS):
        chance = expit(scores @ beta)
        information = (scores * (weights * chance * (1 - chance))[:, None]).T @ scores
        step = np.linalg.solve(information, scores.T @ (weights * (answers - chance)))
        beta += step * min(1.0, 5.0 / (1e-300 + float(np.abs(scores @ step).max())))
    root = np.linalg.cholesky(np.linalg.inv(information))
    return Draw(axes @ (beta + root @ rng.standard_normal(values.size)), 0.0)


def _directions(x: Matrix) -> tuple[Vector, Matrix]:
    """Eigenvalues and axes of X'X in which the predictors vary."""
    values, axes = np.linalg.eigh(x.T @ x)
    kept = values > _RANK * values[-1]
    return values[kept], axes[:, kept]


def _with_pseudo(x: Matrix, y: Vector) -> tuple[Matrix, Vector, Vector]:
    """Four pseudo-observations per predictor, all of them together weighing as much as its coefficients."""
    spread = x.std(axis=0)
    moved = np.flatnonzero(spread > 0)
    extra = np.repeat(x.mean(axis=0)[None], 4 * max(moved.size, 1), axis=0)
    for place, j in enumerate(moved.tolist()):
        extra[4 * place : 4 * place + 2, j] += spread[j]
        extra[4 * place + 2 : 4 * place + 4, j] -= spread[j]
    answers = np.tile([0.0, 1.0], extra.shape[0] // 2)
    weights = np.full(extra.shape[0], (moved.size + 1) / extra.shape[0])
    return np.vstack([x, extra]), np.concatenate([y, answers]), np.concatenate([np.ones(y.size), weights])

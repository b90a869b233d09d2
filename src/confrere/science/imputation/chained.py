"""Filling the missing answers of one arm as if they were missing at random.

Where answers only stop (a monotone pattern) each wave is drawn once from its regression on the covariates and
the earlier waves: an exact draw. Where some are missing in between, every wave is regressed on all the others, in
turn, until the cycle has forgotten where it began (chained equations). A binary outcome takes logistic regressions.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from confrere.science.imputation.regression import Draw, Matrix, Vector, draw_logistic, draw_normal

Kind = Literal["continuous", "binary"]
Mask = NDArray[np.bool_]

CYCLES = 20
"""Rounds of chained equations; the first are forgotten."""


def impute(rng: np.random.Generator, values: Matrix, covariates: Matrix, *, kind: Kind) -> Matrix:
    """``values`` (P, W) of one arm with each NaN drawn; ``covariates`` (P, c) are complete, without a constant.

    A wave at which nobody of the arm answered is left missing. Raises `ModelError` where a wave has too few
    answers for its regression.
    """
    missing = np.isnan(values)
    waves = [w for w in range(values.shape[1]) if missing[:, w].any() and not missing[:, w].all()]
    predictors = np.column_stack([np.ones(values.shape[0]), covariates])
    usable = np.flatnonzero(~missing.all(axis=0))
    if is_monotone(values):
        filled = values.copy()
        for w in waves:
            filled[:, w] = _drawn(rng, filled, missing, predictors, w, usable[usable < w], kind)
        return filled
    filled = _start(rng, values, missing)
    for _ in range(CYCLES):
        for w in waves:
            filled[:, w] = _drawn(rng, filled, missing, predictors, w, usable[usable != w], kind)
    return filled


def is_monotone(values: Matrix) -> bool:
    """Whether nobody answers again after a missing answer; waves at which nobody answered do not count."""
    missing = np.isnan(values)
    missing = missing[:, ~missing.all(axis=0)]
    return bool(np.all(missing[:, :-1] <= missing[:, 1:]))


def regress(rng: np.random.Generator, x: Matrix, y: Vector, kind: Kind) -> Draw:
    """One draw of the regression that suits the kind of outcome."""
    return draw_logistic(rng, x, y) if kind == "binary" else draw_normal(rng, x, y)


def _drawn(  # noqa: PLR0917 - the parts of one step of the cycle
    rng: np.random.Generator,
    filled: Matrix,
    missing: Mask,
    predictors: Matrix,
    wave: int,
    others: NDArray[np.intp],
    kind: Kind,
) -> Vector:
    """(P,) the wave with its missing answers drawn from its regression on the covariates and the other waves."""
    x = np.column_stack([predictors, filled[:, others]])
    seen = ~missing[:, wave]
    draw = regress(rng, x[seen], filled[seen, wave], kind)
    expected = x[~seen] @ draw.coefficients
    column: Vector = filled[:, wave].copy()
    if kind == "binary":
        column[~seen] = rng.random(expected.size) < expit(expected)
    else:
        column[~seen] = expected + draw.sd * rng.standard_normal(expected.size)
    return column


def _start(rng: np.random.Generator, values: Matrix, missing: Mask) -> Matrix:
    """Each missing answer begins as one of the wave's observed ones, drawn at random."""
    filled = values.copy()
    for w in range(values.shape[1]):
        seen = values[~missing[:, w], w]
        if seen.size:
            filled[missing[:, w], w] = seen[rng.integers(seen.size, size=int(missing[:, w].sum()))]
    return filled

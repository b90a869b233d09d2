"""Jump to reference: those who left an intervention arm go on as the reference arm would have.

Under missing at random those who leave are taken to go on profiting. Where leaving means that the intervention ends,
that is generous. Here a participant's mean jumps to the reference arm's after the last answer, while their
deviations from their arm's mean before carry over as the reference arm's regressions say.

Reference: Carpenter JR, Roger JH, Kenward MG. J Biopharm Stat 2013;23:1352-1371. ``docs/methods/jump-to-reference.md``.
"""

from dataclasses import dataclass

import numpy as np

from confrere.science.imputation.chained import impute
from confrere.science.imputation.regression import Draw, Matrix, draw_normal


@dataclass(frozen=True, slots=True)
class _Course:
    """One draw of an arm's course: its regressions on the earlier waves, and the means they imply."""

    steps: tuple[Draw, ...]
    """One per wave: on (1, covariates, earlier waves)."""
    means: Matrix
    """(c + 1, W) coefficients of the mean at each wave on (1, covariates)."""


def jump_to_reference(
    rng: np.random.Generator,
    values: Matrix,
    covariates: Matrix,
    *,
    reference: Matrix,
    reference_covariates: Matrix,
) -> tuple[Matrix, Matrix]:
    """Fill ``values`` (P, W) of an intervention arm by ``reference`` (R, W); both are returned, filled.

    Answers missing in between are drawn as missing at random within the own arm; so are all of the reference arm's.
    A wave at which nobody of the reference arm answered is left missing in both. Raises `ModelError` where a wave has
    too few answers.
    """
    values, reference = _without_holes(rng, values, covariates), _without_holes(rng, reference, reference_covariates)
    waves = np.flatnonzero(~np.isnan(reference).all(axis=0))
    theirs = _course(rng, reference[:, waves], reference_covariates)
    last = int(np.max(np.flatnonzero(~np.isnan(values[:, waves]).all(axis=0))))
    own = _course(rng, values[:, waves[: last + 1]], covariates)
    filled, other = values.copy(), reference.copy()
    filled[:, waves] = _continue(rng, values[:, waves], covariates, own.means, theirs)
    other[:, waves] = _continue(rng, reference[:, waves], reference_covariates, theirs.means, theirs)
    return filled, other


def _without_holes(rng: np.random.Generator, values: Matrix, covariates: Matrix) -> Matrix:
    """Answers missing before the last one, drawn as missing at random; what comes after it is left missing."""
    missing = np.isnan(values)
    later = np.arange(values.shape[1])[None] > _last(values)[:, None]
    if not np.any(missing & ~later):
        return values
    filled = impute(rng, values, covariates, kind="continuous")
    filled[later] = np.nan
    return filled


def _last(values: Matrix) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """(P,) the last wave with an answer; -1 without any."""
    seen = ~np.isnan(values)
    last = np.where(seen.any(axis=1), values.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1), -1)
    return last.astype(np.intp)


def _course(rng: np.random.Generator, values: Matrix, covariates: Matrix) -> _Course:
    """Regress each wave on the covariates and the earlier waves among those who reached it; draw the parameters."""
    base = np.column_stack([np.ones(values.shape[0]), covariates])
    steps: list[Draw] = []
    means = np.zeros((base.shape[1], values.shape[1]))
    for w in range(values.shape[1]):
        seen = ~np.isnan(values[:, w])
        draw = draw_normal(rng, np.column_stack([base, values[:, :w]])[seen], values[seen, w])
        on_base, on_waves = draw.coefficients[: base.shape[1]], draw.coefficients[base.shape[1] :]
        means[:, w] = on_base + means[:, :w] @ on_waves
        steps.append(draw)
    return _Course(tuple(steps), means)


def _continue(rng: np.random.Generator, values: Matrix, covariates: Matrix, own: Matrix, theirs: _Course) -> Matrix:
    """Wave by wave: the reference mean, plus the reference's regression on the deviations so far, plus noise."""
    base = np.column_stack([np.ones(values.shape[0]), covariates])
    deviations, filled = np.zeros_like(values), values.copy()
    for w, step in enumerate(theirs.steps):
        gone = np.isnan(values[:, w])
        mean = base @ theirs.means[:, w]
        drift = deviations[:, :w] @ step.coefficients[base.shape[1] :]
        drawn = drift[gone] + step.sd * rng.standard_normal(int(gone.sum()))
        deviations[gone, w] = drawn
        filled[gone, w] = mean[gone] + drawn
        if not gone.all():
            deviations[~gone, w] = filled[~gone, w] - base[~gone] @ own[:, w]
    return filled

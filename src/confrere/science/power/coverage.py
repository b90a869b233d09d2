"""How often intervals hold the truth, and tests without an effect are significant, for every method at once."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from confrere.science.mixed import Method
from confrere.science.power.answers import Answer, Answers
from confrere.science.power.fitting import Engine
from confrere.science.power.moments import Moments, draw_moments
from confrere.science.power.simulate import BLOCK, Block, generator

Tensor = NDArray[np.float64]

QUANTITIES = ("difference in change", "change within arm", "percent change", "standardized difference")


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of interval by one method: how many trials have it, and in how many it holds the truth."""

    method: Method
    quantity: str
    trials: int
    intervals: int
    """Trials that have an interval; a percent change has none where the baseline is not clearly away from zero."""
    held: int
    rejected: int
    """Trials in which the test would reject if the truth were no difference; only for the difference in change."""
    boundary: int
    """Trials with a variance estimated as zero."""


def cover_block(block: Block, methods: tuple[Method, ...]) -> list[Held]:
    """Intervals of the first treated arm at the last wave, over the trials of one block.

    The model must have a mean per arm and wave and no covariate, and the true baseline mean must not be zero.
    """
    engine = Engine(block.design, block.analysis)
    moments = draw_moments(block.design, block.truth, engine.cells, BLOCK, generator(block.seed, block.index))
    fits = engine.fit(moments)
    counted = slice(0, block.trials)
    boundary = int(np.sum(~fits.free.all(axis=0)[counted]))
    found = []
    for method in methods:
        about = _about(block, engine, moments, Answers(fits, method))
        for quantity, (inside, rejected) in zip(QUANTITIES, about, strict=True):
            has = ~np.isnan(inside[counted])
            held = int(np.sum(inside[counted] > block.analysis.alpha))
            reject = int(np.sum(rejected[counted] <= block.analysis.alpha))
            found.append(Held(method, quantity, block.trials, int(has.sum()), held, reject, boundary))
    return found


def _about(block: Block, engine: Engine, moments: Moments, answers: Answers) -> list[tuple[Tensor, Tensor]]:
    """For each quantity the p values of the truth (above alpha where the interval holds it, NaN without one) and of
    no difference where there is none."""
    cells, wave, truth = engine.cells, block.design.waves - 1, block.truth
    # Values are drawn less their true means, so the truth of every contrast is zero here.
    difference = answers.contrast(cells.difference(1, wave))
    change = answers.contrast(cells.change(1, wave))
    effect = truth.effect(1, wave)
    none = np.full(difference.estimate.shape, inf)
    return [
        (difference.p(), difference.p()),
        (change.p(), none),
        (_percent(block, engine, answers, change), none),
        (_standardized(moments, difference, effect, truth.covariance[0][0] ** 0.5), none),
    ]


def _percent(block: Block, engine: Engine, answers: Answers, change: Answer) -> Tensor:
    """Fieller: the set of ratios r that ``change - r * baseline == 0`` does not refute."""
    cells, wave = engine.cells, block.design.waves - 1
    own = block.truth.means[1]
    start = answers.contrast(cells.mean(1, 0))
    ratio = (own[wave] - own[0]) / own[0]
    asked = answers.contrast(cells.change(1, wave) - ratio * cells.mean(1, 0))
    p = 2 * stdtr(change.df, -np.abs(asked.estimate) / asked.se)
    away = 2 * stdtr(change.df, -np.abs(start.estimate + own[0]) / start.se)
    return np.where(away < block.analysis.alpha, p, np.nan)


def _standardized(moments: Moments, difference: Answer, effect: float, true_sd: float) -> Tensor:
    """As `confrere.science.effect_size.in_units`, with the SD pooled over arms at baseline."""
    people = moments.counts.sum(axis=1)
    total = moments.sums[:, :, 0].sum(axis=1)
    df = people.sum(axis=0) - people.shape[0]
    sd = np.sqrt((moments.squares[:, 0, 0].sum(axis=0) - (total**2 / people).sum(axis=0)) / df)
    size = (difference.estimate + effect) / sd
    se = np.sqrt(difference.variance / sd**2 + size**2 / (2 * df))
    found: Tensor = 2 * stdtr(difference.df, -np.abs(size - effect / true_sd) / se)
    return found

"""Simulated trials in blocks: the same numbers whoever computes them, in whatever order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from scipy.special import betaincinv

from confrere.science.power.answers import Answers
from confrere.science.power.design import Analysis, Design, Truth
from confrere.science.power.fitting import Engine
from confrere.science.power.moments import draw_in_full, draw_moments, draw_people, moments_of, with_means

Draw = Literal["moments", "people"]
BLOCK = 2048
"""Trials of one random stream. Changing it changes every simulated number."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a simulation: what a worker is told."""

    design: Design
    truth: Truth
    analysis: Analysis
    seed: int
    index: int
    trials: int
    """How many of the block's trials count, at most `BLOCK`."""
    draw: Draw = "moments"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a worker gives back, for each contrast of an arm at a wave."""

    trials: int
    failed: int
    """Trials without an answer to at least one contrast; they count as not significant."""
    rejected: tuple[int, ...]
    covered: tuple[int, ...]
    total: tuple[float, ...]
    """Sums of the estimates."""
    answered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """The power of one comparison."""

    arm: int
    wave: int
    effect: float
    """The true difference in change."""
    power: float
    """Share of trials whose two-sided p is at most alpha; the type I error where the effect is zero."""
    ci: tuple[float, float]
    """95 % Monte-Carlo interval of the power (Clopper-Pearson)."""
    mean_estimate: float
    coverage: float
    """Share of the trials with an answer whose interval at level 1 - alpha holds the true effect."""


@dataclass(frozen=True, slots=True)
class PowerResult:
    """What a simulation found."""

    simulations: int
    failed: int
    tests: tuple[Tested, ...]
    """Every arm but the control at every wave after the baseline; waves vary fastest."""

    def at(self, *, arm: int, wave: int) -> Tested:
        """One of the tests."""
        return next(one for one in self.tests if (one.arm, one.wave) == (arm, wave))


type Mapper = Callable[[Callable[[Any], Tally], Iterable[Any]], Iterable[Tally]]
"""Runs a function of one block over many of them, in their order."""


def generator(seed: int, index: int) -> Generator:
    """The random stream of one block: counter-based, keyed by seed and block."""
    return Generator(Philox(SeedSequence(seed, spawn_key=(index,))))


def blocks(
    design: Design, truth: Truth, analysis: Analysis, *, simulations: int, seed: int, draw: Draw = "moments"
) -> list[Block]:
    """The blocks of a simulation; the last may count only its first trials."""
    count = ceil(simulations / BLOCK)
    return [Block(design, truth, analysis, seed, b, min(BLOCK, simulations - b * BLOCK), draw) for b in range(count)]


def run_block(block: Block) -> Tally:
    """Draw, fit and test the trials of one block."""
    engine = Engine(block.design, block.analysis)
    rng = generator(block.seed, block.index)
    draw = draw_moments if block.draw == "moments" else draw_in_full
    if block.design.coaches:
        moments = moments_of(draw_people(block.design, block.truth, engine.cells, BLOCK, rng), engine.cells)
    else:
        moments = draw(block.design, block.truth, engine.cells, BLOCK, rng)
    linear = bool(block.analysis.times)
    if linear:
        moments = with_means(moments, np.array(block.truth.means)[engine.cells.arm])
    answers = Answers(engine.fit(moments), block.analysis.df)
    rejected, covered, total, answered, failed = [], [], [], [], np.zeros(block.trials, dtype=np.bool_)
    for arm in range(1, len(block.design.arms)):
        for wave in range(1, block.design.waves):
            answer = answers.contrast(engine.difference(arm, wave))
            effect = block.truth.effect(arm, wave)
            # Values are drawn less their true means. A mean for each wave spans them: estimates are less the effect.
            without = 0.0 if linear else effect
            with np.errstate(invalid="ignore"):
                p = answer.p(-without)[: block.trials]
                fits = answer.p(effect - without)[: block.trials] > block.analysis.alpha
            none = np.isnan(p)
            failed |= none
            rejected.append(int(np.sum(p <= block.analysis.alpha)))
            covered.append(int(np.sum(fits & ~none)))
            total.append(float(np.sum(answer.estimate[: block.trials], where=~none)) + without * int(np.sum(~none)))
            answered.append(int(np.sum(~none)))
    return Tally(block.trials, int(failed.sum()), tuple(rejected), tuple(covered), tuple(total), tuple(answered))


def simulate(
    design: Design,
    truth: Truth,
    analysis: Analysis,
    *,
    simulations: int,
    seed: int,
    draw: Draw = "moments",
    mapper: Mapper = map,
) -> PowerResult:
    """Simulate trials and count how often each comparison is significant.

    ``mapper`` runs the blocks, in this process by default; the result does not depend on it. Raises
    `confrere.science.mixed.ModelError` where the design or the model cannot be.
    """
    whole = blocks(design, truth, analysis, simulations=simulations, seed=seed, draw=draw)
    return summarize(design, truth, list(mapper(run_block, whole)))


def summarize(design: Design, truth: Truth, tallies: list[Tally]) -> PowerResult:
    """Add up what the blocks found."""
    simulations = sum(one.trials for one in tallies)
    questions = [(arm, wave) for arm in range(1, len(design.arms)) for wave in range(1, design.waves)]
    tests = []
    for j, (arm, wave) in enumerate(questions):
        rejected, answered = sum(one.rejected[j] for one in tallies), sum(one.answered[j] for one in tallies)
        tests.append(
            Tested(
                arm=arm,
                wave=wave,
                effect=truth.effect(arm, wave),
                power=rejected / simulations,
                ci=proportion_interval(rejected, simulations),
                mean_estimate=sum(one.total[j] for one in tallies) / max(answered, 1),
                coverage=sum(one.covered[j] for one in tallies) / max(answered, 1),
            )
        )
    return PowerResult(simulations, sum(one.failed for one in tallies), tuple(tests))


def proportion_interval(count: int, trials: int, *, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson (Biometrika 1934;26:404-413) for a share ``count / trials``."""
    tail = (1 - level) / 2
    low = float(betaincinv(count, trials - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, trials - count, 1 - tail)) if count < trials else 1.0
    return low, high

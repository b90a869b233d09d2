"""Power for whatever `confrere analyze` can fit: each simulated trial becomes a data set that is analysed by itself.

Thousands of times slower than `confrere.science.power`, and the only way for yes/no outcomes, for coaches as a term of
the model, for empirical standard errors and for several follow-ups with the baseline as a covariate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from confrere.analysis.answers import Answers
from confrere.analysis.chances import Chances
from confrere.analysis.columns import Columns, columns_from
from confrere.analysis.errors import InputError
from confrere.analysis.fitting import Fitter
from confrere.analysis.frame import make_frame
from confrere.analysis.panel import make_panel
from confrere.analysis.plan import AnalysisSet, DataSpec, Plan
from confrere.analysis.raw import Unit
from confrere.analysis.separated import separate
from confrere.science.mixed import Estimate, ModelError
from confrere.science.mixed.design import Vector
from confrere.science.power import Analysis, Design, Mapper, PowerResult, Tally, Truth, summarize
from confrere.science.power.design import Cells, make_cells
from confrere.science.power.moments import People, draw_people
from confrere.science.power.simulate import generator

_TRIALS = 16
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(60)


@dataclass(frozen=True, slots=True)
class Alone:
    """A plan whose trials are analysed one by one."""

    plan: Plan
    """One outcome, in long layout."""
    levels: tuple[tuple[str, ...], ...]
    """Names of the levels of each covariate."""
    logit_sd: float | None = None
    """For a yes/no outcome: SD of the random intercept on the logit scale."""


@dataclass(frozen=True, slots=True)
class AloneBlock:
    """What a worker is told."""

    alone: Alone
    design: Design
    truth: Truth
    seed: int
    index: int
    trials: int


def make_alone(plan: Plan, levels: tuple[tuple[str, ...], ...], *, alpha: float, logit_sd: float | None) -> Alone:
    """The plan reduced to its primary outcome, tested at ``alpha``."""
    outcome = next((one for one in plan.outcomes if one.role == "primary"), plan.outcomes[0])
    names = dict(zip(outcome.model.covariates, levels, strict=True))
    model = replace(outcome.model, level=1 - alpha, levels=names)
    reduced = replace(
        plan,
        data=DataSpec(),
        sets=(AnalysisSet("all", None),),
        outcomes=(replace(outcome, model=model, tests=(), responder=None),),
        sensitivity=(),
        subgroups=(),
    )
    return Alone(reduced, levels, logit_sd)


def simulate_alone(
    alone: Alone, *, simulations: int, seed: int, mapper: Mapper
) -> Callable[[Design, Truth], PowerResult]:
    """What simulates any design and truth under this plan."""

    def simulate(design: Design, truth: Truth) -> PowerResult:
        chances = [chance for own in truth.means for chance in own]
        if alone.logit_sd is not None and not 0 < min(chances) <= max(chances) < 1:
            raise ModelError("A chance of yes must lie between 0 and 1, at every wave of every arm.")
        blocks = [
            AloneBlock(alone, design, truth, seed, b, min(_TRIALS, simulations - b * _TRIALS))
            for b in range(ceil(simulations / _TRIALS))
        ]
        return summarize(design, truth, list(mapper(run_alone, blocks)))

    return simulate


def run_alone(block: AloneBlock) -> Tally:
    """Draw, fit and test the trials of one block."""
    design, truth = block.design, block.truth
    cells = make_cells(design, Analysis())
    rng = generator(block.seed, block.index)
    people = draw_people(design, truth, cells, _TRIALS, rng)
    arm = np.repeat(cells.arm, cells.sizes)
    if block.alone.logit_sd is None:
        values = people.values + np.array(truth.means)[arm]
    else:
        logits = _conditional(np.array(truth.means), block.alone.logit_sd)[arm]
        own = block.alone.logit_sd * rng.standard_normal((_TRIALS, arm.size, 1))
        values = (rng.random((_TRIALS, arm.size, design.waves)) < expit(logits + own)).astype(np.float64)
    questions = [(a, w) for a in range(1, len(design.arms)) for w in range(1, design.waves)]
    effects = np.array([truth.effect(a, w) for a, w in questions])
    found = [_asked(block, cells, replace(people, values=values), trial, questions) for trial in range(block.trials)]
    estimate, p, low, high = np.moveaxis(np.array(found), -1, 0)
    there = ~np.isnan(p)
    alpha = 1 - block.alone.plan.outcomes[0].model.level
    return Tally(
        trials=block.trials,
        failed=int(np.sum(~there.all(axis=1))),
        rejected=tuple(np.sum(p <= alpha, axis=0).tolist()),
        covered=tuple(np.sum((low <= effects) & (effects <= high), axis=0).tolist()),
        total=tuple(np.nansum(estimate, axis=0).tolist()),
        answered=tuple(there.sum(axis=0).tolist()),
    )


def _asked(
    block: AloneBlock, cells: Cells, people: People, trial: int, questions: list[tuple[int, int]]
) -> list[tuple[float, float, float, float]]:
    """Estimate, p and limits of every comparison in one trial; NaN where there is no answer."""
    plan = block.alone.plan
    none = (float("nan"),) * 4
    try:
        ask = _model(plan, _columns(block.alone, cells, people, trial))
        answers = [ask(a, w) for a, w in questions]
    except (InputError, ModelError, np.linalg.LinAlgError):
        return [none for _ in questions]
    return [none if one is None else (one.estimate, one.p, one.lower, one.upper) for one in answers]


def _model(plan: Plan, columns: Columns) -> Callable[[int, int], Estimate | None]:
    """The fitted model, ready to compare an arm with the control at a wave."""
    panel = make_panel(plan, columns)
    outcome = plan.outcomes[0]
    frame = make_frame(plan, outcome, panel, panel.keep(plan.sets[0]))
    if outcome.kind == "binary":
        chances = Chances(separate(frame))
        return lambda arm, wave: chances.contrast(arm, wave).value
    answers = Answers(Fitter(frame)())
    return lambda arm, wave: answers.contrast(arm, wave, Unit(float("nan"), float("inf"))).value


def _columns(alone: Alone, cells: Cells, people: People, trial: int) -> Columns:
    """One trial as the columns of a file in long layout."""
    plan = alone.plan
    model = plan.outcomes[0].model
    table: dict[str, list[object]] = {name: [] for name in (plan.id, plan.arm, plan.wave, plan.outcomes[0].column)}
    table |= {name: [] for name in model.covariates}
    if model.cluster is not None:
        table[model.cluster.column] = []
    for who, cell, waves in _seen(cells, people, trial):
        for wave in range(waves):
            row: list[object] = [
                who,
                plan.arms[cells.arm[cell]],
                plan.waves[wave],
                float(people.values[trial, who, wave]),
            ]
            row += [names[cells.levels[cell, f]] for f, names in enumerate(alone.levels)]
            if model.cluster is not None:
                coach = int(people.coach[trial, who])
                coached = plan.arms[cells.arm[cell]] == model.cluster.arm
                row.append(f"coach {coach}" if coached and coach >= 0 else None)
            for column, cell_ in zip(table.values(), row, strict=True):
                column.append(cell_)
    return columns_from(table)


def _seen(cells: Cells, people: People, trial: int) -> Iterator[tuple[int, int, int]]:
    """(person, cell, number of waves seen), in the order in which they were drawn."""
    who = 0
    for cell in range(cells.sizes.size):
        counts = people.counts[cell, :, trial]
        for waves in range(counts.size, 0, -1):
            for _ in range(int(counts[waves - 1])):
                yield who, cell, waves
                who += 1


def _conditional(chances: Vector, sd: float) -> Vector:
    """The logits at which the average over a random intercept of this SD gives the chances (A, W)."""

    def logit(chance: float) -> float:
        reach = 40 * sqrt(1 + sd**2)
        return float(brentq(lambda x: _WEIGHTS @ expit(x + sd * _NODES) / _WEIGHTS.sum() - chance, -reach, reach))

    found = {chance: logit(chance) for chance in set(chances.ravel().tolist())}
    return np.array([[found[chance] for chance in row] for row in chances.tolist()])

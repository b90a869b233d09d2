"""How much worse must the unseen answers have been before the conclusion changes?"""

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.optimize import brentq

from confrere.analysis.findings import Sensitivity, SensitivityContrast, Shifted, Tip
from confrere.analysis.plan import SensitivityPlan
from confrere.analysis.raw import Unit
from confrere.analysis.sensitivity.completed import Completed, Pair, Refitter
from confrere.analysis.sensitivity.imputed import at_random, left_out, pooled
from confrere.analysis.words import contrast_label, tip_label
from confrere.science.imputation import Pooled
from confrere.science.mixed import Estimate, ModelError

_FARTHEST = 10.0  # SDs: an answer that far from what was expected is no answer of the scale
_STEPS = 4
ASSUMPTION = (
    "Answers that nobody saw are taken to differ by a fixed amount from those of participants of the same arm with the "
    "same other answers and covariates."
)

Shifts = Callable[[float, float], dict[Pair, Pooled]]
"""Contrasts with a shift of the interventions' imputed values and one of the control's."""


def tipping_point(completed: Completed, asked: SensitivityPlan, unit: Unit) -> Sensitivity:
    """A grid of shifts in both kinds of arms, and the smallest shift of each intervention that tips its result.

    The same imputations are shifted each time, so that the results differ by the shift alone.
    """
    settings: dict[str, int | float | str] = {"imputations": asked.imputations, "seed": asked.seed}
    settings["filled"] = int(completed.missing.sum())
    warnings = left_out(completed)
    if completed.outcome.kind == "binary":
        warnings.append("A shift is defined for continuous outcomes; this one is yes or no.")
        return Sensitivity(asked.method, ASSUMPTION, (), settings, warnings=tuple(warnings))
    try:
        shifted = _shifts(completed, asked)
        start = shifted(0.0, 0.0)
    except ModelError as error:
        return Sensitivity(asked.method, ASSUMPTION, (), settings, warnings=(*warnings, f"{error}"))
    step = _worse(completed, start) * unit.sd / _STEPS
    deltas = asked.deltas or tuple(round(k * step, 6) for k in range(2 * _STEPS + 1))
    plan, waves = completed.plan, completed.panel.waves
    grid = tuple(
        Shifted(plan.arms[a], waves[w], delta, other, one.value)
        for other in asked.control_deltas
        for delta in deltas
        for (a, w), one in shifted(delta, other).items()
    )
    tips = tuple(_tip(completed, shifted, pair, one.value, unit) for pair, one in start.items())
    contrasts = tuple(
        SensitivityContrast(plan.arms[a], waves[w], one.value, _label(completed, a, w, one.value), "no shift")
        for (a, w), one in start.items()
    )
    return Sensitivity(asked.method, ASSUMPTION, contrasts, settings, grid=grid, tips=tips, warnings=tuple(warnings))


def _shifts(completed: Completed, asked: SensitivityPlan) -> Shifts:
    fill, refitter = at_random(completed, asked), Refitter(completed)
    versions = [fill(k) for k in range(asked.imputations)]
    in_control = (completed.arm == 0)[:, None] & completed.missing
    in_others = (completed.arm > 0)[:, None] & completed.missing

    @cache
    def shifted(delta: float, other: float) -> dict[Pair, Pooled]:
        moved = [values + delta * in_others + other * in_control for values in versions]
        return pooled(completed, moved, refitter, level=completed.outcome.model.level)

    return shifted


def _worse(completed: Completed, start: dict[Pair, Pooled]) -> int:
    """Towards the worse side of the scale; where the plan does not name one, against the first contrast."""
    if completed.outcome.better is not None:
        return 1 if completed.outcome.better == "lower" else -1
    first = next(iter(start.values()), None)
    return -1 if first is not None and first.value.estimate > 0 else 1


def _tip(completed: Completed, shifted: Shifts, pair: Pair, value: Estimate, unit: Unit) -> Tip:
    """Search from no shift towards no difference, until the interval includes it."""
    plan, (a, w) = completed.plan, pair
    arm, wave = plan.arms[a], completed.panel.waves[w]

    def tip(delta: float | None) -> Tip:
        label = tip_label(plan, completed.outcome, arm=arm, wave=wave, sd=unit.sd, delta=delta)
        return Tip(arm, wave, delta, label)

    if value.lower <= 0 <= value.upper:
        return tip(0.0)
    side = -1.0 if value.estimate > 0 else 1.0

    def clear(size: float) -> float:
        """How far the nearer limit is from zero; negative once the interval includes it."""
        there = shifted(side * size, 0.0)[pair].value
        return there.lower if side < 0 else -there.upper

    if not np.any(completed.missing[completed.arm == a]):
        return tip(None)
    far = unit.sd / _STEPS
    while clear(far) > 0 and far < _FARTHEST * unit.sd:
        far *= 2
    if clear(far) > 0:
        return tip(None)
    return tip(side * float(brentq(clear, 0.0, far, xtol=1e-6 * unit.sd)))


def _label(completed: Completed, arm: int, wave: int, value: Estimate) -> str:
    plan, panel = completed.plan, completed.panel
    crossed = panel.crossed_over(plan, wave)
    return contrast_label(
        plan, completed.outcome, arm=plan.arms[arm], wave=panel.waves[wave], value=value, crossed_over=crossed
    )

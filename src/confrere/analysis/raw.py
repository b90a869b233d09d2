"""Raw values beside the model: means and changes by arm and wave, and two-sample tests of the changes."""

import numpy as np

from confrere.analysis.errors import InputError
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.results import Description, Raw
from confrere.science.describe import Vector, fisher, pooled_sd, summarize, welch, wilcoxon


def descriptions(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Description, ...]:
    """Every arm at every wave; changes are of participants with both values."""
    values = _by_person(outcome, panel, kept)
    return tuple(
        Description(
            arm,
            wave,
            summarize(_finite(values[_in_arm(panel, a), w])),
            summarize(_finite(values[_in_arm(panel, a), w] - values[_in_arm(panel, a), 0]) if w else np.empty(0)),
        )
        for w, wave in enumerate(panel.waves)
        for a, arm in enumerate(plan.arms)
    )


def baseline_sd(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> float:
    """The SD at baseline, pooled over arms; NaN where it cannot be had."""
    values = _by_person(outcome, panel, kept)[:, 0]
    return pooled_sd([_finite(values[_in_arm(panel, a)]) for a in range(len(plan.arms))])


def raw_tests(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Raw, ...]:
    """The plan's tests of every arm against the control: Welch and Wilcoxon of changes, Fisher of 0/1 values."""
    values = _by_person(outcome, panel, kept)
    found = []
    for name in outcome.tests:
        for w in range(1, len(panel.waves)):
            measured = values[:, w] if name == "fisher" else values[:, w] - values[:, 0]
            if name == "fisher":
                _zero_or_one(outcome, measured)
            control = _finite(measured[_in_arm(panel, 0)])
            for a in range(1, len(plan.arms)):
                arm = _finite(measured[_in_arm(panel, a)])
                if name == "welch":
                    test = welch(arm, control, level=outcome.model.level)
                else:
                    test = wilcoxon(arm, control) if name == "wilcoxon" else fisher(arm, control)
                if test is not None:
                    found.append(Raw(plan.arms[a], panel.waves[w], test))
    return tuple(found)


def _by_person(outcome: Outcome, panel: Panel, kept: Mask) -> Vector:
    """(P, W) values of the set, NaN where there is none."""
    table = np.full((len(panel.people), len(panel.waves)), np.nan)
    table[panel.person[kept], panel.wave[kept]] = panel.values[outcome.column][kept]
    return table


def _in_arm(panel: Panel, arm: int) -> Mask:
    inside: Mask = panel.arm_of_person == arm
    return inside


def _finite(values: Vector) -> Vector:
    return values[np.isfinite(values)]


def _zero_or_one(outcome: Outcome, values: Vector) -> None:
    if not np.isin(_finite(values), (0.0, 1.0)).all():
        raise InputError(f"{outcome.name}: Fisher's test needs values of 0 and 1 only.", column=outcome.column)

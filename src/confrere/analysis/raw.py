"""Raw values beside the model: means and changes by arm and wave, and two-sample tests of the changes."""

from dataclasses import dataclass

import numpy as np

from confrere.analysis.errors import InputError
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.results import Description, Individual, Raw
from confrere.science.describe import Vector, fisher, pooled_sd, summarize, welch, wilcoxon


def descriptions(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Description, ...]:
    """Every arm at every wave; changes are of participants with both values."""
    values = by_person(outcome, panel, kept)
    return tuple(
        Description(
            arm,
            wave,
            summarize(finite(values[in_arm(panel, a), w])),
            summarize(finite(values[in_arm(panel, a), w] - values[in_arm(panel, a), 0]) if w else np.empty(0)),
        )
        for w, wave in enumerate(panel.waves)
        for a, arm in enumerate(plan.arms)
    )


@dataclass(frozen=True, slots=True)
class Unit:
    """The SD that standardizes a difference, and how well it is known."""

    sd: float
    """NaN where it cannot be had."""
    df: float
    """Infinite where the plan names the SD."""


def unit_of(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> Unit:
    """The plan's SD, else the one at baseline pooled over arms."""
    if outcome.sd is not None:
        return Unit(outcome.sd, float("inf"))
    values = by_person(outcome, panel, kept)[:, 0]
    groups = [finite(values[in_arm(panel, a)]) for a in range(len(plan.arms))]
    return Unit(pooled_sd(groups), float(sum(max(group.size - 1, 0) for group in groups)))


def raw_tests(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Raw, ...]:
    """The plan's tests of every arm against the control: Welch and Wilcoxon of changes, Fisher of 0/1 values."""
    values = by_person(outcome, panel, kept)
    found = []
    for name in outcome.tests:
        for w in range(1, len(panel.waves)):
            measured = values[:, w] if name == "fisher" else values[:, w] - values[:, 0]
            if name == "fisher":
                _zero_or_one(outcome, measured)
            control = finite(measured[in_arm(panel, 0)])
            for a in range(1, len(plan.arms)):
                arm = finite(measured[in_arm(panel, a)])
                if name == "welch":
                    test = welch(arm, control, level=outcome.model.level)
                else:
                    test = wilcoxon(arm, control) if name == "wilcoxon" else fisher(arm, control)
                if test is not None:
                    found.append(Raw(plan.arms[a], panel.waves[w], test))
    return tuple(found)


def individual_changes(plan: Plan, panel: Panel, kept: Mask) -> tuple[Individual, ...]:
    """Everybody's change from the baseline to the last wave in each primary outcome that is a score, sorted."""
    found = []
    for outcome in plan.outcomes:
        if outcome.role == "primary" and outcome.kind == "continuous":
            values = by_person(outcome, panel, kept)
            changes = values[:, -1] - values[:, 0]
            arms = [np.sort(finite(changes[in_arm(panel, a)])) for a in range(len(plan.arms))]
            found.append(Individual(outcome.name, panel.waves[-1], tuple(tuple(arm.tolist()) for arm in arms)))
    return tuple(found)


def by_person(outcome: Outcome, panel: Panel, kept: Mask) -> Vector:
    """(P, W) values of the set, NaN where there is none."""
    table = np.full((len(panel.people), len(panel.waves)), np.nan)
    table[panel.person[kept], panel.wave[kept]] = panel.values[outcome.column][kept]
    return table


def in_arm(panel: Panel, arm: int) -> Mask:
    """(P,) who is in the arm."""
    inside: Mask = panel.arm_of_person == arm
    return inside


def finite(values: Vector) -> Vector:
    """The values that are there."""
    return values[np.isfinite(values)]


def _zero_or_one(outcome: Outcome, values: Vector) -> None:
    if not np.isin(finite(values), (0.0, 1.0)).all():
        raise InputError(f"{outcome.name}: Fisher's test needs values of 0 and 1 only.", column=outcome.column)

"""The effect among those who begin: what it is under stated assumptions on those who never began, and its bounds."""

import numpy as np

from confrere.analysis.errors import InputError
from confrere.analysis.findings import Bounds, Sensitivity, SensitivityContrast
from confrere.analysis.names import arm_words
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan, SensitivityPlan
from confrere.analysis.raw import by_person, finite, in_arm
from confrere.analysis.words import bounds_label, contrast_label
from confrere.science.compliance import Arms, complier_effect, effect_bounds, like_controls
from confrere.science.expression import ExpressionError, compile_expression

ASSUMPTION = (
    "Being assigned to an arm is taken to change nothing for those who would not begin, controls are taken not to "
    "begin, and within each group those who answered are taken to stand for those who did not."
)
SCENARIOS = {
    "observed": "those who never began changed as the ones of them who answered",
    "like controls": "those who never began changed as the average control",
    "no change": "those who never began did not change",
}


def complier_average(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, asked: SensitivityPlan) -> Sensitivity:
    """Of raw changes, each intervention against the control at each wave; Kiser's 15 never began and never answered.

    Raises `InputError` where the plan's expression on who began cannot be read.
    """
    began = _began(panel, asked)
    values = by_person(outcome, panel, kept)
    inside = np.zeros(len(panel.people), dtype=np.bool_)
    inside[panel.person[kept]] = True
    contrasts: list[SensitivityContrast] = []
    bounds: list[Bounds] = []
    warnings: list[str] = []
    counts: dict[str, int | float | str] = {"received": asked.received}
    for w in range(1, len(panel.waves)):
        change = values[:, w] - values[:, 0]
        for a in range(1, len(plan.arms)):
            here = inside & in_arm(panel, a)
            arms = Arms(
                began=finite(change[here & began]),
                never=finite(change[here & ~began]),
                control=finite(change[inside & in_arm(panel, 0)]),
                n_began=int((here & began).sum()),
                n_never=int((here & ~began).sum()),
            )
            name = plan.arms[a]
            counts |= {f"began {name}": arms.n_began, f"never began {name}": arms.n_never}
            if not arms.n_began:
                line = f"Nobody of {arm_words(plan, name)} began, so there is no effect among those who begin."
                warnings += [line] if line not in warnings else []
                continue
            contrasts += _scenarios(plan, outcome, panel, arms, arm=a, wave=w)
            found = effect_bounds(arms, level=outcome.model.level)
            if found is not None:
                label = bounds_label(plan, outcome, arm=name, wave=panel.waves[w], found=found)
                bounds.append(Bounds(name, panel.waves[w], found.lower, found.upper, found.interval, label))
    if (began & inside & in_arm(panel, 0)).any():
        warnings.append(f"Some of {arm_words(plan, plan.control)} began too; this analysis takes it that they cannot.")
    return Sensitivity(
        asked.method, ASSUMPTION, tuple(contrasts), counts, bounds=tuple(bounds), warnings=tuple(warnings)
    )


def _scenarios(
    plan: Plan, outcome: Outcome, panel: Panel, arms: Arms, *, arm: int, wave: int
) -> list[SensitivityContrast]:
    level = outcome.model.level
    found = {
        "observed": complier_effect(arms, None, level=level),
        "like controls": like_controls(arms, level=level),
        "no change": complier_effect(arms, 0.0, level=level),
    }
    crossed = panel.crossed_over(plan, wave)
    contrasts = []
    for name, value in found.items():
        if value is not None or name != "observed":
            sentence = contrast_label(
                plan, outcome, arm=plan.arms[arm], wave=panel.waves[wave], value=value, crossed_over=crossed
            )
            label = f"Among those who begin, if {SCENARIOS[name]}: {sentence[0].lower()}{sentence[1:]}"
            contrasts.append(SensitivityContrast(plan.arms[arm], panel.waves[wave], value, label, name))
    return contrasts


def _began(panel: Panel, asked: SensitivityPlan) -> Mask:
    """(P,) who began: whoever has a row for which the expression is true."""
    try:
        expression = compile_expression(asked.received, names=panel.columns.texts)
        rows = np.asarray(expression.evaluate(panel.columns.typed(expression.names)), dtype=np.bool_)
    except ExpressionError as error:
        raise InputError(f"[[sensitivity]] received: {error}") from None
    began = np.zeros(len(panel.people), dtype=np.bool_)
    began[panel.person[rows]] = True
    return began

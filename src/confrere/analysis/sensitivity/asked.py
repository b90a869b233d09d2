"""Which sensitivity analyses the plan asks for, and running them."""

from confrere.analysis.findings import Sensitivity
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan, SensitivityPlan
from confrere.analysis.raw import unit_of
from confrere.analysis.sensitivity.cace import complier_average
from confrere.analysis.sensitivity.completed import complete
from confrere.analysis.sensitivity.imputed import jump, multiple_imputation
from confrere.analysis.sensitivity.tipping import tipping_point


def sensitivities(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, name: str) -> tuple[Sensitivity, ...]:
    """Those for this outcome in the set called ``name``, in the plan's order."""
    return tuple(
        _one(plan, outcome, panel, kept, asked)
        for asked in plan.sensitivity
        if outcome.name in (asked.outcomes or (outcome.name,)) and name in (asked.sets or (name,))
    )


def _one(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, asked: SensitivityPlan) -> Sensitivity:
    if asked.method == "cace":
        return complier_average(plan, outcome, panel, kept, asked)
    completed = complete(plan, outcome, panel, kept, asked.covariates)
    if asked.method == "tipping":
        return tipping_point(completed, asked, unit_of(plan, outcome, panel, kept))
    return (multiple_imputation if asked.method == "mi" else jump)(completed, asked)

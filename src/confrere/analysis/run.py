"""The analysis itself: a plan and columns in, results out. Nothing is read, written or printed."""

from importlib.metadata import PackageNotFoundError, version

import numpy as np

from confrere.analysis.assumptions import assumption_of
from confrere.analysis.columns import Columns
from confrere.analysis.counts import answer_counts, characteristics, flow_of
from confrere.analysis.multiplicity import adjust
from confrere.analysis.outcome import analyse
from confrere.analysis.panel import Mask, Panel, make_panel
from confrere.analysis.plan import AnalysisSet, Plan
from confrere.analysis.raw import individual_changes
from confrere.analysis.results import Results, SetResult


def run(plan: Plan, columns: Columns) -> Results:
    """Analyse every outcome in every set. Raises `InputError` in one sentence where the input is wrong."""
    panel = make_panel(plan, columns)
    return Results(
        plan=plan,
        waves=panel.waves,
        data_sha256=columns.sha256,
        version=_version(),
        sets=tuple(_set(plan, panel, chosen) for chosen in plan.sets),
        flow=flow_of(plan, panel),
        answers=answer_counts(plan, panel),
    )


def _set(plan: Plan, panel: Panel, chosen: AnalysisSet) -> SetResult:
    kept = panel.keep(chosen)
    outcomes = tuple(analyse(plan, outcome, panel, kept, chosen.name) for outcome in plan.outcomes)
    return SetResult(
        name=chosen.name,
        n_participants=int(np.unique(panel.person[kept]).size),
        n_rows=int((kept & panel.answered(plan)).sum()),
        n_by_arm=_by_arm(plan, panel, kept),
        characteristics=characteristics(plan, panel, kept),
        outcomes=adjust(outcomes),
        assumption=assumption_of(chosen),
        individual=individual_changes(plan, panel, kept),
    )


def _by_arm(plan: Plan, panel: Panel, kept: Mask) -> tuple[int, ...]:
    people = np.unique(panel.person[kept])
    counts = np.bincount(panel.arm_of_person[people], minlength=len(plan.arms))
    return tuple(int(count) for count in counts)


def _version() -> str:
    try:
        return version("confrere")
    except PackageNotFoundError:  # a source tree that is not installed
        return "from source"

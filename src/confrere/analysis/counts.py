"""Counting people: baseline characteristics by arm, and the flow from the file to the last wave."""

import numpy as np

from confrere.analysis.panel import Codes, Mask, Panel
from confrere.analysis.plan import Plan
from confrere.analysis.results import Characteristic, Level
from confrere.analysis.words import plain
from confrere.science.describe import summarize
from confrere.science.flow import Arm, Box, Flow, Loss


def characteristics(plan: Plan, panel: Panel, kept: Mask) -> tuple[Characteristic, ...]:
    """Every covariate of the plan, by arm, of the participants in the set; one value per person.

    A participant's value is the one on their first row in the set that has one.
    """
    names = dict.fromkeys(name for outcome in plan.outcomes for name in outcome.model.covariates)
    levels = {name: x for outcome in plan.outcomes for name, x in outcome.model.levels.items()}
    return tuple(_characteristic(plan, panel, kept, name, levels.get(name)) for name in names)


def _characteristic(plan: Plan, panel: Panel, kept: Mask, name: str, levels: tuple[str, ...] | None) -> Characteristic:
    cells = panel.columns.column(name)
    first: dict[int, int] = {}
    for row in np.flatnonzero(kept)[::-1].tolist():
        if cells[row] is not None:
            first[int(panel.person[row])] = row
    people = [np.flatnonzero(one) for one in _members(plan, panel, kept)]
    missing = tuple(sum(who not in first for who in members.tolist()) for members in people)
    rows = [np.array([first[who] for who in members.tolist() if who in first], dtype=np.intp) for members in people]
    if levels is None and panel.columns.numeric(name):
        numbers = panel.columns.numbers(name)
        return Characteristic(name, (), tuple(summarize(numbers[one]) for one in rows), missing)
    listed = levels or tuple(sorted({cells[row] for one in rows for row in one}))
    counts = tuple(Level(level, tuple(int(np.sum(cells[one] == level)) for one in rows)) for level in listed)
    return Characteristic(name, counts, (), missing)


def flow_of(plan: Plan, panel: Panel, kept: Mask, name: str) -> Flow:
    """From everybody in the file to the set and to the answers at each later wave, by arm."""
    everyone = _members(plan, panel, np.ones_like(kept))
    chosen = _members(plan, panel, kept)
    answered = panel.answered(plan)
    arms = []
    for a, arm in enumerate(plan.arms):
        total, inside = int(everyone[a].sum()), int(chosen[a].sum())
        boxes = [Box("allocated", f"Allocated to {arm}", total)]
        boxes.append(
            Box("analysed", f"In the analysis set {plain(name)}", inside, (Loss("Not in this set", total - inside),))
        )
        for w, wave in enumerate(panel.waves):
            here = _members(plan, panel, kept & answered & (panel.wave == w))[a]
            n = int(here.sum())
            lost = (Loss(f"No answer at {wave}", inside - n),)
            boxes.append(Box(f"wave {wave}", f"Answered at {wave}", n, lost, of="analysed"))
        arms.append(Arm(arm, tuple(boxes)))
    start = Box("randomized", "Randomized", len(panel.people))
    return Flow(f"Flow of participants, {plain(name)}", (start,), tuple(arms))


def _members(plan: Plan, panel: Panel, rows: Mask) -> list[Mask]:
    """For each arm, (P,) whether the participant has a row among ``rows``."""
    present = np.zeros(len(panel.people), dtype=np.bool_)
    present[panel.person[rows]] = True
    arms: Codes = panel.arm_of_person
    return [present & (arms == a) for a in range(len(plan.arms))]

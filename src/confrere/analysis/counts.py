"""Counting people: baseline characteristics by arm, and the flow from the file to the analysis sets."""

import numpy as np

from confrere.analysis.errors import InputError, nearest
from confrere.analysis.names import arm_words, heading, set_words, wave_words
from confrere.analysis.panel import Codes, Mask, Panel
from confrere.analysis.plan import Plan
from confrere.analysis.results import AnswerCount, Characteristic, Level
from confrere.science.describe import summarize
from confrere.science.flow import Arm, Box, Flow, Loss, Tally


def characteristics(plan: Plan, panel: Panel, kept: Mask) -> tuple[Characteristic, ...]:
    """Every covariate of the plan, then its further characteristics, by arm; one value per person of the set.

    A participant's value is the one on their first row in the set that has one.
    """
    names = dict.fromkeys(name for outcome in plan.outcomes for name in outcome.model.covariates)
    names |= dict.fromkeys(plan.report.characteristics)
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


def answer_counts(plan: Plan, panel: Panel) -> tuple[AnswerCount, ...]:
    """The yes/no answers of Table 4: of those who answered anything at that wave, and this question."""
    asked = plan.report.answers
    if asked is None:
        return ()
    if asked.wave not in panel.waves:
        raise InputError(f'[report.answers] "{asked.wave}" is no wave. {nearest(asked.wave, panel.waves)}')
    here = panel.answered(plan) & (panel.wave == panel.waves.index(asked.wave))
    found = []
    for name in asked.columns:
        values = panel.columns.numbers(name)
        strange = np.flatnonzero(np.isfinite(values) & ~np.isin(values, (0.0, 1.0)))
        if strange.size:
            raise panel.columns.error("Table 4 counts answers of 0 and 1 only.", row=int(strange[0]), column=name)
        for arm in asked.arms:
            given = values[here & np.isfinite(values) & (panel.arm == plan.arms.index(arm))]
            found.append(AnswerCount(arm, name, int(given.sum()), int(given.size)))
    return tuple(found)


def flow_of(plan: Plan, panel: Panel) -> Flow:
    """From everybody in the file to the answers at each wave and to the analysis sets, by arm.

    Waves are counted among everybody of the arm. The baseline has a box where somebody did not answer it.
    """
    every = np.ones(panel.person.size, dtype=np.bool_)
    everyone, answered = _members(plan, panel, every), panel.answered(plan)
    sets = [(set_words(one), _members(plan, panel, panel.keep(one))) for one in plan.sets]
    arms = []
    for a, arm in enumerate(plan.arms):
        words, total = arm_words(plan, arm), int(everyone[a].sum())
        boxes = [Box("allocated", f"Allocated to {words}", total)]
        for w, wave in enumerate(panel.waves):
            n = int(_members(plan, panel, answered & (panel.wave == w))[a].sum())
            if w or n < total:
                at = f"Answered at {wave_words(plan, wave)}"
                boxes.append(Box(f"wave {wave}", at, n, (Loss("no answer", total - n),), of="allocated"))
        tallies = [(heading(title), int(members[a].sum())) for title, members in sets]
        analysed = tuple(Tally(title, n, (Loss("left out by its rule", total - n),)) for title, n in tallies)
        arms.append(Arm(arm, tuple(boxes), analysed, heading(words)))
    start = Box("randomized", "Randomized", len(panel.people))
    return Flow("Flow of participants", (start,), tuple(arms))


def _members(plan: Plan, panel: Panel, rows: Mask) -> list[Mask]:
    """For each arm, (P,) whether the participant has a row among ``rows``."""
    present = np.zeros(len(panel.people), dtype=np.bool_)
    present[panel.person[rows]] = True
    arms: Codes = panel.arm_of_person
    return [present & (arms == a) for a in range(len(plan.arms))]

"""Does the effect differ between subgroups? An interaction test, and the effect in each level.

Comparing the P values of two subgroups answers another question: one level can be significant and the other not
while both have the same effect. So the model gets the interactions of arm, time and the subgroup, the test is of
their three-way interaction, and each level's effect comes with its interval.
"""

from itertools import pairwise

import numpy as np

from confrere.analysis.chances import Chances
from confrere.analysis.columns import Texts
from confrere.analysis.errors import InputError
from confrere.analysis.findings import Interaction, Subgroup, SubgroupEffect
from confrere.analysis.fitting import Fitter
from confrere.analysis.frame import Covariate, Frame, dummies, make_frame
from confrere.analysis.names import arm_words, column_words, heading, level_words, wave_words
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan, SubgroupPlan
from confrere.analysis.raw import Unit, unit_of
from confrere.analysis.separated import separate
from confrere.analysis.words import subgroup_effect_label, subgroup_label
from confrere.science.mixed import Estimate, JointTest, ModelError
from confrere.science.mixed.design import Vector
from confrere.science.mixed.proportions import Proportion

FEW = 10
"""Participants of a level in one arm below which its estimate says little."""
MOST_LEVELS = 12


def subgroups(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Subgroup, ...]:
    """Every subgroup of the plan for one outcome in one analysis set.

    Raises `InputError` where a column cannot be made into levels; where the data do not allow the model the
    subgroup says so and has no estimates.
    """
    return tuple(_subgroup(plan, outcome, panel, kept, asked) for asked in plan.subgroups)


def _subgroup(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, asked: SubgroupPlan) -> Subgroup:
    covariate = _levels(panel, kept, outcome, asked)
    try:
        frame = make_frame(plan, outcome, panel, kept, covariate)
        ask = _Shares(frame) if outcome.kind == "binary" else _Means(frame)
    except ModelError as error:
        return Subgroup(asked.column, (), (), subgroup_label(plan, asked.column, ()), (f"{error}",))
    unit = Unit(float("nan"), 0.0) if outcome.kind == "binary" else unit_of(plan, outcome, panel, kept)
    later = [(w, a) for w in range(1, len(panel.waves)) for a in range(1, len(plan.arms))]
    effects = tuple(
        _effect(frame, unit, ask.effect(a, w, row), level=level, arm=a, wave=w)
        for w, a in later
        for level, row in zip(covariate.levels, _rows(covariate), strict=True)
    )
    interactions = tuple(
        Interaction(wave, ask.interaction(w, _rows(covariate))) for w, wave in enumerate(panel.waves) if w
    )
    warnings = list(ask.warnings)
    warnings += [
        f"There is no test of the interaction at {wave_words(plan, one.wave)}: some of its cells have no data."
        for one in interactions
        if one.test is None
    ]
    warnings += dict.fromkeys(_few(plan, asked.column, one) for one in effects if min(one.n, one.n_control) < FEW)
    return Subgroup(
        asked.column, interactions, effects, subgroup_label(plan, asked.column, interactions), tuple(warnings)
    )


def _few(plan: Plan, column: str, one: SubgroupEffect) -> str:
    group = f"{heading(column_words(plan, column))}, {level_words(plan, column, one.level)}"
    return (
        f"{group} has {_people(one.n)} with {arm_words(plan, one.arm)} and {one.n_control} with "
        f"{arm_words(plan, plan.control)}; its estimate says little."
    )


def _people(count: int) -> str:
    return f"{count} participant{'' if count == 1 else 's'}"


def _rows(covariate: Covariate) -> list[Vector]:
    """The dummies of each level."""
    columns = covariate.columns.shape[1]
    return [np.zeros(columns), *np.eye(columns)]


def _effect(frame: Frame, unit: Unit, value: Estimate | None, *, level: str, arm: int, wave: int) -> SubgroupEffect:
    panel, plan = frame.panel, frame.plan
    own = frame.covariates[-1].columns[frame.rows]
    place = frame.covariates[-1].levels.index(level)
    inside = np.all(own == _rows(frame.covariates[-1])[place], axis=1)
    counts = [int(np.unique(panel.person[frame.rows][inside & (panel.arm[frame.rows] == a)]).size) for a in (arm, 0)]
    label = subgroup_effect_label(
        plan,
        frame.outcome,
        column=frame.covariates[-1].name,
        level=level,
        arm=plan.arms[arm],
        wave=panel.waves[wave],
        value=value,
        crossed_over=panel.crossed_over(plan, wave),
    )
    size = value.estimate / unit.sd if value is not None and unit.sd > 0 else None
    return SubgroupEffect(level, plan.arms[arm], panel.waves[wave], counts[0], counts[1], value, size, label)


class _Means:
    """Differences in change of means, by level."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.warnings: tuple[str, ...] = ()
        fitter = Fitter(frame)
        self._design = fitter.design
        self._inference = fitter().inference()

    def effect(self, arm: int, wave: int, level: Vector) -> Estimate | None:
        row = self._row(arm, wave, level)
        try:
            return self._inference.contrast(row, term="arm:time")
        except ModelError:
            return None

    def interaction(self, wave: int, levels: list[Vector]) -> JointTest | None:
        arms = range(1, len(self._frame.plan.arms))
        rows = np.array(
            [self._row(a, wave, level) - self._row(a, wave, levels[0]) for a in arms for level in levels[1:]]
        )
        try:
            return self._inference.joint(rows, term="arm:time")
        except ModelError:
            return None

    def _row(self, arm: int, wave: int, level: Vector) -> Vector:
        """(p,) the difference in change; other covariates cancel, so they are left at zero."""
        frame = self._frame
        values = np.zeros((4, sum(one.columns.shape[1] for one in frame.covariates)))
        values[:, frame.columns_of(frame.covariates[-1].name)] = level
        arms, waves = np.array([arm, arm, 0, 0]), np.array([wave, 0, wave, 0])
        own, base, other, start = frame.columns_at(arms, waves, values, np.zeros(4))
        row: Vector = own - other if frame.first else (own - base) - (other - start)
        return row


class _Shares:
    """Differences in change of proportions, by level."""

    def __init__(self, frame: Frame) -> None:
        separated = separate(frame)
        self._chances, self._arms = Chances(separated), len(frame.plan.arms)
        self.warnings = separated.warnings

    def effect(self, arm: int, wave: int, level: Vector) -> Estimate | None:
        asked = self._asked(arm, wave, level)
        return None if asked is None else self._chances.estimate(asked)

    def _asked(self, arm: int, wave: int, level: Vector) -> Proportion | None:
        """The difference; None also where every answer of the level is predicted without exception."""
        asked = self._chances.among(arm, wave, level)
        return asked if asked is not None and asked.gradient.any() else None

    def interaction(self, wave: int, levels: list[Vector]) -> JointTest | None:
        """On the scale of the proportions, as the levels' effects are."""
        found: list[Proportion] = []
        for a in range(1, self._arms):
            effects = [self._asked(a, wave, level) for level in levels]
            known = [one for one in effects if one is not None]
            if len(known) < len(levels):
                return None
            found += [one - known[0] for one in known[1:]]
        return self._chances.joint(found)


def _levels(panel: Panel, kept: Mask, outcome: Outcome, asked: SubgroupPlan) -> Covariate:
    """The subgroup as a factor, from each participant's first value (the baseline's where there is one)."""
    cells = _of_person(panel, asked)
    listed = asked.levels or (() if asked.cut else outcome.model.levels.get(asked.column, ()))
    if listed:
        for row in np.flatnonzero(kept).tolist():
            if cells[row] not in {None, *listed}:
                known = ", ".join(listed)
                raise panel.columns.error(
                    f'"{cells[row]}" is no level of the subgroup; they are {known}.', row=row, column=asked.column
                )
    seen = {cell for cell, used in zip(cells, kept, strict=True) if used and cell is not None}
    levels = tuple(level for level in listed if level in seen)
    if asked.cut:
        levels = tuple(name for name in _names(asked.cut) if name in seen)
    elif not listed:
        levels = tuple(sorted(seen))
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise InputError(
            f"a subgroup needs 2 to {MOST_LEVELS} levels, and here are {len(levels)}; a number is grouped by cut.",
            file=panel.columns.file,
            column=asked.column,
        )
    return Covariate(asked.column, levels, dummies(cells, levels))


def _of_person(panel: Panel, asked: SubgroupPlan) -> Texts:
    """(N,) each participant's first value, in the order of waves, on all of their rows."""
    if asked.cut:
        numbers = panel.columns.numbers(asked.column)
        names = np.array([*_names(asked.cut)], dtype=object)
        cells: Texts = names[np.searchsorted(np.array(asked.cut), numbers, side="right").clip(0, len(asked.cut))]
        cells[np.isnan(numbers)] = None
    else:
        cells = panel.columns.column(asked.column)
    first: dict[int, str] = {}
    for row in np.argsort(panel.wave, kind="stable").tolist():
        if cells[row] is not None:
            first.setdefault(int(panel.person[row]), cells[row])
    return np.array([first.get(who) for who in panel.person.tolist()], dtype=object)


def _names(cut: tuple[float, ...]) -> tuple[str, ...]:
    middle = [f"{low:g} to below {high:g}" for low, high in pairwise(cut)]
    return (f"below {cut[0]:g}", *middle, f"{cut[-1]:g} and above")

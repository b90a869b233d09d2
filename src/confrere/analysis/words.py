"""Results in sentences: which way, by how much, how sure, and what it must not be taken for.

A sentence never says that something fell "more" (both arms may have risen): it says that the *change* was
lower or higher, and turns the limits of the interval into the same direction.
"""

from collections.abc import Sequence

from confrere.analysis.findings import Interaction, Share
from confrere.analysis.names import arm_words, column_words, heading, level_words, outcome_words, wave_words
from confrere.analysis.plan import Outcome, Plan
from confrere.science.compliance import EffectBounds
from confrere.science.mixed import Estimate
from confrere.science.risk_difference import RiskDifference
from confrere.science.tables import decimal

NOT_RANDOMIZED = "not a randomized comparison with no coaching"
NO_CONTROL = "no control"
CLOCKS = {"randomization": "randomization", "first-session": "each participant's first session"}


def change_label(
    plan: Plan, outcome: Outcome, *, arm: str, wave: str, value: Estimate | None, crossed_over: bool = False
) -> str:
    """One sentence on a change within an arm; ``crossed_over`` if the arm is the control and has begun."""
    sentence = _moved(plan, outcome, arm=arm, start=plan.baseline, wave=wave, value=value)
    return f"{sentence} {heading(arm_words(plan, arm))} had then begun the intervention." if crossed_over else sentence


def before_after_label(plan: Plan, outcome: Outcome, *, arm: str, start: str, wave: str, value: Estimate | None) -> str:
    """One sentence on the control arm's change since it began the intervention."""
    sentence = _moved(plan, outcome, arm=arm, start=start, wave=wave, value=value)
    return f"{sentence} This is before and after, {NO_CONTROL}."


def _moved(plan: Plan, outcome: Outcome, *, arm: str, start: str, wave: str, value: Estimate | None) -> str:
    start = f"{_span(plan, start, wave)}, {outcome_words(outcome)} with {arm_words(plan, arm)}"
    if value is None:
        return f"{start}: the data cannot tell."
    if value.lower <= 0 <= value.upper:
        interval = f"{_level(outcome)} {_number(outcome, value.lower)} to {_number(outcome, value.upper)}"
        moved = f"{_number(outcome, value.estimate)}{_unit(outcome)}"
        return f"{start} changed by {moved} ({interval}); no change is compatible with the data."
    verb = "fell" if value.estimate < 0 else "rose"
    low, high = sorted((abs(value.lower), abs(value.upper)))
    limits = f"{_number(outcome, low)} to {_number(outcome, high)}"
    return f"{start} {verb} by {_number(outcome, abs(value.estimate))}{_unit(outcome)} ({_level(outcome)} {limits})."


def contrast_label(
    plan: Plan, outcome: Outcome, *, arm: str, wave: str, value: Estimate | None, crossed_over: bool
) -> str:
    """One sentence on a difference in change: direction first, then who is favoured, then the caveat."""
    start = f"{_span(plan, plan.baseline, wave)}, the change in {outcome_words(outcome)}"
    here, there = arm_words(plan, arm), arm_words(plan, plan.control)
    if value is None:
        return f"{start} with {here} against {there}: the data cannot tell."
    sentence = (
        f"{start} was {_number(outcome, abs(value.estimate))}{_unit(outcome) or ' points'} "
        f"{_direction(value.estimate)} with {here} than with "
        f"{there} ({_level(outcome)} {_limits(outcome, value)}); {_favours(plan, outcome, arm, value)}."
    )
    sentence += _importance(outcome, value)
    return f"{sentence} This is {NOT_RANDOMIZED}." if crossed_over else sentence


def attenuation_label(
    plan: Plan,
    outcome: Outcome,
    *,
    arm: str,
    wave: str,
    since: str,
    ratio: float | None,
    interval: tuple[float, float] | None,
    crossed: bool,
) -> str:
    """One sentence on how much of a difference in change is left, and from when time is counted."""
    since = wave_words(plan, since)
    start = (
        f"The difference in {outcome_words(outcome)} between {arm_words(plan, arm)} and "
        f"{arm_words(plan, plan.control)} at {wave_words(plan, wave)}"
    )
    if ratio is None:
        return f"{start} as a part of that at {since}: the data cannot tell."
    sentence = f"{start} was {_percent(ratio)} of that at {since}"
    if interval is None:
        sentence += f" (no interval: the difference at {since} is not clearly away from zero)"
    else:
        sentence += f" ({_level(outcome)} {_percent(interval[0])} to {_percent(interval[1])})"
    sentence += f"; waves are counted from {CLOCKS[plan.clock]}."
    return f"{sentence} This is {NOT_RANDOMIZED}." if crossed else sentence


def responder_label(
    plan: Plan, outcome: Outcome, *, rule: str, own: Share, other: Share, difference: RiskDifference | None
) -> str:
    """One sentence on two shares."""
    start = f"At {wave_words(plan, own.wave)}, {outcome_words(outcome)} with {rule}"
    if difference is None:
        return f"{start}: nobody with both values in one of the arms."
    parts = [
        f"{one.count} of {one.n} ({_percent(one.count / one.n)}) with {arm_words(plan, one.arm)}"
        for one in (own, other)
    ]
    points = [decimal(100 * x, 1) for x in (difference.lower, difference.upper)]
    size = decimal(abs(100 * difference.estimate), 1)
    way = "more" if difference.estimate > 0 else "fewer"
    return (
        f"{start}: {' and '.join(parts)}; {size} percentage points {way} with {arm_words(plan, own.arm)} "
        f"(difference {_level(outcome)} {points[0]} to {points[1]})."
    )


def subgroup_effect_label(
    plan: Plan,
    outcome: Outcome,
    *,
    column: str,
    level: str,
    arm: str,
    wave: str,
    value: Estimate | None,
    crossed_over: bool,
) -> str:
    """The sentence on a difference in change, for one level of a subgroup."""
    sentence = contrast_label(plan, outcome, arm=arm, wave=wave, value=value, crossed_over=crossed_over)
    group = f"{heading(column_words(plan, column))}, {level_words(plan, column, level)}"
    return f"{group}: {sentence[0].lower()}{sentence[1:]}"


def subgroup_label(plan: Plan, column: str, interactions: Sequence[Interaction]) -> str:
    """What a subgroup analysis is, and its tests."""
    tests = [f"P = {one.test.p:.3f} at {wave_words(plan, one.wave)}" for one in interactions if one.test is not None]
    found = f" Interaction: {', '.join(tests)}." if tests else ""
    return (
        f"Exploratory: whether the difference in change differs by {column_words(plan, column)}. The trial was not "
        f"sized for it, and these P values are not adjusted.{found}"
    )


def tip_label(plan: Plan, outcome: Outcome, *, arm: str, wave: str, sd: float, delta: float | None) -> str:
    """One sentence on the shift that tips a result; None where no shift in reach does."""
    here = arm_words(plan, arm)
    start = (
        f"At {wave_words(plan, wave)}, the difference in {outcome_words(outcome)} between {here} and "
        f"{arm_words(plan, plan.control)}"
    )
    if delta is None:
        return f"{start} stays clear of zero however the unseen answers of {here} are shifted within 10 SD."
    if delta == 0:
        return f"{start} is not clear of zero even without a shift of the unseen answers."
    way = "higher" if delta > 0 else "lower"
    size = f"{_number(outcome, abs(delta))} points ({decimal(abs(delta) / sd, 2)} SD)"
    return f"{start} is no longer clear of zero once the unseen answers of {here} are {size} {way}."


def bounds_label(plan: Plan, outcome: Outcome, *, arm: str, wave: str, found: EffectBounds) -> str:
    """One sentence on bounds of the effect among those who begin."""
    low, high = (_signed(outcome, value) for value in (found.lower, found.upper))
    ends = [_signed(outcome, value) for value in found.interval]
    return (
        f"At {wave_words(plan, wave)}, whatever those who never began would have done, the difference in change in "
        f"{outcome_words(outcome)} among those who begin {arm_words(plan, arm)}, against "
        f"{arm_words(plan, plan.control)}, lies between {low} and {high} "
        f"({_level(outcome)} {ends[0]} to {ends[1]})."
    )


def _span(plan: Plan, start: str, wave: str) -> str:
    return f"From {wave_words(plan, start)} to {wave_words(plan, wave)}"


def _favours(plan: Plan, outcome: Outcome, arm: str, value: Estimate) -> str:
    if value.lower <= 0 <= value.upper:
        return "no difference is compatible with the data"
    if outcome.better is None:
        return "the plan does not say which direction is better"
    good = (value.estimate < 0) == (outcome.better == "lower")
    return f"{outcome.better} is better, so this favours {arm_words(plan, arm if good else plan.control)}"


def _importance(outcome: Outcome, value: Estimate) -> str:
    """Where the interval lies against the plan's minimally important difference."""
    if outcome.mcid is None:
        return ""
    sizes = sorted((abs(value.lower), abs(value.upper)))
    least = 0.0 if value.lower <= 0 <= value.upper else sizes[0]
    difference = f"the minimally important difference of {_number(outcome, outcome.mcid)}{_unit(outcome)}"
    if least >= outcome.mcid:
        return f" All of the interval reaches {difference}."
    if sizes[1] < outcome.mcid:
        return f" All of the interval is smaller than {difference}."
    return f" The interval lies on both sides of {difference}."


def _percent(share: float) -> str:
    return f"{decimal(100 * share, 1)}%"


def _direction(value: float) -> str:
    return "lower" if value < 0 else "higher"


def _number(outcome: Outcome, value: float) -> str:
    """Points of the scale with two decimals, percentage points with one."""
    return decimal(100 * value, 1) if outcome.kind == "binary" else decimal(value, 2)


def _signed(outcome: Outcome, value: float) -> str:
    return f"{_number(outcome, abs(value))}{_unit(outcome)} {_direction(value)}"


def _unit(outcome: Outcome) -> str:
    return " percentage points" if outcome.kind == "binary" else ""


def _limits(outcome: Outcome, value: Estimate) -> str:
    """``0.28 to 1.16 lower``, or ``1.19 lower to 0.15 higher`` where the limits lie on both sides of zero."""
    if value.lower <= 0 <= value.upper:
        return f"{_number(outcome, abs(value.lower))} lower to {_number(outcome, value.upper)} higher"
    low, high = sorted((abs(value.lower), abs(value.upper)))
    return f"{_number(outcome, low)} to {_number(outcome, high)} {_direction(value.estimate)}"


def _level(outcome: Outcome) -> str:
    return f"{100 * outcome.model.level:g}% CI"

"""Results in sentences: which way, by how much, how sure, and what it must not be taken for.

A sentence never says that something fell "more" (both arms may have risen): it says that the *change* was
lower or higher, and turns the limits of the interval into the same direction.
"""

from confrere.analysis.plan import Outcome, Plan
from confrere.science.mixed import Estimate
from confrere.science.tables import decimal

NOT_RANDOMIZED = "not a randomized comparison with no coaching"


def change_label(plan: Plan, outcome: Outcome, *, arm: str, wave: str, value: Estimate | None) -> str:
    """One sentence on a change within an arm."""
    start = f"From {plan.baseline} to {wave}, {plain(outcome.name)} with {arm}"
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
    start = f"From {plan.baseline} to {wave}, the change in {plain(outcome.name)}"
    if value is None:
        return f"{start} with {arm} against {plan.control}: the data cannot tell."
    sentence = (
        f"{start} was {_number(outcome, abs(value.estimate))}{_unit(outcome) or ' points'} "
        f"{_direction(value.estimate)} with {arm} than with "
        f"{plan.control} ({_level(outcome)} {_limits(outcome, value)}); {_favours(plan, outcome, arm, value)}."
    )
    sentence += _importance(outcome, value)
    return f"{sentence} This is {NOT_RANDOMIZED}." if crossed_over else sentence


def plain(name: str) -> str:
    """A name of the plan as words."""
    return name.replace("_", " ")


def heading(name: str) -> str:
    """A name of the plan as words that begin a line; only the first letter is raised (``TAU`` stays)."""
    words = plain(name)
    return words[:1].upper() + words[1:]


def _favours(plan: Plan, outcome: Outcome, arm: str, value: Estimate) -> str:
    if value.lower <= 0 <= value.upper:
        return "no difference is compatible with the data"
    if outcome.better is None:
        return "the plan does not say which direction is better"
    good = (value.estimate < 0) == (outcome.better == "lower")
    return f"{outcome.better} is better, so this favours {arm if good else plan.control}"


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


def _direction(value: float) -> str:
    return "lower" if value < 0 else "higher"


def _number(outcome: Outcome, value: float) -> str:
    """Points of the scale with two decimals, percentage points with one."""
    return decimal(100 * value, 1) if outcome.kind == "binary" else decimal(value, 2)


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

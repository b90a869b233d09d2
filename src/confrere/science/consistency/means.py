"""Means, standard deviations and relative changes: can they come from those people?"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.optimize import minimize_scalar

from confrere.science.consistency.printed import Finding, Printed, found


@dataclass(frozen=True, slots=True)
class Group:
    """The size, mean and standard deviation (of n - 1) of a group."""

    n: int
    mean: Printed
    sd: Printed


def grim(mean: Printed, n: int, *, items: int = 1, step: float = 1.0) -> Finding:
    """Granularity of means (Brown and Heathers 2017): ``n`` people answer ``items`` in steps of ``step``.

    A mean of whole answers is a multiple of step / (n items). Undecidable where these multiples lie closer
    than the printed decimals.
    """
    grain = step / (n * items)
    if grain <= 2 * mean.half:
        reason = f"With {n} people every mean with these decimals is possible."
        return Finding("grain of the mean", "undecidable", reason)
    nearest = round(mean.value / grain) * grain
    return found(
        "grain of the mean",
        mean.may_be(nearest),
        f"The nearest mean that {n} people can have is {nearest:.6g}; {mean.text} is printed.",
    )


def possible_sd(mean: Printed, sd: Printed, n: int, *, low: float, high: float) -> Finding:
    """Can ``n`` answers from ``low`` to ``high`` with this mean spread so far?

    The spread is largest when everybody stands at one of the ends.
    """
    inside = min(max((low + high) / 2, mean.low), mean.high)
    if not low <= inside <= high:
        return found("possible SD", False, f"The mean {mean.text} lies outside {low:g} to {high:g}.")
    most = math.sqrt((inside - low) * (high - inside) * n / (n - 1))
    reason = f"The SD can be {most:.4g} at most; {sd.text} is printed."
    return found("possible SD", sd.may_be(0.0, most), reason)


def pooled_sd(overall: Printed, groups: Sequence[Group]) -> Finding:
    """Can the standard deviation of everybody come from these groups, which together are everybody?"""
    low, high = _pooled_range(groups)
    return found(
        "pooled SD",
        overall.may_be(low, high),
        f"The groups give between {low:.4g} and {high:.4g}; {overall.text} is printed.",
    )


def pooled_mean(overall: Printed, groups: Sequence[Group]) -> Finding:
    """Can the mean of everybody come from these groups, which together are everybody?"""
    people = sum(group.n for group in groups)
    low = sum(group.n * group.mean.low for group in groups) / people
    high = sum(group.n * group.mean.high for group in groups) / people
    return found(
        "pooled mean",
        overall.may_be(low, high),
        f"The groups give between {low:.4g} and {high:.4g}; {overall.text} is printed.",
    )


def difference(of: Printed, first: Printed, second: Printed) -> Finding:
    """Is the difference ``first`` - ``second`` what is printed, as far as rounding goes?"""
    low, high = first.low - second.high, first.high - second.low
    return found(
        "difference",
        of.may_be(low, high),
        f"{first.text} - {second.text} lies between {low:.4g} and {high:.4g}; {of.text} is printed.",
    )


def relative_change(
    relative: Printed, change: Printed, baseline: Printed, *, unit: Literal["percent", "proportion"]
) -> Finding:
    """Is the change, relative to a baseline above zero, what is printed in this unit, sign included?"""
    factor, other = (100.0, 0.01) if unit == "percent" else (1.0, 100.0)
    corners = [c / b for c in (change.low, change.high) for b in (baseline.low, baseline.high)]
    low, high = min(corners) * factor, max(corners) * factor
    agrees = relative.may_be(low, high)
    reason = (
        f"{change.text} of {baseline.text} lies between {low:.4g} and {high:.4g} {unit}; {relative.text} is printed."
    )
    if not agrees and relative.may_be(-high, -low):
        reason += " Its sign is turned."
    elif not agrees and relative.may_be(low * other, high * other):
        reason += " It fits as a " + ("proportion." if unit == "percent" else "percentage.")
    return found("relative change", agrees, reason)


def _pooled_range(groups: Sequence[Group]) -> tuple[float, float]:
    people = sum(group.n for group in groups)
    within_low = sum((group.n - 1) * max(group.sd.low, 0.0) ** 2 for group in groups)
    within_high = sum((group.n - 1) * group.sd.high**2 for group in groups)
    corners = itertools.product(*((group.mean.low, group.mean.high) for group in groups))
    between_high = max(_between(groups, corner) for corner in corners)
    low = math.sqrt((within_low + _least_between(groups)) / (people - 1))
    return low, math.sqrt((within_high + between_high) / (people - 1))


def _between(groups: Sequence[Group], means: Sequence[float]) -> float:
    people = sum(group.n for group in groups)
    grand = sum(group.n * mean for group, mean in zip(groups, means, strict=True)) / people
    return sum(group.n * (mean - grand) ** 2 for group, mean in zip(groups, means, strict=True))


def _least_between(groups: Sequence[Group]) -> float:
    """Means as near to a common one as rounding allows; the sum is convex in that common mean."""
    low = min(group.mean.low for group in groups)
    high = max(group.mean.high for group in groups)

    def apart(common: float) -> float:
        return sum(g.n * max(g.mean.low - common, common - g.mean.high, 0.0) ** 2 for g in groups)

    return float(minimize_scalar(apart, bounds=(low, high), method="bounded").fun)

"""Intervals: do estimate, interval and P belong together, and could anyone have been that sure?"""

import math
from typing import Literal

from scipy import stats

from confrere.science.consistency.printed import Finding, Printed, found

type Scale = Literal["difference", "ratio"]

FEWEST_DF = 10.0
"""Degrees of freedom that we allow for when the size of the study is unknown."""
_OTHER_TESTS = ("wilcoxon", "mann", "rank", "fisher", "exact", "permutation", "chi", "kruskal")


def midpoint(estimate: Printed, low: Printed, high: Printed, *, scale: Scale = "difference") -> Finding:
    """Does the estimate lie in the middle of its interval (of the logarithms for a ratio)?

    Holds for Wald and t intervals; profile, bootstrap and rank intervals may lie otherwise.
    """
    if scale == "ratio":
        if min(low.low, estimate.low) <= 0:
            return Finding("middle of the interval", "undecidable", "A bound of the ratio rounds to zero.")
        middle = math.sqrt(low.low * high.low), math.sqrt(low.high * high.high)
    else:
        middle = (low.low + high.low) / 2, (low.high + high.high) / 2
    return found(
        "middle of the interval",
        estimate.may_be(*middle),
        f"The middle lies between {middle[0]:.4g} and {middle[1]:.4g}; {estimate.text} is printed.",
    )


def interval_and_p(
    estimate: Printed,
    low: Printed,
    high: Printed,
    p: Printed,
    *,
    level: float = 0.95,
    scale: Scale = "difference",
    n: int | None = None,
    test: str = "",
) -> Finding:
    """Do interval and P say the same? P follows from estimate / half-width, up to the degrees of freedom.

    ``n`` is the number of people (the degrees of freedom lie between n / 2 and infinity). Undecidable where
    ``test`` names a test that gives no interval of this kind (rank or exact tests).
    """
    check = "interval and P"
    if any(word in test.lower() for word in _OTHER_TESTS):
        return Finding(check, "undecidable", f"P comes from another test ({test}) than the interval.", doubt=True)
    if scale == "ratio":
        if min(low.low, estimate.low) <= 0:
            return Finding(check, "undecidable", "A bound of the ratio rounds to zero.")
        logs = [(math.log(x.low), math.log(x.high)) for x in (estimate, low, high)]
    else:
        logs = [(x.low, x.high) for x in (estimate, low, high)]
    smallest, largest = _p_range(*logs, level=level, least_df=FEWEST_DF if n is None else max(4.0, n / 2))
    return found(
        check,
        p.may_be(smallest, largest),
        f"The interval gives P between {smallest:.2g} and {largest:.2g}; {p.text} is printed.",
    )


def _p_range(
    estimate: tuple[float, float],
    low: tuple[float, float],
    high: tuple[float, float],
    *,
    level: float,
    least_df: float,
) -> tuple[float, float]:
    """The smallest and largest P that any values inside the rounding, and any df from ``least_df``, give."""
    wide = (high[1] - low[0]) / 2
    narrow = max((high[0] - low[1]) / 2, 1e-12)
    farthest = max(abs(estimate[0]), abs(estimate[1]))
    nearest = 0.0 if estimate[0] <= 0 <= estimate[1] else min(abs(estimate[0]), abs(estimate[1]))
    candidates = []
    for df in (least_df, math.inf):
        quantile = stats.t.ppf((1 + level) / 2, df)
        candidates += [
            2 * stats.t.sf(size / half * quantile, df) for size, half in ((farthest, narrow), (nearest, wide))
        ]
    return float(min(candidates)), float(max(candidates))


def change_of_proportion(
    estimate: Printed,
    low: Printed,
    high: Printed,
    *,
    n_first: int,
    n_second: int,
    changes: tuple[float, float] | None = None,
    adjusted: bool | None = None,
    level: float = 0.95,
) -> Finding:
    """Could anyone be that sure of a difference in change of a proportion (all numbers in percent)?

    A person's change is -1, 0 or 1; with mean m its variance is at least |m| - m^2. Without the ``changes``
    of the arms the least variance has all change in the larger arm. An adjusted model may be more certain:
    undecidable then, unless it would have to explain more than eight ninths of the variance (three quarters
    where it is not said whether the comparison is adjusted).
    """
    least = _least_half_width(estimate, n_first, n_second, changes, level)
    given = (high.high - low.low) / 2
    ratio = given / least if least else math.inf
    text = f"The half-width is at most {given:.3g}; without adjustment it is at least {least:.3g}."
    if ratio >= 1:
        return found("least width", True, text)
    allowed = {False: 1.0, None: 1 / 2, True: 1 / 3}[adjusted]
    text += f" A model would have to explain {1 - ratio**2:.0%} of the variance."
    return Finding("least width", "disagrees" if ratio < allowed else "undecidable", text, doubt=ratio >= allowed)


def _least_half_width(
    estimate: Printed, n_first: int, n_second: int, changes: tuple[float, float] | None, level: float
) -> float:
    if changes is None:
        crosses = estimate.low <= 0 <= estimate.high
        size = 0.0 if crosses else min(abs(estimate.low), abs(estimate.high)) / 100
        variance = max(size - size**2, 0.0) / max(n_first, n_second)
    else:
        spread = [max(abs(change) / 100 - (change / 100) ** 2, 0.0) for change in changes]
        variance = spread[0] / n_first + spread[1] / n_second
    return float(100 * stats.norm.ppf((1 + level) / 2) * math.sqrt(variance))


def difference_of_means(
    low: Printed,
    high: Printed,
    *,
    sd_first: Printed,
    sd_second: Printed,
    n_first: int,
    n_second: int,
    adjusted: bool | None = None,
    level: float = 0.95,
) -> Finding:
    """Does the interval have the width that the SDs and sizes of two independent groups give?

    Undecidable where the comparison is adjusted, or may be, and the width differs. The range reaches from the
    z interval to the t interval on the smaller group alone.
    """
    quantiles = stats.norm.ppf((1 + level) / 2), stats.t.ppf((1 + level) / 2, min(n_first, n_second) - 1)
    widths = [
        quantile * math.sqrt(first**2 / n_first + second**2 / n_second)
        for quantile, first, second in (
            (quantiles[0], max(sd_first.low, 0.0), max(sd_second.low, 0.0)),
            (quantiles[1], sd_first.high, sd_second.high),
        )
    ]
    given = (high.low - low.high) / 2, (high.high - low.low) / 2
    text = f"The half-width is {given[0]:.4g} to {given[1]:.4g}; the SDs give {widths[0]:.4g} to {widths[1]:.4g}."
    if given[0] <= widths[1] and given[1] >= widths[0]:
        return found("width of the interval", True, text)
    verdict: Literal["disagrees", "undecidable"] = "disagrees" if adjusted is False else "undecidable"
    return Finding("width of the interval", verdict, text)

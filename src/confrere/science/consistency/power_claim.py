"""What a sample size claim takes for granted: the correlation of baseline and follow-up."""

import math
from typing import Literal

from scipy import optimize, stats

from confrere.science.consistency.printed import Finding, found

type BaselineAs = Literal["covariate", "response"]


def power(
    *, n_first: int, n_second: int, effect_sd: float, correlation: float, baseline_as: BaselineAs, alpha: float = 0.05
) -> float:
    """Power of a two-sided comparison of two arms after a baseline: t squared is noncentral F.

    ``effect_sd`` in standard deviations of one measurement. With the baseline as covariate (or constrained)
    the residual variance is 1 - r^2; with the baseline as a response the change has variance 2 (1 - r).
    """
    variance = 1 - correlation**2 if baseline_as == "covariate" else 2 * (1 - correlation)
    df = n_first + n_second - 2
    noncentrality = effect_sd**2 / (variance * (1 / n_first + 1 / n_second))
    return float(stats.ncf.sf(stats.f.isf(alpha, 1, df), 1, df, noncentrality))


def needed_correlation(
    *, n_first: int, n_second: int, effect_sd: float, wanted: float, baseline_as: BaselineAs, alpha: float = 0.05
) -> float:
    """The smallest correlation from 0 to 0.99 that reaches the power ``wanted``; NaN where none does."""

    def short(correlation: float) -> float:
        reached = power(
            n_first=n_first,
            n_second=n_second,
            effect_sd=effect_sd,
            correlation=correlation,
            baseline_as=baseline_as,
            alpha=alpha,
        )
        return reached - wanted

    if short(0.0) >= 0:
        return 0.0
    return float(optimize.brentq(short, 0.0, 0.99)) if short(0.99) > 0 else math.nan


def power_claim(
    *,
    n_first: int,
    n_second: int,
    effect_sd: float,
    wanted: float,
    stated_correlation: float | None,
    baseline_as: BaselineAs,
) -> Finding:
    """Does the claimed power hold for what is stated? Without a stated correlation only r = 0 is stated."""
    needed = needed_correlation(
        n_first=n_first, n_second=n_second, effect_sd=effect_sd, wanted=wanted, baseline_as=baseline_as
    )
    stated = "none is stated" if stated_correlation is None else f"{stated_correlation:g} is stated"
    return found(
        "power",
        (stated_correlation or 0.0) >= needed,
        f"Power {wanted:.0%} at {effect_sd:g} SD needs a correlation of {needed:.2f}; {stated}.",
    )

"""Descriptive statistics and raw two-sample tests, as published trials print them beside a model."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
RawTestName = Literal["welch", "wilcoxon", "fisher"]


@dataclass(frozen=True, slots=True)
class Summary:
    """Of ``n`` values; everything is NaN for n = 0, the SD also for n = 1. Quartiles as R's type 7."""

    n: int
    mean: float
    sd: float
    median: float
    q1: float
    q3: float


def summarize(values: Vector) -> Summary:
    """Summary of the finite ``values`` (n,)."""
    if not values.size:
        nan = float("nan")
        return Summary(0, nan, nan, nan, nan, nan)
    q1, median, q3 = (float(x) for x in np.quantile(values, [0.25, 0.5, 0.75]))
    sd = float(values.std(ddof=1)) if values.size > 1 else float("nan")
    return Summary(int(values.size), float(values.mean()), sd, median, q1, q3)


def pooled_sd(groups: list[Vector]) -> float:
    """The SD within groups, weighted by degrees of freedom; NaN where no group has two values."""
    large = [group for group in groups if group.size > 1]
    freedom = sum(group.size - 1 for group in large)
    if not freedom:
        return float("nan")
    return sqrt(sum(float(((group - group.mean()) ** 2).sum()) for group in large) / freedom)


@dataclass(frozen=True, slots=True)
class RawTest:
    """A test of two groups without a model; ``estimate`` is first minus second (odds ratio for Fisher's)."""

    test: RawTestName
    estimate: float | None
    lower: float | None
    upper: float | None
    statistic: float | None
    df: float | None
    p: float


def welch(first: Vector, second: Vector, *, level: float = 0.95) -> RawTest | None:
    """Welch's t test of two means; None with fewer than two values or no variation (Welch 1947)."""
    if min(first.size, second.size) < 2 or first.std() + second.std() == 0:
        return None
    from scipy import stats  # slow to load, and few plans ask for raw tests

    result = stats.ttest_ind(first, second, equal_var=False)
    interval = result.confidence_interval(level)
    return RawTest(
        "welch",
        float(first.mean() - second.mean()),
        float(interval.low),
        float(interval.high),
        float(result.statistic),
        float(result.df),
        float(result.pvalue),
    )


def wilcoxon(first: Vector, second: Vector) -> RawTest | None:
    """Wilcoxon's rank-sum test as R's ``wilcox.test``: exact below 50 values without ties, else normal.

    The normal version corrects for ties and continuity. None where a group is empty.
    """
    if not min(first.size, second.size):
        return None
    from scipy import stats

    both = np.concatenate([first, second])
    exact = max(first.size, second.size) < 50 and np.unique(both).size == both.size
    result = stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic")
    return RawTest("wilcoxon", None, None, None, float(result.statistic), None, float(result.pvalue))


def fisher(first: Vector, second: Vector) -> RawTest | None:
    """Fisher's exact test of two groups of 0/1 values; the estimate is the sample odds ratio (or None)."""
    if not min(first.size, second.size):
        return None
    from scipy import stats

    yes, also = int(first.sum()), int(second.sum())
    no, neither = first.size - yes, second.size - also
    odds = yes * neither / (no * also) if no * also else None
    p = float(stats.fisher_exact([[yes, no], [also, neither]]).pvalue)
    return RawTest("fisher", odds, None, None, None, None, p)

"""The change of the same people from before to after, with its interval. Without a control it is no effect."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from confrere.science.describe import Summary, summarize

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """Of the ``n`` people with both values: both summaries, and the mean change (after less before).

    The limits are NaN for fewer than two people. Where everybody changed alike they equal the estimate.
    """

    n: int
    before: Summary
    after: Summary
    estimate: float
    lower: float
    upper: float


def change(before: Vector, after: Vector, *, level: float = 0.95) -> Change:
    """The mean within-person change and Student's interval of it, of people with both values finite.

    ``before`` and ``after`` are (n,), the same person at the same place. What goes wrong without pairs: two
    unpaired means differ also because other people answered. What this cannot tell apart: coaching, the season,
    and that people ask for coaching when they are at their worst (regression to the mean).

    R: ``t.test(after, before, paired = TRUE)``. Raises ValueError for different lengths.
    """
    if before.shape != after.shape:
        raise ValueError("Before and after hold the same people, so they are equally long.")
    both = np.isfinite(before) & np.isfinite(after)
    first, second = before[both], after[both]
    moved = summarize(second - first)
    half = float("nan")
    if moved.n > 1:
        half = moved.sd / sqrt(moved.n) * float(stdtrit(moved.n - 1, (1 + level) / 2))
    return Change(moved.n, summarize(first), summarize(second), moved.mean, moved.mean - half, moved.mean + half)

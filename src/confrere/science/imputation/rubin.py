"""Rubin's rules: several analyses of filled data become one estimate with an honest interval."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from confrere.science.mixed import Estimate

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled estimate, and the share of the information about it that is missing."""

    value: Estimate
    missing_information: float


def pool(estimates: Vector, variances: Vector, *, df: float, level: float = 0.95) -> Pooled:
    """Of ``estimates`` (M,) and their ``variances`` (M,), M at least 2; ``df`` is that of complete data.

    Total variance ``T = U + (1 + 1/M) B``. The degrees of freedom are Barnard and Rubin's, which never exceed those
    of complete data; where the estimates agree exactly nothing is missing, and they are those of complete data.
    References: Rubin DB, 1987, chapter 3; Barnard J, Rubin DB. Biometrika 1999;86:948-955.
    """
    m = estimates.size
    value, within = float(estimates.mean()), float(variances.mean())
    between = (1 + 1 / m) * float(estimates.var(ddof=1))
    total = within + between
    share = between / total
    freedom, missing = df, 0.0
    if share > 0:
        old = (m - 1) / share**2
        complete = (1 + 1 / df) / (1 + 3 / df) * (1 - share)  # of the observed data's df over df; 1 / inf is 0
        freedom = 1 / (1 / old + 1 / (complete * df))
        ratio = between / within
        missing = (ratio + 2 / (freedom + 3)) / (ratio + 1)
    se = sqrt(total)
    statistic = value / se
    half = se * float(stdtrit(freedom, (1 + level) / 2))
    p = float(2 * stdtr(freedom, -abs(statistic)))
    return Pooled(Estimate(value, se, freedom, statistic, p, value - half, value + half), missing)

"""Effect sizes and their sampling variances from what a paper prints of two groups.

Formulas: Borenstein, Hedges, Higgins, Rothstein, *Introduction to Meta-Analysis*, 2009, chapters 4 and 5; the
exact small-sample factor: Hedges, *J Educ Stat* 1981;6:107-128, equation 6. Reference: metafor 3.8-1 `escalc`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Vector = NDArray[np.float64]
Group = tuple[Vector, Vector, Vector]
Measure = Literal["MD", "SMD", "RR", "OR", "RD"]

MEASURES: dict[Measure, str] = {
    "MD": "difference in means",
    "SMD": "standardized difference in means (Hedges' g)",
    "RR": "log risk ratio",
    "OR": "log odds ratio",
    "RD": "risk difference",
}
LOGARITHMIC: frozenset[str] = frozenset({"RR", "OR"})
"""Measures that are pooled as logarithms and read as ratios."""


@dataclass(frozen=True, slots=True)
class Effects:
    """(k,) effects of group 1 against group 2 and their sampling variances."""

    yi: Vector
    vi: Vector
    corrected: NDArray[np.bool_]
    """(k,) where 1/2 was added to all four cells because one of them was zero; False for means."""


def from_means(measure: Literal["MD", "SMD"], group1: Group, group2: Group) -> Effects:
    """Effects from each group's means, standard deviations (above zero) and sizes (at least 2), each (k,).

    The variance of MD does not pool the groups' variances. SMD divides by the pooled standard deviation and
    takes the exact factor J(n1 + n2 - 2); its variance is the large-sample one with the corrected g.
    """
    (m1, sd1, n1), (m2, sd2, n2) = group1, group2
    none = np.zeros(m1.size, dtype=np.bool_)
    if measure == "MD":
        return Effects(m1 - m2, sd1**2 / n1 + sd2**2 / n2, none)
    df = n1 + n2 - 2
    pooled = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    exact = np.exp(gammaln(df / 2) - np.log(df / 2) / 2 - gammaln((df - 1) / 2))
    g = exact * (m1 - m2) / pooled
    return Effects(g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2)), none)


def from_tables(measure: Literal["RR", "OR", "RD"], a: Vector, b: Vector, c: Vector, d: Vector) -> Effects:
    """Effects from counts, each (k,): a with and b without the event in group 1, c and d in group 2.

    A study with a zero cell gets 1/2 added to all four of its cells. A study without any event, or with
    events only, says nothing about a ratio but is kept, as `escalc` keeps it; its variance is large.
    """
    zero = np.min([a, b, c, d], axis=0) == 0
    a, b, c, d = (cell + 0.5 * zero for cell in (a, b, c, d))
    if measure == "OR":
        return Effects(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d, zero)
    p, q = a / (a + b), c / (c + d)
    if measure == "RR":
        return Effects(np.log(p / q), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), zero)
    return Effects(p - q, p * (1 - p) / (a + b) + q * (1 - q) / (c + d), zero)

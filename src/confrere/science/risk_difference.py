"""Proportions of two groups and their difference, with intervals that also hold for few people.

Without them, Wald's interval of 0 of 12 is the single point 0, and intervals of differences leave the range
from -1 to 1.
"""

from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri


@dataclass(frozen=True, slots=True)
class RiskDifference:
    """Difference of two proportions, first less second, with its interval."""

    estimate: float
    lower: float
    upper: float


def wilson(count: int, n: int, *, level: float = 0.95) -> tuple[float, float] | None:
    """Wilson's score interval of ``count`` of ``n``; None for n = 0.

    Reference: Wilson EB. J Am Stat Assoc 1927;22:209-212. R: ``prop.test(count, n, correct = FALSE)``.
    """
    if not n:
        return None
    z2 = float(ndtri((1 + level) / 2)) ** 2
    middle = count + z2 / 2
    half = sqrt(z2 * (count * (n - count) / n + z2 / 4))
    lower = 0.0 if count == 0 else (middle - half) / (n + z2)
    upper = 1.0 if count == n else (middle + half) / (n + z2)
    return lower, upper


def newcombe(first: tuple[int, int], second: tuple[int, int], *, level: float = 0.95) -> RiskDifference | None:
    """Newcombe's hybrid score interval (his method 10) for two groups, each ``(count, n)``; None for an empty one.

    Reference: Newcombe RG. Stat Med 1998;17:873-890, whose Table II is a test.
    """
    one, two = wilson(*first, level=level), wilson(*second, level=level)
    if one is None or two is None:
        return None
    p, q = first[0] / first[1], second[0] / second[1]
    down = sqrt((p - one[0]) ** 2 + (two[1] - q) ** 2)
    up = sqrt((one[1] - p) ** 2 + (q - two[0]) ** 2)
    return RiskDifference(p - q, p - q - down, p - q + up)

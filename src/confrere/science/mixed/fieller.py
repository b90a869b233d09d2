"""Fieller's interval for a ratio of two estimates, such as a change over its baseline."""

from math import sqrt


def fieller(
    *,
    numerator: float,
    denominator: float,
    variance_numerator: float,
    variance_denominator: float,
    covariance: float,
    quantile: float,
) -> tuple[float, float] | None:
    """The ratios r that ``numerator - r * denominator == 0`` does not refute at the t ``quantile``.

    None where the denominator is not clearly away from zero: the set is then unbounded, and any finite
    interval (the delta method gives one) would be a fiction.
    Reference: Fieller EC. J R Stat Soc B 1954;16:175-185.
    """
    square = quantile**2
    a = denominator**2 - square * variance_denominator
    b = numerator * denominator - square * covariance
    c = numerator**2 - square * variance_numerator
    if a <= 0:
        return None
    half = sqrt(max(b * b - a * c, 0.0))
    return (b - half) / a, (b + half) / a

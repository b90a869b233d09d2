"""A difference in units of a standard deviation, with an interval that knows how well the SD is known."""

from math import sqrt

from scipy.special import stdtr, stdtrit

from confrere.science.mixed import Estimate


def in_units(value: Estimate, *, sd: float, sd_df: float, level: float = 0.95) -> Estimate:
    """``value`` divided by ``sd`` (above 0, estimated with ``sd_df`` degrees of freedom; infinite if it is known).

    By the delta method, ``se² = (se / sd)² + d² / (2 sd_df)``; the interval takes the degrees of freedom of
    ``value``. Dividing the limits by the SD instead would treat it as known. The same as ``eff_size(…, sigma,
    edf)`` of R's emmeans.
    """
    size = value.estimate / sd
    se = sqrt((value.se / sd) ** 2 + size**2 / (2 * sd_df))
    half = se * float(stdtrit(value.df, (1 + level) / 2))
    statistic = size / se
    return Estimate(
        estimate=size,
        se=se,
        df=value.df,
        statistic=statistic,
        p=float(2 * stdtr(value.df, -abs(statistic))),
        lower=size - half,
        upper=size + half,
    )

"""The effect among those who begin the intervention when it is given to them (complier-average causal effect).

Some who are given an intervention never begin. Comparing those who began with all controls compares different
people. Randomization gives both arms the same share ``π`` of people who would begin ("compliers"), but nobody
knows who they are among the controls. With no effect of being assigned on those who would not begin, and
controls who cannot begin,

    mean(control) = π * mean(control, compliers) + (1 - π) * mean(never begin),

so one more mean is needed: that of those who never begin. It can be observed (in the intervention arm), assumed,
or bounded: the controls' compliers are some part of size π of the controls, so their mean lies between those of
the lowest and of the highest part of that size.

References: Angrist JD, Imbens GW, Rubin DB. J Am Stat Assoc 1996;91:444-455. Lee DS. Rev Econ Stud
2009;76:1071-1102 (bounds by trimming, and their standard errors). Imbens GW, Manski CF. Econometrica
2004;72:1845-1857 (the interval). Derivation: ``docs/methods/cace.md``.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from confrere.science.mixed import Estimate

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arms:
    """Changes that were observed, and how many of the intervention arm began."""

    began: Vector
    """Of those of the intervention arm who began, NaN left out."""
    never: Vector
    """Of those who never began and answered all the same; often empty."""
    control: Vector
    n_began: int
    n_never: int

    @property
    def share(self) -> float:
        """π, the share of the intervention arm that began."""
        return self.n_began / (self.n_began + self.n_never)

    @property
    def share_variance(self) -> float:
        """Its variance."""
        return self.share * (1 - self.share) / (self.n_began + self.n_never)


@dataclass(frozen=True, slots=True)
class EffectBounds:
    """Between which values the effect lies, and an interval that covers it wherever it does."""

    lower: float
    upper: float
    interval: tuple[float, float]


def complier_effect(arms: Arms, never: float | None, *, level: float = 0.95) -> Estimate | None:
    """The effect if those who never begin changed by ``never``; None takes the mean of those who were observed.

    The standard error is by the delta method; an assumed ``never`` counts as known. None where fewer than two
    values stand behind a mean.
    """
    if min(arms.began.size, arms.control.size) < 2 or (never is None and arms.never.size < 2):
        return None
    share = arms.share
    known = never is not None
    mean = never if never is not None else float(arms.never.mean())
    control = float(arms.control.mean())
    value = float(arms.began.mean()) - (control - (1 - share) * mean) / share
    variance = _of_mean(arms.began) + _of_mean(arms.control) / share**2
    variance += ((control - mean) / share**2) ** 2 * arms.share_variance
    variance += 0.0 if known else ((1 - share) / share) ** 2 * _of_mean(arms.never)
    return _normal(value, sqrt(variance), level)


def like_controls(arms: Arms, *, level: float = 0.95) -> Estimate | None:
    """The effect if those who never begin changed as the average control: those who began against all controls."""
    if min(arms.began.size, arms.control.size) < 2:
        return None
    value = float(arms.began.mean() - arms.control.mean())
    return _normal(value, sqrt(_of_mean(arms.began) + _of_mean(arms.control)), level)


def effect_bounds(arms: Arms, *, level: float = 0.95) -> EffectBounds | None:
    """Bounds without any assumption on those who never begin, by trimming the controls' changes.

    The interval is Imbens and Manski's, from Lee's standard errors of the trimmed means. None where fewer than
    two values stand behind a mean.
    """
    if min(arms.began.size, arms.control.size) < 2:
        return None
    began, spread = float(arms.began.mean()), _of_mean(arms.began)
    highest, high_variance = _trimmed(arms.control, arms)
    lowest, low_variance = _trimmed(-arms.control, arms)
    lower, upper = began - highest, began + lowest
    errors = sqrt(spread + high_variance), sqrt(spread + low_variance)
    reach = _reach((upper - lower) / max(errors), level)
    return EffectBounds(lower, upper, (lower - reach * errors[0], upper + reach * errors[1]))


def _trimmed(values: Vector, arms: Arms) -> tuple[float, float]:
    """Mean of the highest part of size π, and its variance (Lee's proposition 3); the part is cut exactly."""
    ordered = np.sort(values)[::-1]
    size = arms.share * ordered.size
    whole = int(size)
    weights = np.zeros(ordered.size)
    weights[:whole] = 1.0
    if whole < ordered.size:
        weights[whole] = size - whole
    mean = float(weights @ ordered) / size
    inside = float(weights @ (ordered - mean) ** 2) / size
    gap = float(ordered[min(whole, ordered.size - 1)]) - mean
    trimmed = 1 - arms.share
    variance = (inside + gap**2 * trimmed) / size + (gap / arms.share) ** 2 * arms.share_variance
    return mean, variance


def _reach(width: float, level: float) -> float:
    """How many standard errors each limit moves: two-sided at no width, one-sided where the bounds are far apart."""
    return float(brentq(lambda c: float(ndtr(c + width) - ndtr(-c)) - level, 0.0, 10.0))


def _of_mean(values: Vector) -> float:
    return float(values.var(ddof=1)) / values.size


def _normal(value: float, se: float, level: float) -> Estimate:
    half = se * float(ndtri((1 + level) / 2))
    statistic = value / se if se else float("nan")
    p = float(2 * ndtr(-abs(statistic)))
    return Estimate(value, se, float("inf"), statistic, p, value - half, value + half)

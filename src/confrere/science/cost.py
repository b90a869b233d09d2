"""What coaching costs, and what less burnout returns.

Money that is paid is `decimal.Decimal` and rounded to cents, half up, once for each line. Returns are
estimates and plain floats.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

CENT = Decimal("0.01")
_GRID = 401
"""Quantiles of each uncertain input; the middle one is its median."""


class CostError(ValueError):
    """Numbers that no cost can have, in one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """What a coach gets: ``hourly`` for coached time, ``training`` once for training and certification."""

    hourly: Decimal
    training: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCost:
    """The cost of a programme, and for one participant with training (onboarding) and without (ongoing)."""

    coaching: Decimal
    training: Decimal
    participants: int

    @property
    def total(self) -> Decimal:
        """Coaching and training."""
        return self.coaching + self.training

    @property
    def onboarding(self) -> Decimal:
        """For one participant, with the coaches' training."""
        return _cents(self.total / self.participants)

    @property
    def ongoing(self) -> Decimal:
        """For one participant, without it."""
        return _cents(self.coaching / self.participants)


def fee(minutes: int, *, hourly: Decimal) -> Decimal:
    """The fee for coached minutes, to the cent; raises `CostError` below zero."""
    if minutes < 0 or hourly < 0:
        raise CostError("Minutes and fees are not below zero.")
    return _cents(hourly * minutes / 60)


def programme_cost(
    session_minutes: Iterable[int], *, coaches_trained: int, participants: int, fees: Fees
) -> ProgrammeCost:
    """The cost of all held sessions and of the coaches' training; each session is one rounded line."""
    if participants < 1 or coaches_trained < 0:
        raise CostError("A programme has at least one participant, and no number of coaches below zero.")
    coaching = sum((fee(minutes, hourly=fees.hourly) for minutes in session_minutes), Decimal(0))
    return ProgrammeCost(coaching=coaching, training=_cents(fees.training * coaches_trained), participants=participants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """``physicians`` people; shares from 0 to 1: ``burnout`` now, ``turnover`` a year; cost of one replacement."""

    physicians: int
    burnout: float
    turnover: float
    replacement_cost: float


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An estimate with its 95 % interval; ``ratio`` means normal on the log scale, else normal."""

    estimate: float
    low: float
    high: float
    ratio: bool = False

    def quantiles(self) -> NDArray[np.float64]:
        """Evenly spaced quantiles, shape (401,), of a normal distribution with the interval's width."""
        z = stats.norm.ppf((np.arange(_GRID) + 0.5) / _GRID)
        half = stats.norm.ppf(0.975)
        if self.ratio:
            return np.asarray(self.estimate * np.exp(z * np.log(self.high / self.low) / (2 * half)))
        return np.asarray(self.estimate + z * (self.high - self.low) / (2 * half))


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return on investment: 0.125 is 12.5 % gained. ``low`` and ``high`` bound the middle 95 %."""

    attributable: float
    savings: float
    roi: float
    low: float
    high: float
    probability_of_gain: float


def attributable_cost(workforce: Workforce, *, relative_risk: float) -> float:
    """What burnout costs a year by turnover (Shanafelt, Goh and Sinsky, JAMA Intern Med 2017;177:1826-1832).

    ``N C (T - T / (1 + B (R - 1)))``; their worksheet takes ``relative_risk`` 2. Raises `CostError`.
    """
    shares = (workforce.burnout, workforce.turnover)
    if not all(0 <= share <= 1 for share in shares) or min(workforce.physicians, workforce.replacement_cost) < 0:
        raise CostError("Burnout and turnover are shares from 0 to 1; people and costs are not below zero.")
    if relative_risk <= 0:
        raise CostError("A relative risk is above zero.")
    return float(_attributable(workforce, np.array(relative_risk)))


def return_on_investment(
    workforce: Workforce, *, relative_risk: Uncertain, reduction: Uncertain, yearly_cost: float
) -> Return:
    """What a programme returns that lowers burnout by the share ``reduction``, with both uncertainties.

    Both inputs are taken as independent; every pair of their quantiles is computed, so the same input always
    gives the same interval. A reduction below zero (more burnout) counts as a loss. Raises `CostError`.
    """
    if yearly_cost <= 0:
        raise CostError("The yearly cost of a programme is above zero.")
    point = attributable_cost(workforce, relative_risk=relative_risk.estimate)
    costs = _attributable(workforce, relative_risk.quantiles())
    rois = (costs[:, None] * reduction.quantiles()[None, :] - yearly_cost) / yearly_cost
    savings = point * reduction.estimate
    return Return(
        attributable=point,
        savings=savings,
        roi=(savings - yearly_cost) / yearly_cost,
        low=float(np.quantile(rois, 0.025)),
        high=float(np.quantile(rois, 0.975)),
        probability_of_gain=float((rois > 0).mean()),
    )


def _attributable(workforce: Workforce, risk: NDArray[np.float64]) -> NDArray[np.float64]:
    without = workforce.turnover / (1 + workforce.burnout * (risk - 1))
    return np.asarray(workforce.physicians * workforce.replacement_cost * (workforce.turnover - without))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)

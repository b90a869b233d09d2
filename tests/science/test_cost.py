"""Fees to the cent, cost for one participant, and returns with their uncertainty."""

from decimal import Decimal

import numpy as np
import pytest

from confrere.science.cost import (
    CostError,
    Fees,
    Uncertain,
    Workforce,
    attributable_cost,
    fee,
    programme_cost,
    return_on_investment,
)

FEES = Fees(hourly=Decimal(200), training=Decimal(2500))
CLINIC = Workforce(physicians=450, burnout=0.5, turnover=0.075, replacement_cost=500_000)
CERTAIN_RISK = Uncertain(2.0, 2.0, 2.0, ratio=True)


@pytest.mark.parametrize(
    ("minutes", "hourly", "paid"),
    [(90, "200", "300.00"), (60, "200", "200.00"), (1, "200", "3.33"), (0, "200", "0.00"), (1, "0.30", "0.01")],
)
def test_a_fee_is_rounded_half_up_to_the_cent(minutes: int, hourly: str, paid: str) -> None:
    assert fee(minutes, hourly=Decimal(hourly)) == Decimal(paid)


def test_the_full_entitlement_of_kiser() -> None:
    """Six and a half hours at $200 are $1,300; training adds what is shared among participants."""
    sessions = [90, 60, 60, 60, 60, 60] * 52
    cost = programme_cost(sessions, coaches_trained=20, participants=52, fees=FEES)
    assert (cost.coaching, cost.training, cost.total) == (67_600, 50_000, 117_600)
    assert cost.ongoing == Decimal("1300.00")
    assert cost.onboarding == Decimal("2261.54")


def test_impossible_programmes_are_refused() -> None:
    with pytest.raises(CostError, match="not below zero"):
        fee(-1, hourly=Decimal(200))
    with pytest.raises(CostError, match="not below zero"):
        fee(1, hourly=Decimal(-200))
    for coaches, participants in ((1, 0), (-1, 1)):
        with pytest.raises(CostError, match="at least one participant"):
            programme_cost([], coaches_trained=coaches, participants=participants, fees=FEES)


def test_the_published_worksheet() -> None:
    """Shanafelt, Goh and Sinsky 2017: $5.625M a year; a fifth less burnout for $1M returns 12.5 %."""
    assert attributable_cost(CLINIC, relative_risk=2.0) == pytest.approx(5_625_000, rel=1e-12)
    found = return_on_investment(
        CLINIC, relative_risk=CERTAIN_RISK, reduction=Uncertain(0.2, 0.2, 0.2), yearly_cost=1_000_000
    )
    assert found.savings == pytest.approx(1_125_000, rel=1e-12)
    assert found.roi == pytest.approx(0.125, rel=1e-9)
    assert (found.low, found.high) == (pytest.approx(found.roi), pytest.approx(found.roi))
    assert found.probability_of_gain == 1


def test_uncertainty_of_risk_and_effect_is_carried_through() -> None:
    """Against a million random draws of the same distributions."""
    risk, effect = Uncertain(2.1, 1.3, 3.3, ratio=True), Uncertain(0.2, 0.05, 0.35)
    found = return_on_investment(CLINIC, relative_risk=risk, reduction=effect, yearly_cost=1_000_000)
    draw = np.random.default_rng(11)
    risks = 2.1 * np.exp(draw.standard_normal(1_000_000) * np.log(3.3 / 1.3) / (2 * 1.959964))
    effects = 0.2 + draw.standard_normal(1_000_000) * 0.3 / (2 * 1.959964)
    saved = 450 * 500_000 * (0.075 - 0.075 / (1 + 0.5 * (risks - 1))) * effects
    rois = saved / 1_000_000 - 1
    assert found.probability_of_gain == pytest.approx(float((rois > 0).mean()), abs=0.005)
    assert found.low == pytest.approx(float(np.quantile(rois, 0.025)), abs=0.01)
    assert found.high == pytest.approx(float(np.quantile(rois, 0.975)), abs=0.03)
    assert found.low < found.roi < found.high


@pytest.mark.parametrize(
    "workforce",
    [
        Workforce(physicians=-1, burnout=0.5, turnover=0.1, replacement_cost=1),
        Workforce(physicians=1, burnout=50, turnover=0.1, replacement_cost=1),
        Workforce(physicians=1, burnout=0.5, turnover=-0.1, replacement_cost=1),
        Workforce(physicians=1, burnout=0.5, turnover=0.1, replacement_cost=-1),
    ],
)
def test_impossible_workforces_are_refused(workforce: Workforce) -> None:
    with pytest.raises(CostError, match="shares from 0 to 1"):
        attributable_cost(workforce, relative_risk=2)


def test_impossible_returns_are_refused() -> None:
    with pytest.raises(CostError, match="relative risk is above zero"):
        attributable_cost(CLINIC, relative_risk=0)
    with pytest.raises(CostError, match="yearly cost"):
        return_on_investment(CLINIC, relative_risk=CERTAIN_RISK, reduction=Uncertain(0, 0, 0), yearly_cost=0)

"""Power after a baseline, and what a claim takes for granted."""

import math

import numpy as np
import pytest
from scipy import stats

from confrere.science.consistency import needed_correlation, power, power_claim

FIFTY = {"n_first": 50, "n_second": 50}


@pytest.mark.parametrize(("baseline_as", "needed"), [("covariate", 0.47), ("response", 0.61)])
def test_fifty_in_each_arm_need_a_correlation(baseline_as: str, needed: float) -> None:
    found = needed_correlation(
        **FIFTY, effect_sd=0.5, wanted=0.8, baseline_as="covariate" if baseline_as == "covariate" else "response"
    )
    assert abs(found - needed) <= 0.005


def test_edges_of_the_needed_correlation() -> None:
    assert needed_correlation(**FIFTY, effect_sd=1.0, wanted=0.8, baseline_as="covariate") == 0
    assert math.isnan(needed_correlation(**FIFTY, effect_sd=0.01, wanted=0.9, baseline_as="covariate"))


def test_power_agrees_with_simulated_trials() -> None:
    draw = np.random.default_rng(3)
    change = draw.standard_normal((20_000, 2, 50)) * math.sqrt(2 * (1 - 0.6))
    change[:, 0] += 0.5
    p = stats.ttest_ind(change[:, 0], change[:, 1], axis=1).pvalue
    exact = power(**FIFTY, effect_sd=0.5, correlation=0.6, baseline_as="response")
    assert abs(float((p < 0.05).mean()) - exact) <= 4 * math.sqrt(0.25 / 20_000)


def test_a_claim_without_its_correlation_is_found() -> None:
    claim = {**FIFTY, "effect_sd": 0.5, "wanted": 0.8}
    silent = power_claim(**claim, stated_correlation=None, baseline_as="covariate")
    assert silent.verdict == "disagrees"
    assert silent.reason == "Power 80% at 0.5 SD needs a correlation of 0.47; none is stated."
    assert power_claim(**claim, stated_correlation=0.5, baseline_as="covariate").verdict == "agrees"
    assert power_claim(**claim, stated_correlation=0.3, baseline_as="covariate").verdict == "disagrees"

"""Trials analysed one by one: whatever `confrere analyze` can fit."""

import numpy as np
import pytest
from scipy.special import expit

from confrere.analysis.power_alone import _conditional, run_alone, simulate_alone
from confrere.analysis.power_plan import PowerPlan, read_power_plan
from confrere.analysis.power_report import as_text, ask_power
from confrere.science.mixed import ModelError
from confrere.science.power import Analysis, PowerResult, simulate
from confrere.science.power.search import with_effect

CONTINUOUS = """[design]
n_per_arm = 15
mean_changes = { control = 0, intervention = 0.8 }
sd = 1
icc = 0.6
dropout = 0.15
simulations = 40
"""
BINARY = """[[outcomes]]
name = "burned_out"
kind = "binary"
[design]
n_per_arm = 60
proportions = { control = [0.5, 0.5], intervention = [0.5, 0.15] }
logit_sd = 1.5
simulations = 40
"""


def power(plan: PowerPlan) -> PowerResult:
    return plan.simulation(map)(plan.design, plan.truth)


def test_yes_or_no() -> None:
    plan = read_power_plan(BINARY)
    found = power(plan).tests[0]
    assert found.effect == pytest.approx(-0.35)
    assert found.power > 0.8
    assert found.mean_estimate == pytest.approx(-0.35, abs=0.05)
    assert found.coverage >= 0.85


def test_chances_are_averages_over_people() -> None:
    chances = np.array([[0.5, 0.2], [0.5, 0.9]])
    logits = _conditional(chances, 2.0)
    people = np.random.default_rng(1).standard_normal(200_000)
    assert expit(logits[..., None] + 2 * people).mean(axis=-1) == pytest.approx(chances, abs=0.003)
    assert _conditional(chances, 0.0) == pytest.approx(np.log(chances / (1 - chances)))


def test_a_chance_beyond_one_is_refused() -> None:
    plan = read_power_plan(BINARY)
    with pytest.raises(ModelError, match="A chance of yes must lie between 0 and 1"):
        plan.simulation(map)(plan.design, with_effect(plan.truth, 1, 1, 0.6))


def test_one_by_one_and_all_at_once_draw_from_one_distribution() -> None:
    robust = read_power_plan('[model]\nse = "cr2"\n' + CONTINUOUS.replace("= 40", "= 96"))
    found = power(robust).tests[0]
    batch = simulate(robust.design, robust.truth, Analysis(), simulations=4096, seed=1).tests[0]
    assert found.power == pytest.approx(batch.power, abs=0.16)
    assert found.mean_estimate == pytest.approx(0.8, abs=0.1)


def test_coaches_as_a_term_of_the_model() -> None:
    cluster = '[model]\ncluster = { column = "coach", arm = "intervention", rows = "after-baseline" }\n'
    plan = read_power_plan(cluster + CONTINUOUS.replace("= 40", "= 20") + "coaches = 3\ncoach_icc = 0.2\n")
    report = ask_power(plan, curves=[], wanted=None, mapper=map)
    assert report.result.simulations == 20
    assert "Coaches make people" not in as_text(report)


def test_several_follow_ups_with_the_baseline_as_covariate_and_a_factor() -> None:
    plan = read_power_plan(
        '[model]\nbaseline_as = "covariate"\ncovariates = ["gender"]\n'
        + CONTINUOUS.replace("0.15", "[0.1, 0.2]").replace("= 40", "= 20")
        + "waves = 3\nstrata = { gender = { woman = 0.6, man = 0.4 } }\n"
    )
    found = power(plan)
    assert [(one.arm, one.wave) for one in found.tests] == [(1, 1), (1, 2)]
    assert found.tests[1].mean_estimate == pytest.approx(0.8, abs=0.25)


def test_trials_without_an_answer_are_counted() -> None:
    plan = read_power_plan(
        '[model]\nse = "cr2"\n' + CONTINUOUS.replace("n_per_arm = 15", "n_per_arm = 2").replace("0.15", "0.6")
    )
    found = power(plan)
    assert 0 < found.failed <= 40


def test_the_same_numbers_in_any_order() -> None:
    plan = read_power_plan('[model]\nse = "cr2"\n' + CONTINUOUS)
    assert plan.alone is not None

    def backwards(run, blocks):
        return reversed([run(block) for block in reversed(list(blocks))])

    whole = power(plan)
    turned = simulate_alone(plan.alone, simulations=40, seed=1, mapper=backwards)(plan.design, plan.truth)
    assert whole == turned
    assert run_alone.__module__ == "confrere.analysis.power_alone"  # workers import it by this name

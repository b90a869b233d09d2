"""[design]: what is planned, read key by key."""

from pathlib import Path

import pytest

from confrere.analysis import InputError, read_plan
from confrere.analysis.power_plan import read_power_plan, shared_out

LEAST = """[design]
total = 100
mean_changes = -0.5
sd = 1.0
icc = 0.6
"""
SHIPPED = Path(__file__).parents[1] / "data" / "kiser_design.toml"


def test_the_least_that_a_plan_holds() -> None:
    plan = read_power_plan(LEAST)
    assert (plan.arms, plan.waves) == (("control", "intervention"), ("baseline", "follow-up"))
    assert (plan.design.arms, plan.design.waves, plan.design.dropout) == ((50, 50), 2, ((0.0,), (0.0,)))
    assert (plan.truth.means, plan.truth.covariance) == (((0.0, 0.0), (0.0, -0.5)), ((1.0, 0.6), (0.6, 1.0)))
    assert (plan.analysis.df, plan.analysis.alpha, plan.simulations, plan.seed) == ("kenward-roger", 0.05, 10_000, 1)
    assert (plan.arm, plan.wave) == (1, 1)


def test_the_shipped_plan_of_kiser() -> None:
    plan = read_power_plan(SHIPPED.read_text(encoding="utf-8"))
    assert plan.design.arms == (71, 67)
    assert plan.truth.effect(1, 1) == pytest.approx(-0.80)
    assert plan.design.dropout == ((0.11,), (0.3,))


def test_everything_set() -> None:
    plan = read_power_plan("""
[arms]
control = "waiting"
interventions = ["CBT", "FT"]
[waves]
baseline = "m0"
order = ["m0", "m3", "m6"]
[model]
covariates = ["sex"]
covariance = "unstructured"
baseline_as = "constrained"
level = 0.9
[design]
total = 90
ratio = [1, 1, 2]
baseline_mean = 4
mean_changes = { CBT = [-1, -0.5], FT = -2 }
sd = [1, 2, 2]
correlations = [[1, 0.5, 0.2], [0.5, 1, 0.5], [0.2, 0.5, 1]]
dropout = { waiting = 0.1, CBT = [0.1, 0.2] }
strata = { sex = { woman = 0.7, man = 0.3 } }
coaches = 6
coach_icc = 0.1
simulations = 500
seed = 7
arm = "FT"
wave = "m3"
[[outcomes]]
name = "first"
[[outcomes]]
name = "main"
role = "primary"
covariance = "ar1"
""")
    assert plan.design.arms == (23, 22, 45)
    assert plan.design.dropout == ((0.1, 0.1), (0.1, 0.2), (0.0, 0.0))
    assert plan.truth.means == ((4.0, 4.0, 4.0), (4.0, 3.0, 3.5), (4.0, 2.0, 2.0))
    assert plan.truth.covariance[0] == (1.0, 1.0, 0.4)
    assert plan.truth.coach_sd == pytest.approx((4 / 9) ** 0.5)
    assert (plan.design.factors, plan.design.coaches) == (((0.7, 0.3),), 6)
    assert (plan.analysis.covariance, plan.analysis.alpha) == ("ar1", 0.1)
    assert (plan.arm, plan.wave, plan.simulations, plan.seed) == (2, 1, 500, 7)


def test_number_of_waves_without_names() -> None:
    plan = read_power_plan(LEAST + "waves = 4\n")
    assert plan.waves == ("baseline", "follow-up 1", "follow-up 2", "follow-up 3")
    assert plan.truth.effect(1, 3) == -0.5


def test_an_analysis_ignores_the_design() -> None:
    text = (Path(__file__).parents[1] / "data" / "kiser_sim.toml").read_text(encoding="utf-8")
    assert read_plan(text + LEAST).outcomes == read_plan(text).outcomes


def test_people_go_by_the_largest_remainder() -> None:
    assert shared_out(10, (1.0, 2.0)) == (3, 7)
    assert shared_out(101, (1.0, 1.0)) == (51, 50)


BINARY = """[[outcomes]]
name = "burned_out"
kind = "binary"
[design]
n_per_arm = 40
proportions = { control = [0.5, 0.5], intervention = [0.5, 0.3] }
"""
NO_MATRIX = (
    "line 5: [design] correlations: a correlation matrix is expected: symmetric, ones on the diagonal, "
    "positive definite."
)
REFUSED = [
    ("x = 1\n", "the plan has no [design]; it says how many people, which changes, SD and dropout."),
    ("[design", "the plan is not valid TOML: Expected ']' at the end of a table declaration (at end of document)."),
    (LEAST + "sdd = 1\n", "line 6: [design] sdd: there is no such key. Did you mean sd?"),
    (LEAST.replace("total = 100\n", ""), "[design] n_per_arm: either n_per_arm or total is needed."),
    (LEAST + "n_per_arm = 4\n", "line 6: [design] n_per_arm: either n_per_arm or total is needed."),
    (LEAST.replace("total = 100", "total = 3"), "line 2: [design] total: a whole number from 4 to 100000 is expected."),
    (
        LEAST.replace("total = 100", "total = 50.5"),
        "line 2: [design] total: a whole number from 4 to 100000 is expected.",
    ),
    (
        LEAST.replace("total = 100", "n_per_arm = { control = 9 }"),
        "[design.n_per_arm] intervention: a whole number from 2 to 100000 is expected.",
    ),
    (
        LEAST.replace("total = 100", "n_per_arm = { control = 9, coaching = 9, intervention = 9 }"),
        "line 2: [design.n_per_arm] coaching: there is no such key. Known are control, intervention.",
    ),
    (
        LEAST.replace("total = 100", "n_per_arm = 9\nratio = [1, 1]"),
        "line 3: [design] ratio: a ratio goes with total, not with n_per_arm.",
    ),
    (
        LEAST + "ratio = [1]\n",
        "line 6: [design] ratio: a number above zero is expected for each of control, intervention.",
    ),
    (
        LEAST + "ratio = [1, 0]\n",
        "line 6: [design] ratio: a number above zero is expected for each of control, intervention.",
    ),
    (LEAST.replace("mean_changes = -0.5\n", ""), "[design] mean_changes: a number is needed."),
    (LEAST.replace("-0.5", "[1, 2]"), "line 3: [design] mean_changes: 1 numbers are expected, one for each wave."),
    (
        LEAST.replace("-0.5", "{ coaching = 1 }"),
        "line 3: [design.mean_changes] coaching: there is no such key. Known are control, intervention.",
    ),
    (LEAST.replace("sd = 1.0", "sd = 0"), "line 4: [design] sd: a number above zero is expected."),
    (LEAST.replace("icc = 0.6\n", ""), "[design] icc: either icc or correlations is needed."),
    (LEAST.replace("icc = 0.6", "icc = 1"), "line 5: [design] icc: a correlation from 0 to below 1 is expected."),
    (
        LEAST.replace("icc = 0.6", "correlations = 3"),
        "line 5: [design] correlations: a list of lists of numbers is expected here.",
    ),
    (
        LEAST.replace("icc = 0.6", "correlations = [[1, 0.5]]"),
        "line 5: [design] correlations: 2 rows of 2 numbers are expected.",
    ),
    (
        LEAST.replace("icc = 0.6", 'correlations = [["a"], [1]]'),
        "[design] correlations: a list of numbers is expected here.",
    ),
    (
        LEAST.replace("icc = 0.6", "correlations = [[1, 2], [2, 1]]"),
        NO_MATRIX,
    ),
    (
        LEAST + "dropout = 1.0\n",
        (
            "line 6: [design] dropout: the share of people gone by each later wave is expected, from 0 to below 1 and "
            "never falling."
        ),
    ),
    (LEAST + "alpha = 0.9\n", "line 6: [design] alpha: a number between 0 and 0.5 is expected, such as 0.05."),
    (LEAST + "waves = 1\n", "line 6: [design] waves: a whole number from 2 to 5 is expected."),
    (LEAST + "simulations = 0\n", "line 6: [design] simulations: a whole number from 1 to 10000000 is expected."),
    (LEAST + 'wave = "baseline"\n', 'line 6: [design] wave: "baseline" is not known here. Known are follow-up.'),
    (LEAST + "coaches = 5\n", "[design] coach_icc: coaches and coach_icc, from 0 to below 1, go together."),
    (
        LEAST + "strata = { sex = { w = 0.5, m = 0.5 } }\n",
        "line 6: [design] strata: sex is no covariate of the model; a factor that it ignores changes nothing.",
    ),
    (
        '[model]\ncovariates = ["sex"]\n' + LEAST,
        "[design] strata: the shares of the levels of the covariate sex are needed.",
    ),
    (
        '[model]\ncovariates = ["sex"]\n' + LEAST + "strata = { sex = { w = 1 } }\n",
        "line 8: [design] strata: sex: a share for each of two levels or more is expected.",
    ),
    (
        '[model]\ncovariates = ["sex"]\n' + LEAST + "strata = { sex = { w = 1, m = 1 } }\n",
        "line 8: [design] strata: sex: the shares must add to 1.",
    ),
    (
        '[waves]\nbaseline = "a"\norder = ["a", "b", "c"]\n' + LEAST + "waves = 2\n",
        "line 9: [design] waves: [waves] order lists 3.",
    ),
    ('[waves]\nbaseline = "0"\n[model]\ntime = "linear"\n' + LEAST, "power needs the waves in [waves] order."),
    (
        '[waves]\nbaseline = "0"\norder = ["0", "later"]\n[model]\ntime = "linear"\n' + LEAST,
        '[design]: where time is linear, [waves] order lists rising numbers, such as "0", "3", "12".',
    ),
    (
        '[model]\ncluster = { column = "coach", arm = "intervention" }\n' + LEAST,
        "[design] coaches: the model has coaches as a term; say how many.",
    ),
    (BINARY, "[design] logit_sd: the SD between people on the logit scale is needed, from 0."),
    (BINARY + "logit_sd = 1\nsd = 1\n", "line 8: [design] sd: there is no such key. Did you mean seed?"),
    (
        BINARY.replace("0.5, 0.3", "0.5, 1") + "logit_sd = 1\n",
        "line 6: [design] proportions: chances between 0 and 1 are expected, with one baseline for all arms.",
    ),
    (
        BINARY.replace("0.5, 0.3", "0.4, 0.3") + "logit_sd = 1\n",
        "line 6: [design] proportions: chances between 0 and 1 are expected, with one baseline for all arms.",
    ),
    (
        LEAST.replace("icc = 0.6", "correlations = [[1, 0.99999999999], [0.99999999999, 1]]"),
        NO_MATRIX,
    ),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_wrong_plans_are_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_power_plan(text)
    assert str(caught.value) == sentence


def test_time_as_a_number() -> None:
    waves = '[waves]\nbaseline = "0"\norder = ["0", "3", "12"]\n[model]\ntime = "linear"\n'
    line = LEAST.replace("-0.5", "[-0.25, -1]") + "simulations = 64\n"
    found = read_power_plan(waves + line)
    assert found.analysis.times == (0.0, 3.0, 12.0)
    assert found.alone is None
    tested = found.simulation(map)(found.design, found.truth).at(arm=1, wave=2)
    assert tested.mean_estimate == pytest.approx(-1, abs=0.1)
    covariate = read_power_plan(waves + 'baseline_as = "covariate"\n' + line.replace("= 64", "= 2"))
    assert covariate.alone is not None
    tested = covariate.simulation(map)(covariate.design, covariate.truth).at(arm=1, wave=2)
    assert tested.mean_estimate == pytest.approx(-1, abs=0.7)

"""Imputation against R's mice and closed-form limits (validation/estimands/imputation.R)."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from confrere.science.imputation import impute, is_monotone, jump_to_reference, pool, stream
from confrere.science.imputation.regression import draw_logistic, draw_normal
from confrere.science.mixed import ModelError

DATA = Path(__file__).parents[1] / "data" / "estimands"
THEIRS = json.loads((DATA / "imputation.json").read_text())
WAVES = ("baseline", "month3", "month6", "month12")


def wide(arm: str) -> tuple[np.ndarray, np.ndarray]:
    """Answers (P, 4) and covariates (P, 2) of one arm."""
    answers: dict[str, list[float]] = {}
    covariates: dict[str, list[float]] = {}
    with (DATA / "coaches.csv").open() as file:
        for row in csv.DictReader(file):
            if row["arm"] == arm:
                covariates[row["id"]] = [float(row["gender"] == "man"), float(row["years"])]
                known = answers.setdefault(row["id"], [np.nan] * 4)
                known[WAVES.index(row["wave"])] = float(row["burnout"] or "nan")
    return np.array(list(answers.values())), np.array(list(covariates.values()))


@pytest.mark.parametrize("case", THEIRS["pooled"], ids=lambda case: str(case["dfcom"]))
def test_rubins_rules(case: dict[str, float]) -> None:
    found = pool(np.array(THEIRS["q"]), np.array(THEIRS["u"]), df=case["dfcom"])
    assert found.value.estimate == pytest.approx(case["estimate"])
    assert found.value.se**2 == pytest.approx(case["total"])
    assert found.value.df == pytest.approx(case["df"], rel=1e-6)
    assert found.missing_information == pytest.approx(case["fmi"], rel=1e-6)


def test_rubins_rules_with_normal_quantiles_and_without_anything_missing() -> None:
    known = pool(np.array(THEIRS["q"]), np.array(THEIRS["u"]), df=float("inf"))
    assert known.value.df == pytest.approx(THEIRS["pooled"][2]["df"], rel=1e-6)
    same = pool(np.array([1.0, 1.0]), np.array([0.25, 0.25]), df=30)
    assert (same.value.se, same.value.df, same.missing_information) == (0.5, 30, 0.0)


@pytest.mark.parametrize("case", THEIRS["chained"], ids=lambda case: case["arm"])
def test_chained_equations_reach_the_means_of_mice(case: dict[str, list[float]]) -> None:
    """Within four Monte-Carlo standard errors of 60 imputations against 400."""
    values, covariates = wide(str(case["arm"]))
    means = np.array([impute(stream(1, 0, k), values, covariates, kind="continuous").mean(axis=0) for k in range(60)])
    spread = np.array(case["sd"])
    far = 4 * spread * np.sqrt(1 / 60 + 1 / 400) + 1e-9
    assert np.all(np.abs(means.mean(axis=0) - np.array(case["mean"])) <= far)
    assert np.all(np.abs(means.std(axis=0) - spread) <= 0.4 * spread + 1e-9)


def test_two_waves_reach_the_maximum_likelihood_mean() -> None:
    values, covariates = wide("coaching")
    drawn = [impute(stream(2, 0, k), values[:, :2], covariates, kind="continuous")[:, 1].mean() for k in range(400)]
    assert np.mean(drawn) == pytest.approx(THEIRS["ml_two_waves"], abs=4 * np.std(drawn) / 20)


def test_jump_to_reference_reaches_its_closed_form() -> None:
    values, covariates = wide("coaching")
    reference, theirs = wide("delayed")
    drawn = [
        jump_to_reference(
            stream(2, 0, k), values[:, :2], covariates, reference=reference[:, :2], reference_covariates=theirs
        )[0][:, 1].mean()
        for k in range(400)
    ]
    assert np.mean(drawn) == pytest.approx(THEIRS["jump_two_waves"], abs=4 * np.std(drawn) / 20)
    assert THEIRS["jump_two_waves"] > THEIRS["ml_two_waves"] + 0.1


def test_jump_to_reference_keeps_what_was_seen() -> None:
    values, covariates = wide("coaching")
    reference, theirs = wide("delayed")
    one, other = jump_to_reference(stream(1, 0), values, covariates, reference=reference, reference_covariates=theirs)
    for before, after in ((values, one), (reference, other)):
        assert not np.isnan(after).any()
        assert np.array_equal(after[~np.isnan(before)], before[~np.isnan(before)])
    everybody_left = values.copy()
    everybody_left[:, 2:] = np.nan
    gone, _ = jump_to_reference(
        stream(1, 0), everybody_left, covariates, reference=reference, reference_covariates=theirs
    )
    assert gone[:, 3].mean() == pytest.approx(np.nanmean(reference[:, 3]), abs=0.6)
    never = reference.copy()
    never[:, 3] = np.nan
    left, _ = jump_to_reference(stream(1, 0), values, covariates, reference=never, reference_covariates=theirs)
    assert np.array_equal(np.isnan(left[:, 3]), np.isnan(values[:, 3]))


def test_the_same_seed_gives_the_same_numbers_and_each_imputation_its_own() -> None:
    values, covariates = wide("group")
    drawn = [impute(stream(1, 2, k), values, covariates, kind="continuous") for k in (0, 1, 0)]
    assert np.array_equal(drawn[0], drawn[2])
    assert not np.array_equal(drawn[0], drawn[1])


def test_binary_answers() -> None:
    """The share of ones among those filled in follows the predictor that decides nearly everything."""
    rng = stream(5, 0)
    group = (np.arange(400) % 2).astype(float)
    yes = (rng.random(400) < np.where(group == 1, 0.8, 0.3)).astype(float)
    values = np.column_stack([np.ones(400), yes])
    values[::5, 1] = np.nan
    filled = impute(rng, values, group[:, None], kind="binary")
    drawn = filled[::5, 1]
    assert set(np.unique(drawn)) <= {0.0, 1.0}
    assert drawn[group[::5] == 1].mean() == pytest.approx(0.8, abs=0.2)
    assert drawn[group[::5] == 0].mean() == pytest.approx(0.3, abs=0.2)


def test_a_predictor_that_decides_has_finite_coefficients() -> None:
    x = np.column_stack([np.ones(20), np.repeat([0.0, 1.0], 10)])
    draws = [draw_logistic(stream(1, k), x, np.repeat([0.0, 1.0], 10)).coefficients for k in range(50)]
    assert np.abs(draws).max() < 30
    assert np.mean([draw[1] for draw in draws]) > 2
    constant = draw_logistic(stream(1, 0), np.ones((20, 1)), np.repeat([0.0, 1.0], 10))
    assert abs(float(constant.coefficients[0])) < 3


def test_draws_of_a_regression_spread_as_their_posterior() -> None:
    rng = stream(3, 0)
    x = np.column_stack([np.ones(60), rng.normal(size=60)])
    y = x @ np.array([1.0, 2.0]) + rng.normal(size=60)
    draws = np.array([draw_normal(stream(3, 1, k), x, y).coefficients for k in range(2000)])
    beta = np.linalg.lstsq(x, y)[0]
    rest = y - x @ beta
    spread = np.linalg.inv(x.T @ x) * float(rest @ rest) / (60 - 2 - 2)  # chi-square's mean of the inverse
    assert draws.mean(axis=0) == pytest.approx(beta, abs=0.02)
    assert np.cov(draws.T) == pytest.approx(spread, rel=0.1, abs=1e-3)


def test_predictors_that_say_the_same() -> None:
    x = np.column_stack([np.ones(12), np.arange(12.0), 2 * np.arange(12.0)])
    y = 3 + 0.5 * np.arange(12.0) + np.array([0.01, -0.01] * 6)
    assert x @ draw_normal(stream(1, 0), x, y).coefficients == pytest.approx(y, abs=0.1)


def test_too_few_answers() -> None:
    x = np.column_stack([np.ones(3), [0.0, 1.0, 2.0]])
    with pytest.raises(ModelError, match="3 answers to impute from, and the model needs 4"):
        draw_normal(stream(1, 0), x, np.array([1.0, 2.0, 4.0]))
    with pytest.raises(ModelError, match="3 answers to impute from, and the model needs 4"):
        draw_logistic(stream(1, 0), x, np.array([1.0, 0.0, 1.0]))


def test_patterns() -> None:
    nan = np.nan
    assert is_monotone(np.array([[1, 2, 3], [1, 2, nan], [1, nan, nan]]))
    assert not is_monotone(np.array([[1, nan, 3], [1, 2, nan]]))
    assert is_monotone(np.array([[1, nan, 3], [1, nan, nan]]))
    values, none = np.array([[1.0, nan], [2.0, nan], [1.5, nan]]), np.empty((3, 0))
    assert np.isnan(impute(stream(1, 0), values, none, kind="continuous")[:, 1]).all()
    holes = np.array([[1.0, nan, nan, 2.0], *([float(i), float(i % 3), nan, 1.0 * (i % 4)] for i in range(12))])
    holes[:, 2] = nan
    filled = impute(stream(1, 0), holes, np.empty((13, 0)), kind="continuous")
    assert np.isnan(filled).any(axis=0).tolist() == [False, False, True, False]

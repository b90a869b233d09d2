"""The search for the one variance ratio, and contrasts by the dozen."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.science.mixed.datasets import data_set

from confrere.science.mixed import (
    METHODS,
    Inference,
    Method,
    ModelError,
    empirical,
    fit_strata,
    make_design,
    random_intercept,
)
from confrere.science.mixed import profile as module
from confrere.science.mixed.kenward_roger import Scaling, joint_scaling

FALLING: list[tuple[Callable[[float], float], float]] = [
    (lambda r: 0.3 - r, 0.3),
    (lambda r: 1.0 if r < 0.7 else -1.0, 0.7),  # a step: weights alone must close in
    (lambda r: -math.atan(1e6 * (r - 0.123456)), 0.123456),
    (lambda r: 1e-300 * (0.5 - r) ** 3, 0.5),
    (lambda r: math.exp(-40 * r) - 1e-9, math.log(1e9) / 40),
]


@pytest.mark.parametrize(("slope", "where"), FALLING)
def test_the_root_is_found_inside_the_bracket(slope: Callable[[float], float], where: float) -> None:
    assert module.root(slope, 0.0, 1.0, slope(0.0), slope(1.0)) == pytest.approx(where, abs=1e-4)


def test_the_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_STEPS", 1)
    assert module.root(lambda r: 0.3 - r**2, 0.0, 1.0, 0.3, -0.7) == pytest.approx(0.3)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("robust", [False, True])
def test_many_contrasts_at_once_are_each_alone(method: Method, robust: bool) -> None:
    data = data_set("kiser_sim")
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    found = empirical(fit, data.outcome, data.cluster, kind="cr2") if robust else None
    inference = Inference(fit, method=method, empirical=found)
    rows = np.vstack([np.eye(7), [[0, 0, 1, 0, 0, 0, 1]]])
    terms = (*data.terms, "arm:time")
    many = inference.contrasts(rows, terms=terms)
    for one, row, term in zip(many, rows, terms, strict=True):
        alone = inference.contrast(row, term=term)
        assert (one.estimate, one.se, one.df, one.p) == pytest.approx(
            (alone.estimate, alone.se, alone.df, alone.p), rel=1e-9
        )


def test_a_variance_that_an_adjustment_made_negative() -> None:
    """SAS warns that Kenward-Roger's second-order term can make the covariance indefinite; nothing is printed then."""
    data = data_set("kiser_sim")
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    bent = replace(fit, curvature=lambda _: -1e9 * np.eye(7))
    with pytest.raises(ModelError, match="The kenward-roger variance of an estimate is not positive"):
        Inference(bent).coefficient(1)
    found = replace(empirical(fit, data.outcome, data.cluster, kind="cr0"), covariance=np.zeros((7, 7)))
    with pytest.raises(ModelError, match="The cr0 variance of an estimate is not positive"):
        Inference(fit, method="residual", empirical=found).coefficient(1)


@pytest.mark.parametrize(("rows", "unknown"), [([1, 2], 1e3), ([1, 6], 1e5)])
def test_variances_known_too_little_for_a_joint_test(rows: list[int], unknown: float) -> None:
    data = data_set("kiser_sim")
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    contrasts = data.design.project(np.eye(7)[rows])
    with pytest.raises(ModelError, match="known too little for a joint test"):
        joint_scaling(fit, np.linalg.inv(fit.expected) * unknown, contrasts)


def test_a_joint_test_with_two_df() -> None:
    """The factor is 0 / 0 there; pbkrtest takes one within a hundredth of two."""
    data = data_set("kiser_sim")
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)
    contrasts = data.design.project(np.eye(7)[[2]])
    spread = np.linalg.inv(fit.expected)
    df = joint_scaling(fit, spread, contrasts).df
    assert joint_scaling(fit, spread * df / 2, contrasts) == Scaling(1.0, pytest.approx(2.0))


def test_one_residual_for_two_variances() -> None:
    person, x = np.array([0, 0, 1, 1]), np.array([0.0, 1.0, 0.0, 1.5])
    matrix = np.column_stack([np.ones(4), x, person])
    design = make_design(matrix, ("(Intercept)", "x", "late"), ("(Intercept)", "x", "late"))
    strata = random_intercept(design, np.array([1.0, 2.0, 4.0, 3.0]), person)
    with pytest.raises(ModelError, match="There are 4 observations for 3 coefficients and two variances"):
        fit_strata(strata, design)

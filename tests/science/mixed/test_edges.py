"""Rank, boundary, and data that no mixed model can be fitted to."""

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import (
    METHODS,
    Design,
    Fit,
    Inference,
    ModelError,
    fieller,
    fit_strata,
    independent,
    make_design,
    random_intercept,
)
from confrere.science.mixed.partition import Counting, counted_df

# Six people: three of an arm, two of them seen twice.
ARM = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], float)
TIME = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], float)
PERSON = np.repeat(np.arange(6), 2)
SCORE = np.array([3, 4, 5, 5.5, 2, 2.2, 4, 2, 6, 3.1, 3, 2.5], float)
NAMES = ("(Intercept)", "arm", "time", "arm:time")


def matrix() -> NDArray[np.float64]:
    return np.column_stack([np.ones(12), ARM, TIME, ARM * TIME])


def fitted(columns: NDArray[np.float64], names: tuple[str, ...], outcome: NDArray[np.float64] = SCORE) -> Fit:
    design = make_design(columns, names, names)
    return fit_strata(random_intercept(design, outcome, PERSON), design)


def test_row_order_does_not_matter() -> None:
    order = np.random.default_rng(7).permutation(12)
    design = make_design(matrix()[order], NAMES, NAMES)
    shuffled = fit_strata(random_intercept(design, SCORE[order], PERSON[order]), design)
    assert shuffled.beta == pytest.approx(fitted(matrix(), NAMES).beta, rel=1e-12)
    assert shuffled.theta == pytest.approx(fitted(matrix(), NAMES).theta, rel=1e-9)


def test_a_column_that_adds_nothing_is_dropped_and_named() -> None:
    columns = np.column_stack([matrix(), 2 - ARM])
    fit = fitted(columns, (*NAMES, "again"))
    assert fit.design.dropped == ("again",)
    assert fit.beta[:4] == pytest.approx(fitted(matrix(), NAMES).beta, rel=1e-9)
    assert np.isnan(fit.beta[4])
    inference = Inference(fit)
    assert not fit.design.estimable(np.array([0, 1.0, 0, 0, 0]))
    assert fit.design.estimable(np.array([0, 0, 0, 1.0, 0]))
    with pytest.raises(ModelError, match="it rests on a dropped column"):
        inference.contrast(np.array([0, 1.0, 0, 0, 0]), term="arm")


def test_a_column_of_zeros_is_dropped() -> None:
    assert make_design(np.column_stack([matrix(), np.zeros(12)]), (*NAMES, "none"), (*NAMES, "none")).dropped == (
        "none",
    )


def test_fewer_observations_than_columns() -> None:
    with pytest.raises(ModelError, match="There are 3 observations for 3 coefficients"):
        make_design(np.eye(3), ("a", "b", "c"), ("a", "b", "c"))


def test_nobody_seen_twice() -> None:
    design = make_design(np.ones((6, 1)), ("(Intercept)",), ("(Intercept)",))
    with pytest.raises(ModelError, match="one observation only"):
        random_intercept(design, SCORE[:6], np.arange(6))


@pytest.mark.parametrize("outcome", [np.full(12, 3.0), 1 + ARM, np.zeros(12)])
def test_an_outcome_that_the_model_explains_wholly(outcome: NDArray[np.float64]) -> None:
    design = make_design(matrix(), NAMES, NAMES)
    with pytest.raises(ModelError, match="no variation left"):
        random_intercept(design, outcome, PERSON)


def test_everybody_always_answers_the_same() -> None:
    outcome = np.repeat([3.0, 4, 5, 2, 6, 1], 2)
    with pytest.raises(ModelError, match="does not vary within participants"):
        fitted(matrix(), NAMES, outcome)


def test_people_who_do_not_differ_put_the_variance_on_its_boundary() -> None:
    outcome = np.array([3, 4, 4, 3, 3, 4, 4, 3, 3, 4, 3, 3.5])
    fit = fitted(np.ones((12, 1)), ("(Intercept)",), outcome)
    assert (fit.theta[0], fit.free.tolist()) == (0.0, [False, True])
    for method in ("satterthwaite", "kenward-roger"):
        answer = Inference(fit, method=method).contrast(np.ones(1), term="(Intercept)")  # type: ignore[arg-type]
        assert answer.df == pytest.approx(11, rel=1e-12)
        assert answer.se == pytest.approx(float(np.std(outcome, ddof=1) / np.sqrt(12)), rel=1e-12)
    assert Inference(fit, method="kenward-roger-expected").contrast(np.ones(1), term="x").df == pytest.approx(5)


def test_without_a_random_effect_it_is_least_squares() -> None:
    design = make_design(matrix(), NAMES, NAMES)
    fit = fit_strata(independent(design, SCORE), design)
    expected, squares, *_ = np.linalg.lstsq(matrix(), SCORE)
    assert fit.beta == pytest.approx(expected, rel=1e-12)
    assert fit.theta == pytest.approx(squares / 8, rel=1e-12)
    assert Inference(fit, method="between-within").contrast(np.eye(4)[1], term="arm").df == 8
    assert Inference(fit).contrast(np.eye(4)[1], term="arm").df == pytest.approx(8, rel=1e-12)
    for method in METHODS:
        assert Inference(fit, method=method).joint(np.eye(4)[1:], term="arm").denominator_df == pytest.approx(8)
    full = fit_strata(independent(design, SCORE), design, "ml")
    assert full.theta == pytest.approx(squares / 12, rel=1e-12)


def test_kenward_roger_is_refused_for_ml() -> None:
    design = make_design(matrix(), NAMES, NAMES)
    fit = fit_strata(random_intercept(design, SCORE, PERSON), design, "ml")
    with pytest.raises(ModelError, match="Kenward-Roger is defined for REML"):
        Inference(fit)
    assert Inference(fit, method="satterthwaite").contrast(np.eye(4)[3], term="arm:time").df > 4


# 12 rows, 6 people, 4 coefficients of which time and arm:time change within a person.
COUNTED = [
    ("residual", "(Intercept)", 8),
    ("residual", "arm:time", 8),
    ("containment", "(Intercept)", 4),
    ("containment", "arm", 4),
    ("containment", "time", 4),
    ("between-within", "(Intercept)", 4),
    ("between-within", "arm", 4),
    ("between-within", "time", 4),
]


@pytest.mark.parametrize(("method", "term", "df"), COUNTED)
def test_counting(method: Counting, term: str, df: float) -> None:
    assert counted_df(fitted(matrix(), NAMES), term, method) == df


def test_counting_with_more_waves_than_one() -> None:
    """Ten rows of four people: 4 - 2 = 2 between, 10 - 4 - 2 = 4 within (SAS BW; containment likewise)."""
    person = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3])
    time = np.array([0, 1, 2, 0, 1, 2, 0, 1, 0, 2], float)
    arm = np.array([0, 0, 0, 1, 1, 1, 0, 0, 1, 1], float)
    design = make_design(np.column_stack([np.ones(10), arm, time, arm * time]), NAMES, NAMES)
    fit = fit_strata(random_intercept(design, np.array([1, 2, 4, 2, 2, 3, 0, 2, 1, 1.5]), person), design)
    assert [counted_df(fit, term, "between-within") for term in NAMES] == [2, 2, 4, 4]
    assert [counted_df(fit, term, "containment") for term in NAMES] == [2, 4, 4, 4]
    joint = Inference(fit, method="between-within").joint(np.eye(4)[2:], term="arm:time")
    assert (joint.numerator_df, joint.denominator_df) == (2, 4)


def test_joint_satterthwaite_of_directions_with_two_df_or_fewer() -> None:
    """Three people: between directions have 2 df or fewer, so the whole test gets 2, as lmerTest does."""
    person = np.repeat(np.arange(3), 4)
    z = np.repeat([0.0, 1.0, 3.0], 4)
    columns = np.column_stack([np.ones(12), z, np.tile([0, 0, 1.0, 1], 3)])
    design = make_design(columns, ("(Intercept)", "z", "t"), ("(Intercept)", "z", "t"))
    outcome = np.array([1, 2, 3, 3, 5, 4, 7, 6, 2, 1, 2, 4.0])
    fit = fit_strata(random_intercept(design, outcome, person), design)
    assert Inference(fit, method="satterthwaite").joint(np.eye(3)[1:], term="z").denominator_df == 2


def test_the_score_is_the_derivative_and_the_information_its_slope() -> None:
    from confrere.science.mixed.fit import evaluate

    design = make_design(matrix(), NAMES, NAMES)
    strata = random_intercept(design, SCORE, PERSON)
    theta, step = np.array([0.7, 0.4]), 1e-5
    for estimation in ("reml", "ml"):
        at = evaluate(strata, design, theta, estimation)  # type: ignore[arg-type]  # a literal
        for i in range(2):
            move = np.eye(2)[i] * step
            up = evaluate(strata, design, theta + move, estimation)  # type: ignore[arg-type]
            down = evaluate(strata, design, theta - move, estimation)  # type: ignore[arg-type]
            assert (up.loglik - down.loglik) / (2 * step) == pytest.approx(at.score[i], rel=1e-6)
            assert -(up.score - down.score) / (2 * step) == pytest.approx(at.observed[i], rel=1e-5)


def test_design_keeps_order_and_names() -> None:
    design: Design = make_design(matrix(), NAMES, NAMES)
    assert (design.names, design.kept.tolist(), design.dropped) == (NAMES, [0, 1, 2, 3], ())


FIELLER = [
    # numerator, denominator, their variances, covariance, quantile, limits
    (-1.0, 4.0, 0.04, 0.0, 0.0, 2.0, (-0.35, -0.15)),
    (2.0, 4.0, 0.0, 0.04, 0.0, 2.0, (0.4545454545, 0.5555555556)),
    (1.0, 0.3, 0.04, 0.04, 0.0, 2.0, None),
]


@pytest.mark.parametrize(("a", "b", "va", "vb", "c", "q", "limits"), FIELLER)
def test_fieller(
    a: float, b: float, va: float, vb: float, c: float, q: float, limits: tuple[float, float] | None
) -> None:
    found = fieller(
        numerator=a, denominator=b, variance_numerator=va, variance_denominator=vb, covariance=c, quantile=q
    )
    assert found == (limits if limits is None else pytest.approx(limits, rel=1e-9))

"""Logistic random intercept: exact derivatives, the boundary, separation, and models without a best fit."""

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import ModelError, make_design
from confrere.science.mixed import logistic as module
from confrere.science.mixed.logistic import LogisticFit, fit_logistic
from confrere.science.mixed.proportions import Proportions
from confrere.science.mixed.quadrature import Grid
from confrere.science.mixed.separation import decided, separating_direction

RNG = np.random.default_rng(20240412)
PEOPLE, WAVES = 60, 4
PERSON = np.repeat(np.arange(PEOPLE), WAVES)
MATRIX = np.column_stack([np.ones(PEOPLE * WAVES), np.tile(np.arange(WAVES), PEOPLE) / 2])
NAMES = ("(Intercept)", "time")
CHANCE = 1 / (1 + np.exp(-(MATRIX @ [0.3, -0.8] + 1.5 * RNG.standard_normal(PEOPLE)[PERSON])))
ANSWERS = (RNG.random(PERSON.size) < CHANCE).astype(float)


def fitted(outcome: NDArray[np.float64] = ANSWERS) -> LogisticFit:
    return fit_logistic(make_design(MATRIX, NAMES, NAMES), outcome, PERSON)


def test_row_order_does_not_matter() -> None:
    order = np.random.default_rng(3).permutation(PERSON.size)
    design = make_design(MATRIX[order], NAMES, NAMES)
    assert fit_logistic(design, ANSWERS[order], PERSON[order]).beta == pytest.approx(fitted().beta, rel=1e-7)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted()
    monkeypatch.setattr(module, "_BLOCK", 1000)
    assert fitted().loglik == pytest.approx(whole.loglik, rel=1e-13)
    assert fitted().beta == pytest.approx(whole.beta, rel=1e-9)


def test_gradient_and_information_are_derivatives() -> None:
    design = make_design(MATRIX, NAMES, NAMES)
    data = module._Data(design.orthonormal, 2 * ANSWERS - 1, np.bincount(PERSON))
    point, grid, step = np.array([0.5, -2.0, 1.3]), Grid(10.0, 0.25), 1e-5
    here = data.evaluate(point, grid)
    for i in range(3):
        move = np.eye(3)[i] * step
        up, down = data.evaluate(point + move, grid), data.evaluate(point - move, grid)
        assert (up.value - down.value) / (2 * step) == pytest.approx(here.gradient[i], rel=1e-6)
        assert -(up.gradient - down.gradient) / (2 * step) == pytest.approx(here.information[i], rel=1e-5)


@pytest.mark.parametrize("far", [[30.0, -40.0, 6.0], [-60.0, 5.0, 15.0]])
def test_the_search_gets_there_from_far_away(far: list[float]) -> None:
    design = make_design(MATRIX, NAMES, NAMES)
    data = module._Data(design.orthonormal, 2 * ANSWERS - 1, np.bincount(PERSON))
    point, found = module._climb(data, np.array(far), Grid(10.0, 0.25))
    assert found.value == pytest.approx(fitted().loglik, abs=1e-8)
    assert abs(point[-1]) == pytest.approx(fitted().sigma, rel=1e-4)


def test_the_grid_is_refined_until_it_is_exact() -> None:
    """Forty answers of one person make a narrow integrand; a coarse grid would miss it."""
    person = np.repeat(np.arange(12), 40)
    rng = np.random.default_rng(5)
    chance = 1 / (1 + np.exp(-3 * rng.standard_normal(12)[person]))
    outcome = (rng.random(person.size) < chance).astype(float)
    design = make_design(np.ones((person.size, 1)), ("(Intercept)",), ("(Intercept)",))
    fit = fit_logistic(design, outcome, person)
    assert fit.grid.spacing < 0.25
    data = module._Data(design.orthonormal, 2 * outcome - 1, np.bincount(person))
    point = np.append(fit.coefficients, fit.sigma)
    assert data.evaluate(point, Grid(12.0, 0.005)).value == pytest.approx(fit.loglik, abs=1e-8)


def test_the_grid_is_widened_until_the_tails_are_in(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted()
    monkeypatch.setattr(module, "_FIRST_GRID", Grid(3.0, 0.25))
    assert fitted().grid.reach > 6
    assert fitted().loglik == pytest.approx(whole.loglik, abs=1e-9)


def test_people_who_do_not_differ() -> None:
    outcome = np.tile([0.0, 1, 1, 0, 1, 0, 0, 1], PEOPLE // 2)
    fit = fitted(outcome)
    assert fit.sigma == 0
    assert fit.covariance[-1].tolist() == [0, 0, 0]


def test_everybody_always_answers_alike() -> None:
    outcome = np.repeat(np.tile([0.0, 1.0], PEOPLE // 2), WAVES)
    with pytest.raises(ModelError, match="everybody answers alike"):
        fitted(outcome)


def test_separation_that_nobody_looked_for_is_not_a_fit() -> None:
    person = np.array([0, 1, 2, 2])
    design = make_design(np.column_stack([np.ones(4), [0, 1, 0, 1.0]]), NAMES, NAMES)
    with pytest.raises(ModelError, match="likelihood is flat"):
        fit_logistic(design, np.array([1, 0, 1, 0.0]), person)


def test_nobody_seen_twice() -> None:
    with pytest.raises(ModelError, match="one observation only"):
        fit_logistic(make_design(MATRIX, NAMES, NAMES), ANSWERS, np.arange(PERSON.size))


def test_a_search_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_STEPS", 1)
    with pytest.raises(ModelError, match="does not end"):
        fitted()


def test_separation_is_found_and_named() -> None:
    group = np.array([1, 0, 0, 0, 0, 0.0])
    matrix = np.column_stack([np.ones(6), group, [0, 0, 1, 1, 0, 1.0]])
    answers = np.array([1, 0, 1, 0, 1, 1.0])
    direction = separating_direction(matrix, answers)
    assert direction is not None
    assert direction.tolist() == [0, 1, 0]
    assert decided(matrix, direction).tolist() == [True, False, False, False, False, False]
    assert separating_direction(matrix[1:], answers[1:]) is None


def test_proportions_refuse_what_the_data_cannot_tell() -> None:
    doubled = np.column_stack([MATRIX, MATRIX[:, 1]])
    names = (*NAMES, "again")
    asked = Proportions(fit_logistic(make_design(doubled, names, names), ANSWERS, PERSON))
    assert np.isnan(asked.fit.beta[2])
    with pytest.raises(ModelError, match="cannot answer this contrast"):
        asked.odds_ratio(np.array([0, 1.0, 0]))
    with pytest.raises(ModelError, match="cannot answer this mean"):
        asked.marginal(np.array([[1.0, 1.0, 0.0]]), np.zeros(1))


def test_certain_rows_count_as_zero_or_one() -> None:
    asked = Proportions(fitted())
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    plain = asked.marginal(rows[:1], np.zeros(1))
    mixed = asked.marginal(rows, np.array([0.0, 1.0, -1.0]))
    assert mixed.value == pytest.approx((plain.value + 1) / 3)
    whole = asked.estimate(asked.marginal(rows[:1], np.ones(1)))
    assert (whole.estimate, whole.se) == (1.0, 0.0)

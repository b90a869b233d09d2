"""Firth's correction against brglm2 and, with a random intercept, brute force in R: `validation/mixed/firth.R`."""

import json
from typing import Any

import numpy as np
import pytest
from tests.science.mixed.datasets import OURS, column, data_set

from confrere.science.mixed import Design, ModelError, make_design
from confrere.science.mixed import firth as module
from confrere.science.mixed.firth import make_shapes, penalty
from confrere.science.mixed.logistic import LogisticFit, fit_logistic, fit_ordinary
from confrere.science.mixed.quadrature import POINT, Grid
from confrere.science.mixed.separation import decided, separating_direction

THEIRS: dict[str, Any] = json.loads((OURS / "firth.json").read_text())
DATA = data_set("kiser_sim")
HIGH = column("kiser_sim", "burnout_high")


def standard_errors(fit: LogisticFit) -> Any:
    basis = fit.design.basis
    return np.sqrt(np.diag(basis @ fit.covariance[:-1, :-1] @ basis.T))


def without_gender() -> Design:
    keep = [j for j, term in enumerate(DATA.terms) if term != "gender"]
    names, terms = (tuple(which[j] for j in keep) for which in (DATA.names, DATA.terms))
    return make_design(DATA.matrix[:, keep], names, terms)


def test_ordinary_logistic_regression_is_glm() -> None:
    fit, theirs = fit_ordinary(without_gender(), HIGH), THEIRS["plain"]
    assert fit.beta == pytest.approx(theirs["estimate"], rel=1e-9)
    assert standard_errors(fit) == pytest.approx(theirs["se"], rel=1e-7)
    assert fit.loglik == pytest.approx(theirs["loglik"], abs=1e-9)
    assert (fit.sigma, fit.random, fit.n_obs, fit.n_clusters) == (0.0, False, 233, 233)


def test_without_a_random_intercept_it_is_brglm2_under_separation() -> None:
    assert separating_direction(DATA.matrix, HIGH) is not None
    fit, theirs = fit_ordinary(DATA.design, HIGH, firth=True), THEIRS["ordinary"]
    assert fit.beta == pytest.approx(theirs["estimate"], rel=1e-6)
    assert standard_errors(fit) == pytest.approx(theirs["se"], rel=1e-6)
    assert fit.loglik == pytest.approx(theirs["loglik"], abs=1e-6)


def test_with_a_random_intercept_it_is_the_brute_force() -> None:
    """R's optimizer stops near 1e-7."""
    fit, theirs = fit_logistic(DATA.design, HIGH, DATA.cluster, firth=True), THEIRS["random_intercept"]
    assert fit.beta == pytest.approx(theirs["estimate"], rel=1e-5)
    assert fit.sigma == pytest.approx(theirs["sigma"], rel=1e-6)
    assert standard_errors(fit) == pytest.approx(theirs["se"], rel=1e-5)
    assert fit.covariance[-1, -1] ** 0.5 == pytest.approx(theirs["se_sigma"], rel=1e-5)
    assert fit.loglik == pytest.approx(theirs["loglik"], abs=1e-5)


@pytest.mark.parametrize("cells", [2_000_000, 1])
def test_the_gradient_is_the_derivative_in_whatever_portions(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CELLS", cells)
    order = np.argsort(DATA.cluster, kind="stable")
    shapes = make_shapes(DATA.design.orthonormal[order], np.bincount(DATA.cluster))
    point, grid = np.array([0.5, -2.0, 1.0, 0.3, 0.2, 4.0, 1.0, 1.7]), Grid(8.0, 0.25)
    _, gradient, _ = penalty(shapes, point, grid)
    step = 1e-5
    for i, move in enumerate(np.eye(8) * step):
        up, down = penalty(shapes, point + move, grid)[0], penalty(shapes, point - move, grid)[0]
        assert (up - down) / (2 * step) == pytest.approx(gradient[i], rel=1e-6)


def test_the_information_is_the_expectation_of_the_observed_one() -> None:
    """Bartlett: over every answer pattern of two people, weighted with its chance."""
    from confrere.science.mixed.logistic import _Data

    matrix = np.array([[1.0, 0.2], [1, 1.4], [1, -0.3], [1, 0.1], [1, 2.0]])
    sizes, point, grid = np.array([3, 2]), np.array([0.4, -0.7, 1.3]), Grid(8.0, 0.25)
    whole = np.zeros((2, 2))
    for pattern in range(32):
        sign = 2.0 * (pattern >> np.arange(5) & 1) - 1.0
        found = _Data(matrix, sign, sizes).likelihood(point, grid)
        whole += np.exp(found.value) * found.information[:2, :2]
    value, *_ = module._half_log_information(make_shapes(matrix, sizes), point, grid)
    assert value == pytest.approx(0.5 * np.linalg.slogdet(whole)[1], rel=1e-10)


def test_separation_of_an_ordinary_model_is_not_a_fit() -> None:
    names = ("(Intercept)", "x")
    design = make_design(np.column_stack([np.ones(6), [0, 1, 2, 3, 4, 5.0]]), names, names)
    answers = np.array([0, 0, 0, 1, 1, 1.0])
    with pytest.raises(ModelError, match="likelihood is flat"):
        fit_ordinary(design, answers)
    assert fit_ordinary(design, answers, firth=True).beta[1] == pytest.approx(1.09, abs=0.5)


def test_many_answers_of_one_person_are_refused() -> None:
    person = np.repeat(np.arange(4), 11)
    design = make_design(np.ones((44, 1)), ("(Intercept)",), ("(Intercept)",))
    with pytest.raises(ModelError, match="at most 10 answers"):
        fit_logistic(design, np.tile([0.0, 1.0], 22), person, firth=True)


def test_one_node_weighs_one() -> None:
    assert (POINT.nodes.tolist(), POINT.log_weights.tolist()) == ([0.0], [0.0])


SEPARATED = [
    # a number on any scale and from any origin, and where it separates
    ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1], True),
    ([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], False),
    ([1, 2, 3, 3, 5, 6], [0, 0, 0, 1, 1, 1], True),  # quasi-complete: two answers at 3
    ([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4, 1e6 + 5], [0, 0, 0, 1, 1, 1], True),
    ([1e-8, 2e-8, 3e-8, 4e-8, 5e-8, 6e-8], [1, 1, 0, 0, 0, 0], True),
    ([1e8, 2e8, 3e8, 4e8, 5e8, 6e8], [1, 0, 1, 0, 0, 0], False),
    ([1, 1, 1, 1, 1, 2], [0, 1, 0, 1, 1, 1], True),  # one person alone
    ([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], True),  # everybody alike
]


@pytest.mark.parametrize(("x", "y", "separated"), SEPARATED)
@pytest.mark.parametrize("again", [False, True])
def test_separation_is_found_whatever_the_scale(x: list[float], y: list[float], separated: bool, again: bool) -> None:
    """A column that says the same as earlier ones changes nothing and has no part in the direction."""
    numbers, answers = np.array(x, float), np.array(y, float)
    matrix = np.column_stack([np.ones(6), numbers, *([numbers * 2 + 1] if again else [])])
    direction = separating_direction(matrix, answers)
    assert (direction is not None) == separated
    if direction is not None:
        moved = (2 * answers - 1) * (matrix @ direction)
        assert moved.min() >= -1e-6 * moved.max()
        assert decided(matrix, direction).any()
        assert again is False or direction[2] == 0


def test_separation_without_an_intercept() -> None:
    matrix = np.array([[1.0, 0], [2, 0], [0, 1], [0, 2]])
    direction = separating_direction(matrix, np.array([1.0, 1, 1, 0]))
    assert direction is not None
    assert direction.tolist() == [1, 0]


def test_one_person_alone_in_each_cell_of_a_factor() -> None:
    """Half an answer to each side: with one yes of one the penalized chance is 1.5 / 2; plain steps never end."""
    cells = np.repeat(np.arange(6), [1, 1, 1, 8, 8, 8])
    answers = np.array([1.0, 0.0, 1.0] + [1, 1, 1, 0, 0, 1, 0, 1] * 3)
    names = tuple(f"cell {cell}" for cell in range(6))
    design = make_design((cells[:, None] == np.arange(6)).astype(float), names, names)
    fit = fit_ordinary(design, answers, firth=True)
    yes, all_ = (np.bincount(cells, weights=weights) for weights in (answers, np.ones(27)))
    assert 1 / (1 + np.exp(-fit.beta)) == pytest.approx((yes + 0.5) / (all_ + 1), rel=1e-7)

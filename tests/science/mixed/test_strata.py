"""Reducing rows to strata: portions, order, sizes and layout change nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import Strata, balanced, fit_strata, independent, make_design, random_intercept
from confrere.science.mixed import design as design_module
from confrere.science.mixed import strata as module
from confrere.science.mixed.design import Design, ModelError

NAMES = ("(Intercept)", "arm", "time", "age")


def rows(sizes: list[int], seed: int = 1) -> tuple[Design, NDArray[np.float64], NDArray[np.intp]]:
    """People with so many rows each, sorted."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(len(sizes)), sizes)
    time = np.concatenate([np.arange(size) for size in sizes]).astype(float)
    age = np.round(rng.normal(46, 9, len(sizes)))[person]
    matrix = np.column_stack([np.ones(person.size), person % 2, time, age])
    outcome = 20 + matrix @ [0, 1, -0.5, 0.1] + rng.standard_normal(len(sizes))[person]
    return make_design(matrix, NAMES, NAMES), outcome + rng.standard_normal(person.size), person


def by_hand(design: Design, outcome: NDArray[np.float64], person: NDArray[np.intp]) -> NDArray[np.float64]:
    """The definition: sums over people of products of deviations, and of sums over the root of the size."""
    table = np.column_stack([design.orthonormal, outcome])
    sizes = np.bincount(person)
    parts = {size: np.zeros((table.shape[1],) * 2) for size in [0, *np.unique(sizes).tolist()]}
    for who, size in enumerate(sizes.tolist()):
        own = table[person == who]
        parts[size] += np.outer(own.sum(axis=0), own.sum(axis=0)) / size
        parts[0] += (own - own.mean(axis=0)).T @ (own - own.mean(axis=0))
    return np.stack(list(parts.values()))


def whole(strata: Strata) -> NDArray[np.float64]:
    """The cross-products of y itself, whatever was taken out of it."""
    turn = np.eye(strata.offset.size + 1)
    turn[:-1, -1] = strata.offset
    return turn.T @ strata.cross @ turn


SIZES = [[2] * 30, [1, 2] * 15, [1, 2, 3, 5] * 8, [20, 19, 18, 17], [40] * 4, [3, 3, 1, 1, 60, 2]]


@pytest.mark.parametrize("portion", [8192, 16, 7, 2])
@pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: f"{sizes[:5]}")
@pytest.mark.parametrize("shuffled", [False, True])
def test_the_strata_are_their_definition(
    sizes: list[int], portion: int, shuffled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PORTION", portion)
    monkeypatch.setattr(design_module, "PORTION", portion)
    design, outcome, person = rows(sizes)
    expected = by_hand(design, outcome, person)
    if shuffled:
        order = np.random.default_rng(2).permutation(person.size)
        design, outcome, person = make_design(design.matrix[order], NAMES, NAMES), outcome[order], person[order]
        turn = np.linalg.inv(rows(sizes)[0].basis) @ design.basis
        both = np.block([[turn, np.zeros((4, 1))], [np.zeros((1, 4)), np.ones((1, 1))]])
        expected = both.T @ expected @ both
    strata = random_intercept(design, outcome, person)
    assert whole(strata) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    counts = [int((np.bincount(person) == size).sum()) for size in np.unique(np.bincount(person))]
    assert strata.count.tolist() == [person.size - len(sizes), *counts]
    assert strata.loading[1:, 0].tolist() == np.unique(sizes).tolist()
    assert strata.n_clusters == len(sizes)


@pytest.mark.parametrize("portion", [8192, 14])
@pytest.mark.parametrize("waves", [2, 3, 5])
def test_a_complete_table_is_read_in_place(waves: int, portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTION", portion)
    design, outcome, person = rows([waves] * 20)
    one, other = balanced(design, outcome, waves), random_intercept(design, outcome, person)
    assert one.cross == pytest.approx(other.cross, rel=1e-9, abs=1e-9)
    assert (one.count.tolist(), one.loading.tolist()) == (other.count.tolist(), other.loading.tolist())
    assert fit_strata(one, design).theta == pytest.approx(fit_strata(other, design).theta, rel=1e-9)


def test_a_table_of_one_wave_has_no_participant_effect() -> None:
    design, outcome, _ = rows([1] * 20)
    with pytest.raises(ModelError, match="one observation only"):
        balanced(design, outcome, 1)


def test_least_squares_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    design, outcome, _ = rows([3] * 20)
    found = fit_strata(independent(design, outcome), design)
    monkeypatch.setattr(module, "PORTION", 7)
    again = fit_strata(independent(design, outcome), design)
    assert again.beta == pytest.approx(found.beta, rel=1e-9)
    assert again.theta == pytest.approx(found.theta, rel=1e-9)


@pytest.mark.parametrize("offset", [0.0, 1e6, -1e9])
@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_columns_of_any_origin_and_scale(offset: float, scale: float) -> None:
    """Near-dependent columns leave the cross-products for orthogonal transformations."""
    design, outcome, person = rows([1, 2, 3] * 10)
    plain = fit_strata(random_intercept(design, outcome, person), design)
    matrix = design.matrix.copy()
    matrix[:, 3] = (matrix[:, 3] + offset * (scale == 1.0)) * scale
    moved = make_design(matrix, NAMES, NAMES)
    dropped = ("age",) if offset == -1e9 and scale == 1.0 else ()
    assert moved.dropped == dropped
    if not dropped:
        fit = fit_strata(random_intercept(moved, outcome, person), moved)
        assert fit.beta[3] * scale == pytest.approx(plain.beta[3], rel=1e-6)
        assert fit.theta == pytest.approx(plain.theta, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-8, 1e8])
@pytest.mark.parametrize("origin", [0.0, 1e6])
def test_an_outcome_of_any_origin_and_scale(scale: float, origin: float) -> None:
    design, outcome, person = rows([1, 2, 3] * 10)
    plain = fit_strata(random_intercept(design, outcome, person), design)
    fit = fit_strata(random_intercept(design, (outcome + origin) * scale, person), design)
    assert fit.theta / scale**2 == pytest.approx(plain.theta, rel=1e-7)
    assert fit.beta[1:] / scale == pytest.approx(plain.beta[1:], rel=1e-7)

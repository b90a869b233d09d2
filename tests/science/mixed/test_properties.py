"""What must not matter: the order of rows and people, the unit and the origin of what was measured."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.science.mixed.datasets import Data, data_set

from confrere.science.mixed import Fit, Inference, ModelError, fit_strata, random_intercept
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import make_patterns

FIVE = data_set("five_waves")
QUICK = settings(max_examples=15, deadline=None, derandomize=True)


def fitted(data: Data, outcome: Any, structure: str) -> Fit:
    design = data.design
    if structure == "random-intercept":
        return fit_strata(random_intercept(design, outcome, data.cluster), design)
    return fit_general(make_patterns(design, outcome, data.cluster, data.wave), design, STRUCTURES[structure])


def answer(fit: Fit) -> tuple[float, float, float]:
    """The last difference in change with Kenward-Roger."""
    one = Inference(fit).coefficient(12)
    return one.estimate, one.se, one.df


NAMES = some.sampled_from(["random-intercept", "compound-symmetry", "ar1", "heterogeneous-cs", "unstructured"])


@QUICK
@given(structure=NAMES, seed=some.integers(0, 10_000))
def test_the_order_of_rows_and_people(structure: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    order, people = rng.permutation(FIVE.outcome.size), rng.permutation(int(FIVE.cluster.max()) + 1)
    mixed = Data(
        FIVE.matrix[order], FIVE.names, FIVE.terms, FIVE.outcome[order], people[FIVE.cluster][order], FIVE.wave[order]
    )
    expected = answer(fitted(FIVE, FIVE.outcome, structure))
    assert answer(fitted(mixed, mixed.outcome, structure)) == pytest.approx(expected, rel=1e-7)


@QUICK
@given(structure=NAMES, power=some.integers(-8, 8), origin=some.sampled_from([0.0, 1e3, -1e6]))
def test_the_unit_and_origin_of_the_outcome(structure: str, power: int, origin: float) -> None:
    unit = 10.0**power
    estimate, se, df = answer(fitted(FIVE, (FIVE.outcome + origin) * unit, structure))
    expected = answer(fitted(FIVE, FIVE.outcome, structure))
    assert (estimate / unit, se / unit, df) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("unit", [1e-8, 1e8])
def test_every_structure_at_any_scale(structure: str, unit: float) -> None:
    estimate, se, df = answer(fitted(FIVE, FIVE.outcome * unit, structure))
    expected = answer(fitted(FIVE, FIVE.outcome, structure))
    assert (estimate / unit, se / unit, df) == pytest.approx(expected, rel=1e-6)


@QUICK
@given(structure=NAMES, power=some.integers(-8, 8), origin=some.sampled_from([0.0, 1e3, -1e6]))
def test_the_unit_and_origin_of_a_covariate(structure: str, power: int, origin: float) -> None:
    matrix = FIVE.matrix.copy()
    matrix[:, 8] = (matrix[:, 8] + origin) * 10.0**power
    moved = Data(matrix, FIVE.names, FIVE.terms, FIVE.outcome, FIVE.cluster, FIVE.wave)
    expected = answer(fitted(FIVE, FIVE.outcome, structure))
    assert answer(fitted(moved, FIVE.outcome, structure)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("structure", ["random-intercept", *STRUCTURES])
@pytest.mark.parametrize(("people", "waves"), [(1, 3), (2, 2), (2, 3), (3, 2), (4, 3)])
def test_very_few_people_are_fitted_or_refused_in_words(structure: str, people: int, waves: int) -> None:
    """Never a warning of NumPy, an endless search or a number that means nothing."""
    person, wave = np.repeat(np.arange(people), waves), np.tile(np.arange(waves), people)
    outcome = np.random.default_rng(people * 10 + waves).standard_normal(person.size)
    names = ("(Intercept)", "arm", "time")
    matrix = np.column_stack([np.ones(person.size), person % 2, wave]).astype(float)
    said = answers_or_words(Data(matrix, names, names, outcome, person, wave), structure)
    if isinstance(said, str):
        assert said.endswith(".")
    else:
        assert np.isfinite(said).all()
        assert said[:, 1].min() > 0


def answers_or_words(data: Data, structure: str) -> Any:
    """(k, 3) estimates, standard errors and p, or the sentence of the refusal."""
    try:
        inference = Inference(fitted(data, data.outcome, structure))
        found = [inference.coefficient(j) for j in data.design.kept.tolist()]
    except ModelError as refusal:
        return str(refusal)
    return np.array([[one.estimate, one.se, one.p] for one in found])

"""Covariance structures: exact derivatives, what must coincide with what, references, and what is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import (
    Design,
    Fit,
    Inference,
    ModelError,
    fit_strata,
    make_design,
    random_intercept,
)
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import evaluate_general, fit_general
from confrere.science.mixed.partition import counted_df
from confrere.science.mixed.patterns import Patterns, make_patterns

RNG = np.random.default_rng(11)
PEOPLE, WAVES = 40, 4
SEEN = RNG.random((PEOPLE, WAVES)) < 0.85
SEEN[:, 0] = True
PERSON, WAVE = np.nonzero(SEEN)
SCORE = (RNG.standard_normal((PEOPLE, 1)) + RNG.standard_normal((PEOPLE, WAVES)) * [1, 1.2, 0.8, 1.5])[SEEN]
ARM = (PERSON % 2).astype(float)
GUESS = np.array([[1.0, 0.5, 0.2, 0.4], [0.5, 1.5, 0.5, 0.3], [0.2, 0.5, 0.7, 0.2], [0.4, 0.3, 0.2, 2.0]])
NAMES = ("(Intercept)", "arm", "time", "arm:time")
MATRIX = np.column_stack([np.ones(PERSON.size), ARM, WAVE, ARM * WAVE])
DESIGN = make_design(MATRIX, NAMES, NAMES)


def patterns(last: int = WAVES) -> tuple[Design, Patterns]:
    rows = last > WAVE
    design = make_design(MATRIX[rows], NAMES, NAMES)
    return design, make_patterns(design, SCORE[rows], PERSON[rows], WAVE[rows])


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_matrix_and_its_derivatives(name: str) -> None:
    one = STRUCTURES[name]
    theta = one.start(GUESS)
    sigma, first, second = one.evaluate(theta, 4)
    assert np.array_equal(sigma, sigma.T)
    assert len(one.parameters(4)) == theta.size == first.shape[0]
    step = 1e-6
    for i, move in enumerate(np.eye(theta.size) * step):
        up, down = one.evaluate(theta + move, 4), one.evaluate(theta - move, 4)
        assert (up[0] - down[0]) / (2 * step) == pytest.approx(first[i], abs=1e-8)
        bends = np.zeros_like(first) if second is None else second[i]
        assert (up[1] - down[1]) / (2 * step) == pytest.approx(bends, abs=1e-8)


@pytest.mark.parametrize("estimation", ["reml", "ml"])
@pytest.mark.parametrize("name", STRUCTURES)
def test_score_and_information_are_derivatives(name: str, estimation: Any) -> None:
    design, data = patterns()
    one = STRUCTURES[name]
    theta = one.start(data.rough) * 1.1

    def at(where: NDArray[np.float64]) -> Fit:
        found = evaluate_general(data, design, one, where, estimation)
        assert found is not None
        return found

    here, step = at(theta), 1e-6
    for i, move in enumerate(np.eye(theta.size) * step):
        up, down = at(theta + move), at(theta - move)
        assert (up.loglik - down.loglik) / (2 * step) == pytest.approx(here.score[i], rel=1e-5, abs=1e-6)
        assert -(up.score - down.score) / (2 * step) == pytest.approx(here.observed[i], rel=1e-4, abs=1e-4)


def test_compound_symmetry_is_the_random_intercept() -> None:
    design, data = patterns()
    one = fit_general(data, design, STRUCTURES["compound-symmetry"])
    other = fit_strata(random_intercept(design, SCORE, PERSON), design)
    assert one.loglik == pytest.approx(other.loglik, abs=1e-9)
    assert one.theta == pytest.approx(other.theta, rel=1e-6)
    for method in ("satterthwaite", "kenward-roger", "kenward-roger-expected"):
        ours, theirs = (Inference(fit, method=method).coefficient(3) for fit in (one, other))  # type: ignore[arg-type]
        assert (ours.se, ours.df) == pytest.approx((theirs.se, theirs.df), rel=1e-6)
    assert data.within == pytest.approx(other.within, abs=1e-9)


@pytest.mark.parametrize("name", ["heterogeneous-cs", "heterogeneous-ar1", "heterogeneous-toeplitz", "ante-dependence"])
def test_at_two_waves_every_heterogeneous_structure_is_unstructured(name: str) -> None:
    design, data = patterns(2)
    one, other = (fit_general(data, design, STRUCTURES[which]) for which in (name, "unstructured"))
    assert one.loglik == pytest.approx(other.loglik, abs=1e-9)
    assert one.covariance_of_waves == pytest.approx(other.covariance_of_waves, rel=1e-6)
    ours, theirs = (Inference(fit, method="satterthwaite").coefficient(3) for fit in (one, other))
    assert (ours.se, ours.df) == pytest.approx((theirs.se, theirs.df), rel=1e-6)


@pytest.mark.parametrize("name", ["ar1", "toeplitz"])
def test_at_two_waves_homogeneous_structures_are_compound_symmetry(name: str) -> None:
    design, data = patterns(2)
    one, other = (fit_general(data, design, STRUCTURES[which]) for which in (name, "compound-symmetry"))
    assert one.loglik == pytest.approx(other.loglik, abs=1e-9)


def test_nested_structures_do_not_fit_worse() -> None:
    design, data = patterns()
    value = {name: fit_general(data, design, one, "ml").loglik for name, one in STRUCTURES.items()}
    for small, large in [
        ("compound-symmetry", "toeplitz"),
        ("compound-symmetry", "heterogeneous-cs"),
        ("ar1", "heterogeneous-ar1"),
        ("ar1", "toeplitz"),
        ("toeplitz", "heterogeneous-toeplitz"),
        ("heterogeneous-ar1", "ante-dependence"),
        ("heterogeneous-toeplitz", "unstructured"),
        ("ante-dependence", "unstructured"),
    ]:
        assert value[small] <= value[large] + 1e-9


REFERENCE = [
    ("kiser_sim", "mitt_lmm", "mitt_mmrm_un", "mitt_gls_un"),
    ("kiser_sim", "mitt_lmm", "mitt_mmrm_cs", None),
    ("btheb", "repeated_baseline", "mmrm_un", "gls_un"),
    ("btheb", "repeated_baseline", "mmrm_cs", None),
    ("orthodont", "factor_age", "mmrm_un", "gls_un"),
]


@pytest.mark.parametrize(("file", "base", "model", "gls"), REFERENCE, ids=[f"{a}-{b}" for a, _, b, _ in REFERENCE])
def test_against_mmrm_and_nlme(file: str, base: str, model: str, gls: str | None, load: Any, models: Any) -> None:
    """mmrm stops near 1e-6 of the log-likelihood, so its standard errors agree to 2e-4 only; nlme's is exact."""
    case, references = load(file, base), models(file)
    columns = case.design.orthonormal @ np.linalg.inv(case.design.basis)
    times = [j for j, term in enumerate(case.design.terms) if term in {"time", "fage"}]
    wave = np.rint(columns[:, times] @ np.arange(1, len(times) + 1)).astype(np.intp)
    data = make_patterns(case.design, case.outcome, case.cluster, wave)
    name = "unstructured" if model.endswith("un") else "compound-symmetry"
    fit = fit_general(data, case.design, STRUCTURES[name])
    theirs = references[model]
    assert fit.loglik == pytest.approx(theirs["Satterthwaite"]["logLik_REML"], abs=3e-6)
    assert fit.loglik >= theirs["Satterthwaite"]["logLik_REML"] - 1e-9
    if gls is not None and gls in references:
        assert fit.loglik == pytest.approx(references[gls]["logLik_REML_nlme"], abs=1e-6)
    for method, key in (("satterthwaite", "Satterthwaite"), ("kenward-roger", "Kenward-Roger-Linear")):
        inference = Inference(fit, method=method)  # type: ignore[arg-type]  # a literal, by construction
        for j, row in enumerate(theirs[key]["fixed"]):
            ours = inference.coefficient(j)
            assert ours.estimate == pytest.approx(row["estimate"], rel=2e-4, abs=2e-4)
            assert (ours.se, ours.df) == pytest.approx((row["se"], row["df"]), rel=2e-4)


def test_counting() -> None:
    design, data = patterns()
    unstructured, ar1 = (fit_general(data, design, STRUCTURES[name]) for name in ("unstructured", "ar1"))
    rows, rank = PERSON.size, 4
    assert counted_df(unstructured, "time", "between-within") == PEOPLE - 2
    assert counted_df(ar1, "time", "between-within") == rows - PEOPLE - 2
    assert counted_df(ar1, "arm", "between-within") == PEOPLE - 2
    assert counted_df(ar1, "time", "containment") == rows - rank


def test_joint_test_with_second_derivatives() -> None:
    design, data = patterns()
    fit = fit_general(data, design, STRUCTURES["heterogeneous-ar1"])
    first_order = Inference(fit, method="satterthwaite").coefficient(3).se
    assert Inference(fit).coefficient(3).se != first_order
    assert Inference(fit).joint(np.eye(4)[2:], term="time").numerator_df == 2


def refused(wave: list[int], person: list[int], score: list[float], name: str = "unstructured") -> None:
    design = make_design(np.ones((len(wave), 1)), ("(Intercept)",), ("(Intercept)",))
    data = make_patterns(design, np.array(score), np.array(person), np.array(wave))
    fit_general(data, design, STRUCTURES[name])


def test_refused() -> None:
    with pytest.raises(ModelError, match="Nobody was seen at one of the waves"):
        refused([0, 2, 0, 2], [0, 0, 1, 1], [1, 2, 4, 4.5])
    with pytest.raises(ModelError, match="one observation only"):
        refused([0, 1, 0], [0, 1, 2], [1, 2, 4])
    with pytest.raises(ModelError, match="Nobody was seen at two of the waves"):
        refused([0, 1, 0, 2, 0, 1, 0, 2], [0, 0, 1, 1, 2, 2, 3, 3], [1, 2, 4, 3, 2, 2.5, 0, 1])
    with pytest.raises(ModelError, match="the unstructured covariance is singular"):
        refused([0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2], [1, 1, 3, 3, 2, 2])


def test_a_structure_without_a_way_uphill_is_refused() -> None:
    design, data = patterns()
    known = STRUCTURES["compound-symmetry"]
    start = known.start(data.rough)

    def only_at_the_start(theta: NDArray[np.float64], waves: int) -> Any:
        sigma, first, second = known.evaluate(theta, waves)
        return (sigma if np.array_equal(theta, start) else np.full_like(sigma, np.nan)), first, second

    with pytest.raises(ModelError, match="does not end"):
        fit_general(data, design, replace(known, evaluate=only_at_the_start))


def test_a_variance_that_a_step_makes_negative_is_no_warning() -> None:
    waves = STRUCTURES["heterogeneous-cs"].evaluate(np.array([1.0, -1.0, 0.3]), 2)[0]
    assert np.isnan(waves[0, 1])


def test_an_outcome_that_never_varies_at_a_wave() -> None:
    wave, person = np.tile([0, 1], 4), np.repeat(np.arange(4), 2)
    design = make_design(np.column_stack([np.ones(8), wave]), ("(Intercept)", "time"), ("(Intercept)", "time"))
    data = make_patterns(design, np.array([3, 1, 3, 2, 3, 4, 3, 1.5]), person, wave)
    with pytest.raises(ModelError, match="does not vary at one of the waves"):
        fit_general(data, design, STRUCTURES["unstructured"])


def test_a_parameter_that_no_pair_of_observations_shows() -> None:
    """Nobody is seen two waves apart, so a Toeplitz covariance has a band that the data do not touch."""
    person = np.repeat(np.arange(12), 2)
    wave = np.tile([0, 1, 1, 2], 6)
    score = np.random.default_rng(2).standard_normal(24) + np.repeat(np.random.default_rng(3).standard_normal(12), 2)
    with pytest.raises(ModelError, match="data do not determine the toeplitz covariance"):
        refused(wave.tolist(), person.tolist(), score.tolist(), "toeplitz")


def test_a_structure_that_has_nothing_near_the_data() -> None:
    design, data = patterns()
    nowhere = replace(STRUCTURES["ar1"], start=lambda _: np.array([1.0, 2.0]))
    with pytest.raises(ModelError, match="No ar1 covariance is near the data"):
        fit_general(data, design, nowhere)


def test_a_guess_that_the_structure_cannot_hold_is_drawn_towards_independence() -> None:
    design, data = patterns()
    known, tried = STRUCTURES["ar1"], []

    def start(guess: NDArray[np.float64]) -> NDArray[np.float64]:
        tried.append(guess[0, 1] / guess[0, 0])
        return known.start(guess) if len(tried) > 2 else np.array([1.0, 2.0])

    fit = fit_general(data, design, replace(known, start=start))
    assert tried[1:] == pytest.approx([tried[0] / 2, tried[0] / 10])
    assert fit.loglik == pytest.approx(fit_general(data, design, known).loglik, abs=1e-9)


def test_a_search_that_is_not_at_its_end_after_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    design, data = patterns()
    monkeypatch.setattr("confrere.science.mixed.general._MOST_STEPS", 1)
    with pytest.raises(ModelError, match="The search for the unstructured covariance does not end"):
        fit_general(data, design, STRUCTURES["unstructured"])


def test_many_people_are_replaced_by_few_with_the_same_sums() -> None:
    rng = np.random.default_rng(5)
    person, wave = np.repeat(np.arange(100), 2), np.tile([0, 1], 100)
    design = make_design(np.column_stack([np.ones(200), wave]), ("(Intercept)", "time"), ("(Intercept)", "time"))
    score = 1e6 * (rng.standard_normal(100)[person] + rng.standard_normal(200))
    many = make_patterns(design, score, person, wave)
    assert many.rows.shape[0] <= 6
    flat = np.concatenate([design.orthonormal, (score - design.orthonormal @ many.offset)[:, None]], axis=1)
    flat = flat.reshape(100, -1)
    rows = many.rows.reshape(-1, 6)
    assert rows.T @ rows == pytest.approx(flat.T @ flat, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("name", STRUCTURES)
def test_twelve_waves(name: str) -> None:
    """78 covariances: the maximum is one, and where it lies does not depend on the order of the people."""
    rng = np.random.default_rng(8)
    people, waves = 60, 12
    seen = np.arange(waves) < rng.integers(3, waves + 9, people)[:, None]
    person, wave = np.nonzero(seen)
    score = (rng.standard_normal((people, 1)) + 0.4 * np.cumsum(rng.standard_normal((people, waves)), axis=1))[seen]
    score += 0.7 * rng.standard_normal(score.size)
    matrix = np.column_stack([np.ones(person.size), person % 2, wave, wave * (person % 2)])
    design = make_design(matrix, NAMES, NAMES)
    fit = fit_general(make_patterns(design, score, person, wave), design, STRUCTURES[name])
    assert fit.score == pytest.approx(np.zeros(fit.theta.size), abs=1e-4)
    assert np.linalg.eigvalsh(fit.observed)[0] > 0
    assert Inference(fit).coefficient(3).df > 10

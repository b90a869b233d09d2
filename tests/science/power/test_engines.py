"""Every number of a batch is that of the single fit."""

from collections.abc import Callable

import numpy as np
import pytest

from confrere.science.mixed import METHODS, Fit, Inference, ModelError
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.power import Analysis, Design, Truth
from confrere.science.power.answers import Answers, Fits
from confrere.science.power.design import make_cells
from confrere.science.power.fitting import Engine
from confrere.science.power.general import fit_structure
from confrere.science.power.intercept import best_ratio, fit_at, make_strata
from confrere.science.power.moments import Moments, draw_people, moments_of
from confrere.science.power.pair import pair_ratio

Alone = Callable[..., Fit]
MakeTruth = Callable[..., Truth]
TRIALS = 10


def designs(seed: int, count: int) -> list[tuple[Design, float]]:
    """Random designs of two or three arms and two to four waves, and a correlation, small ones too."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        waves = int(rng.integers(2, 5))
        arms = tuple(int(n) for n in rng.integers(9, 25, size=rng.integers(2, 4)))
        gone = tuple(tuple(float(x) for x in np.sort(rng.uniform(0, 0.3, waves - 1))) for _ in arms)
        factors = ((0.6, 0.4), (0.5, 0.3, 0.2))[: rng.integers(0, 3)]
        found.append((Design(arms, waves, gone, factors), float(rng.choice([0.02, 0.3, 0.7]))))
    return found


def compare(design: Design, truth: Truth, analysis: Analysis, alone: Alone) -> int:
    """Hold a batch against single fits; the number of trials with a variance on its boundary."""
    engine = Engine(design, analysis)
    people = draw_people(design, truth, engine.cells, TRIALS, np.random.default_rng(sum(design.arms)))
    fits = engine.fit(moments_of(people, engine.cells))
    boundary = 0
    for trial in range(TRIALS):
        one = alone(engine.cells, people, trial, analysis)
        boundary += int(not one.free.all())
        same(fits, one, trial, engine, analysis)
    return boundary


def same(fits: Fits, one: Fit, trial: int, engine: Engine, analysis: Analysis) -> None:
    term = "arm" if analysis.baseline_as == "covariate" else "arm:time"
    for method in METHODS:
        if analysis.estimation == "ml" and method.startswith("kenward"):
            continue
        answers, inference = Answers(fits, method), Inference(one, method=method)
        for arm in range(1, len(engine.design.arms)):
            contrast = engine.difference(arm, engine.design.waves - 1)
            wanted, found = inference.contrast(contrast, term=term), answers.contrast(contrast)
            numbers = [found.estimate[trial], found.se[trial], found.df[trial], found.p()[trial]]
            assert numbers == pytest.approx([wanted.estimate, wanted.se, wanted.df, wanted.p], rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("baseline_as", ["response", "constrained"])
@pytest.mark.parametrize("estimation", ["reml", "ml"])
def test_random_intercept(baseline_as: str, estimation: str, alone: Alone, truth: MakeTruth) -> None:
    boundary = 0
    for design, icc in designs(1, 12):
        analysis = Analysis(baseline_as=baseline_as, estimation=estimation)  # type: ignore[arg-type]  # parametrized
        boundary += compare(design, truth(design, icc=icc), analysis, alone)
    assert boundary > 5


@pytest.mark.parametrize("estimation", ["reml", "ml"])
def test_baseline_as_covariate(estimation: str, alone: Alone, truth: MakeTruth) -> None:
    for arms, factors in (((12, 15), ()), ((14, 13, 15), ((0.5, 0.5),))):
        design = Design(arms, 2, ((0.2,),) * len(arms), factors)
        compare(design, truth(design), Analysis("covariate", estimation=estimation), alone)  # type: ignore[arg-type]


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_structures(structure: str, alone: Alone, truth: MakeTruth) -> None:
    three = Design((25, 22), 3, ((0.1, 0.2), (0.2, 0.3)), ((0.6, 0.4),))
    compare(three, truth(three, icc=0.6, decay=True), Analysis("response", structure), alone)
    two = Design((25, 22), 2, ((0.1,), (0.2,)))
    compare(two, truth(two, icc=0.6), Analysis("constrained", structure, estimation="ml"), alone)


def test_closed_form_is_the_search(truth: MakeTruth) -> None:
    design = Design((9, 8), 2, ((0.3,), (0.1,)))
    for baseline_as in ("response", "constrained"):
        engine = Engine(design, Analysis(baseline_as))  # type: ignore[arg-type]  # two of three
        people = draw_people(design, truth(design, icc=0.2), engine.cells, 500, np.random.default_rng(3))
        moments = moments_of(people, engine.cells)
        strata = make_strata(moments, engine.cells)
        searched = fit_at(strata, best_ratio(strata, restricted=True), restricted=True)
        closed = engine.fit(moments)
        assert closed.theta == pytest.approx(searched.theta, rel=1e-9, abs=1e-12, nan_ok=True)
        assert closed.observed == pytest.approx(searched.observed, rel=1e-8, nan_ok=True)
        assert closed.expected == pytest.approx(searched.expected, rel=1e-8, nan_ok=True)


def test_higher_of_two_maxima() -> None:
    # squares of 40, 400 and 4 with 20, 4 and 4 dimensions have a maximum at zero and one that is higher
    count, squares = np.array([[2.0], [30.0], [3.0]]), np.array([[0.01], [60.0], [0.02]])
    found = pair_ratio(count, squares)
    grid = np.geomspace(1e-6, 1e7, 200_001)
    value = count.sum() * np.log(squares[0] + squares[1] / (1 + grid) + squares[2] / (1 + 2 * grid))
    value += count[1] * np.log(1 + grid) + count[2] * np.log(1 + 2 * grid)
    assert found[0] == pytest.approx(grid[value.argmin()], rel=1e-3)


def empty_arm(waves: int) -> tuple[Design, Moments]:
    """Two trials; in the first nobody of the second arm is seen after the baseline."""
    design = Design((4, 4), waves, ((0.0,) * (waves - 1),) * 2)
    cells = make_cells(design, Analysis())
    rng = np.random.default_rng(5)
    truth = Truth(((0.0,) * waves,) * 2, tuple(tuple(row) for row in np.eye(waves).tolist()))
    people = draw_people(design, truth, cells, 2, rng)
    people.counts[1, -1, 0], people.counts[1, 0, 0] = 0, 4
    return design, moments_of(people, cells)


@pytest.mark.parametrize(
    "analysis", [Analysis(), Analysis("covariate"), Analysis(covariance="unstructured"), Analysis(covariance="ar1")]
)
def test_no_answer_without_follow_up(analysis: Analysis) -> None:
    waves = 3 if analysis.covariance == "ar1" else 2
    design, moments = empty_arm(waves)
    engine = Engine(design, analysis)
    p = Answers(engine.fit(moments), "kenward-roger").contrast(engine.difference(1, waves - 1)).p()
    assert np.isnan(p).tolist() == [True, False]


def test_no_answer_without_follow_up_at_three_waves() -> None:
    design, moments = empty_arm(3)
    engine = Engine(design, Analysis())
    p = Answers(engine.fit(moments), "kenward-roger").contrast(engine.difference(1, 2)).p()
    assert np.isnan(p).tolist() == [True, False]


def test_several_follow_ups_with_the_baseline_as_covariate_are_refused() -> None:
    with pytest.raises(ModelError, match="one follow-up"):
        Engine(Design((9, 9), 3, ((0.0, 0.0),) * 2), Analysis("covariate"))


def test_unsettled_trials_go_to_the_single_fit(truth: MakeTruth, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere.science.power import general, intercept

    design = Design((25, 22), 3, ((0.1, 0.1), (0.2, 0.2)))  # nobody leaves between the two follow-ups
    cells = make_cells(design, Analysis())
    people = draw_people(design, truth(design), cells, 3, np.random.default_rng(2))
    moments = moments_of(people, cells)
    strata = make_strata(moments, cells)
    whole = fit_structure(moments, cells, "unstructured", restricted=True)
    ratio = best_ratio(strata, restricted=True)
    monkeypatch.setattr(general, "_MOST_STEPS", 1)
    monkeypatch.setattr(intercept, "_MOST_STEPS", 1)
    assert fit_structure(moments, cells, "unstructured", restricted=True).theta == pytest.approx(whole.theta, rel=1e-7)
    assert best_ratio(strata, restricted=True) == pytest.approx(ratio, rel=1e-9)


def test_steps_are_shortened_where_the_likelihood_would_fall(truth: MakeTruth) -> None:
    design = Design((7, 6), 3, ((0.2, 0.4), (0.2, 0.4)))
    cells = make_cells(design, Analysis())
    people = draw_people(design, truth(design, icc=0.9), cells, 60, np.random.default_rng(6))
    fits = fit_structure(moments_of(people, cells), cells, "heterogeneous-toeplitz", restricted=True)
    found = np.isfinite(fits.theta[0])
    assert found.sum() > 40
    assert np.abs(fits.score[:, found]).max() < 1e-5


@pytest.mark.parametrize("waves", [2, 3])
def test_people_who_never_change_have_no_residual_variance(waves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere.science.power import intercept

    design = Design((4, 4), waves, ((0.0,) * (waves - 1),) * 2)
    engine = Engine(design, Analysis())
    truth = Truth(((0.0,) * waves,) * 2, tuple(tuple(row) for row in np.eye(waves).tolist()))
    people = draw_people(design, truth, engine.cells, 2, np.random.default_rng(7))
    people.values[0] = people.values[0, :, :1] + 1e-6 * people.values[0]
    moments = moments_of(people, engine.cells)
    assert np.isnan(engine.fit(moments).theta[0]).tolist() == [True, False]
    monkeypatch.setattr(intercept, "_MOST_STEPS", 1)
    assert np.isnan(best_ratio(make_strata(moments, engine.cells), restricted=True)).tolist() == [True, False]


@pytest.mark.parametrize("baseline_as", ["response", "constrained"])
@pytest.mark.parametrize("covariance", ["random-intercept", "unstructured", "ar1"])
def test_time_as_a_number(baseline_as: str, covariance: str, alone: Alone, truth: MakeTruth) -> None:
    for waves, times in ((2, (0.0, 3.0)), (4, (-1.0, 0.0, 3.0, 12.0))):
        design = Design((14, 17), waves, ((0.1,) * (waves - 1), (0.2,) * (waves - 1)), ((0.6, 0.4),))
        analysis = Analysis(baseline_as=baseline_as, covariance=covariance, times=times)  # type: ignore[arg-type]
        assert make_cells(design, analysis).terms.count("arm:time") == 1
        compare(design, truth(design), analysis, alone)


def test_trials_whose_search_has_not_ended_go_to_the_single_fit(
    alone: Alone, truth: MakeTruth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confrere.science.power.general._MOST_STEPS", 1)
    design = Design((12, 14), 3, ((0.1, 0.2), (0.1, 0.3)))
    compare(design, truth(design), Analysis(covariance="ar1"), alone)


def test_an_unstructured_covariance_with_a_mean_for_each_wave_is_there_at_once(
    truth: MakeTruth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who leaves stays away, so the estimate is a chain of regressions; nothing is searched."""
    monkeypatch.setattr("confrere.science.power.general._MOST_STEPS", 0)
    monkeypatch.setattr("confrere.science.power.general._alone", lambda *_, **__: np.full(6, np.nan))
    design = Design((20, 30), 3, ((0.1, 0.2), (0.1, 0.3)))
    for estimation in ("reml", "ml"):
        engine = Engine(design, Analysis(covariance="unstructured", estimation=estimation))  # type: ignore[arg-type]
        people = draw_people(design, truth(design), engine.cells, TRIALS, np.random.default_rng(2))
        fits = engine.fit(moments_of(people, engine.cells))
        assert np.isfinite(fits.theta).all()
        assert np.linalg.eigvalsh(np.moveaxis(fits.observed, -1, 0)).min() > 0

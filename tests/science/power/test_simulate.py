"""Power against what is known about it, and the same numbers whoever computes them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from scipy import stats

from confrere.science.consistency.power_claim import power as noncentral_power
from confrere.science.mixed import ModelError
from confrere.science.power import (
    Analysis,
    Design,
    Question,
    Truth,
    curve_by_effect,
    curve_by_people,
    detectable,
    simulate,
)
from confrere.science.power.search import with_effect
from confrere.science.power.simulate import BLOCK, blocks, proportion_interval, run_block

DESIGN = Design((50, 50), 2, ((0.0,),) * 2)


def truth_of(effect: float, *, correlation: float = 0.6) -> Truth:
    return Truth(((3.0, 3.0), (3.0, 3.0 + effect)), ((1.0, correlation), (correlation, 1.0)))


@pytest.mark.parametrize(("baseline_as", "claimed"), [("response", "response"), ("covariate", "covariate")])
def test_power_is_the_noncentral_one(baseline_as: str, claimed: str) -> None:
    analysis = Analysis(baseline_as)  # type: ignore[arg-type]  # parametrized
    found = simulate(DESIGN, truth_of(0.5), analysis, simulations=20_480, seed=1).at(arm=1, wave=1)
    wanted = noncentral_power(n_first=50, n_second=50, effect_sd=0.5, correlation=0.6, baseline_as=claimed)  # type: ignore[arg-type]
    assert found.ci[0] - 0.003 < wanted < found.ci[1] + 0.003
    assert found.mean_estimate == pytest.approx(0.5, abs=0.005)
    assert found.coverage == pytest.approx(0.95, abs=0.005)


def test_without_effect_the_power_is_the_type_i_error() -> None:
    found = simulate(DESIGN, truth_of(0.0), Analysis(), simulations=20_480, seed=2)
    assert found.tests[0].power == pytest.approx(0.05, abs=0.005)
    assert (found.failed, found.tests[0].effect) == (0, 0.0)


def test_person_by_person_agrees_with_moments() -> None:
    three = Design((40, 45), 3, ((0.1, 0.2), (0.2, 0.3)))
    truth = Truth(((0.0,) * 3, (0.0, 0.3, 0.5)), ((1.0, 0.6, 0.5), (0.6, 1.2, 0.6), (0.5, 0.6, 1.4)))
    by = [
        simulate(three, truth, Analysis("constrained"), simulations=3 * BLOCK, seed=3, draw=draw)
        for draw in ("moments", "people")
    ]
    for one, two in zip(by[0].tests, by[1].tests, strict=True):
        assert one.power == pytest.approx(two.power, abs=4 * np.sqrt(0.5 / (3 * BLOCK)))


def test_coaches_inflate_a_test_that_ignores_them() -> None:
    design = Design((50, 50), 2, ((0.0,),) * 2, coaches=5)
    truth = Truth(((0.0, 0.0),) * 2, ((1.0, 0.6), (0.6, 1.0)), coach_sd=0.5)
    found = simulate(design, truth, Analysis(), simulations=BLOCK, seed=4).tests[0]
    assert found.power > 0.15


def test_same_numbers_whoever_computes_them() -> None:
    plain = simulate(DESIGN, truth_of(0.5), Analysis(), simulations=3 * BLOCK - 100, seed=5)

    def backwards(run, tasks) -> Iterator:
        done = [run(task) for task in reversed(list(tasks))]
        return reversed(done)

    with ThreadPoolExecutor(2) as pool:
        threads = simulate(DESIGN, truth_of(0.5), Analysis(), simulations=3 * BLOCK - 100, seed=5, mapper=pool.map)
    assert plain == threads
    assert plain == simulate(DESIGN, truth_of(0.5), Analysis(), simulations=3 * BLOCK - 100, seed=5, mapper=backwards)
    assert plain != simulate(DESIGN, truth_of(0.5), Analysis(), simulations=3 * BLOCK - 100, seed=6)


def test_more_simulations_begin_with_the_same_trials() -> None:
    few = blocks(DESIGN, truth_of(0.5), Analysis(), simulations=BLOCK, seed=7)
    more = blocks(DESIGN, truth_of(0.5), Analysis(), simulations=2 * BLOCK + 10, seed=7)
    assert run_block(few[0]) == run_block(more[0])
    assert [one.trials for one in more] == [BLOCK, BLOCK, 10]


def test_trials_without_an_answer_count_as_not_significant() -> None:
    design = Design((3, 3), 2, ((0.0,), (0.9,)))
    found = simulate(design, truth_of(5.0), Analysis(), simulations=BLOCK, seed=8)
    nobody = 0.9**3
    assert found.failed / BLOCK == pytest.approx(nobody, abs=0.04)
    assert found.tests[0].power <= 1 - found.failed / BLOCK


def test_curves_and_the_smallest_effect() -> None:
    question = Question(1, 1, 2 * BLOCK, partial(simulate, analysis=Analysis(), simulations=2 * BLOCK, seed=9))
    designs = [Design((n, n), 2, ((0.0,),) * 2) for n in (20, 40, 80)]
    by_people = list(curve_by_people(question, truth_of(0.5), designs))
    assert [one.at for one in by_people] == [40.0, 80.0, 160.0]
    assert by_people[0].power < by_people[1].power < by_people[2].power
    by_effect = list(curve_by_effect(question, DESIGN, truth_of(0.5), [0.0, 0.5, 1.0]))
    assert [one.power for one in by_effect] == sorted(one.power for one in by_effect)
    found = detectable(question, DESIGN, truth_of(-0.1), wanted=0.8)
    exact = 0.5 * (stats.norm.isf(0.025) + stats.norm.ppf(0.8)) / np.sqrt(0.25 / (0.8 / 25))
    assert found.effect == pytest.approx(-exact, rel=0.04)
    assert found.ci[0] < found.effect < found.ci[1] < 0
    at = question.power(DESIGN, with_effect(truth_of(0.0), 1, 1, found.effect))
    assert at.power == pytest.approx(0.8, abs=1e-3)


def test_no_effect_can_be_detected_where_nobody_stays() -> None:
    design = Design((2, 2), 2, ((0.0,), (0.9,)))
    question = Question(1, 1, 200, partial(simulate, analysis=Analysis(), simulations=200, seed=9))
    with pytest.raises(ModelError, match=r"No effect has a power of 0\.9"):
        detectable(question, design, truth_of(0.5), wanted=0.9)


def test_effects_keep_their_course_over_the_waves() -> None:
    truth = Truth(((1.0, 2.0, 3.0), (1.0, 3.0, 3.5)), tuple(tuple(row) for row in np.eye(3).tolist()))
    moved = with_effect(truth, 1, 2, 2.0)
    assert moved.means == ((1.0, 2.0, 3.0), (1.0, 6.0, 5.0))
    none = Truth(((1.0, 2.0, 3.0),) * 2, truth.covariance)
    assert with_effect(none, 1, 2, 2.0).means[1] == (1.0, 4.0, 5.0)


def test_intervals_of_shares() -> None:
    # R 4.2.2: binom.test(8, 20)$conf.int, binom.test(0, 20)$conf.int, binom.test(20, 20)$conf.int
    assert proportion_interval(8, 20) == pytest.approx((0.1911901, 0.6394574), abs=1e-7)
    assert proportion_interval(0, 20) == pytest.approx((0.0, 0.1684335), abs=1e-7)
    assert proportion_interval(20, 20) == pytest.approx((0.8315665, 1.0), abs=1e-7)


def test_a_line_through_times_when_the_truth_is_one_and_when_it_is_none() -> None:
    """Means on a line: the true effect is found and covered. Else the line's own effect is, and intervals say so."""
    unit = ((1.0, 0.5, 0.5), (0.5, 1.0, 0.5), (0.5, 0.5, 1.0))
    design = Design((40, 40), 3, ((0.1, 0.2), (0.1, 0.2)))
    analysis = Analysis(times=(0.0, 1.0, 3.0))
    line = Truth(((2.0, 2.0, 2.0), (2.0, 1.8, 1.4)), unit)
    found = simulate(design, line, analysis, simulations=2048, seed=3).at(arm=1, wave=2)
    assert found.mean_estimate == pytest.approx(-0.6, abs=0.02)
    assert found.coverage == pytest.approx(0.95, abs=0.02)
    step = Truth(((2.0, 2.0, 2.0), (2.0, 1.0, 1.0)), unit)
    bent = simulate(design, step, analysis, simulations=2048, seed=3).at(arm=1, wave=1)
    assert bent.effect == -1.0
    assert -0.5 < bent.mean_estimate < -0.2
    assert bent.coverage < 0.1

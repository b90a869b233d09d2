"""The effect among those who begin: against instrumental variables, closed forms and simulation."""

import numpy as np
import pytest

from confrere.science.compliance import Arms, complier_effect, effect_bounds, like_controls


def arms(began: list[float], never: list[float], control: list[float], n_began: int, n_never: int) -> Arms:
    return Arms(np.array(began), np.array(never), np.array(control), n_began, n_never)


def simulated(n: int = 400) -> Arms:
    rng = np.random.Generator(np.random.Philox(3))
    begins = rng.random(2 * n) < 0.75
    change = rng.normal(size=2 * n) + 0.6 * begins
    own, control = change[:n] - 1.0 * begins[:n], change[n:]
    return Arms(own[begins[:n]], own[~begins[:n]], control, int(begins[:n].sum()), int((~begins[:n]).sum()))


def test_with_every_answer_it_is_the_instrumental_variables_estimate() -> None:
    """Two-stage least squares of the change on having begun, with assignment as the instrument (Bloom's ratio)."""
    one = simulated()
    y = np.concatenate([one.began, one.never, one.control])
    z = np.concatenate([np.ones(one.began.size + one.never.size), np.zeros(one.control.size)])
    d = np.concatenate([np.ones(one.began.size), np.zeros(one.never.size + one.control.size)])
    instruments, regressors = np.column_stack([np.ones(y.size), z]), np.column_stack([np.ones(y.size), d])
    beta = np.linalg.solve(instruments.T @ regressors, instruments.T @ y)
    rest = y - regressors @ beta
    bread = np.linalg.inv(instruments.T @ regressors)
    robust = bread @ ((instruments * rest[:, None] ** 2).T @ instruments) @ bread.T
    found = complier_effect(one, None)
    assert found is not None
    assert found.estimate == pytest.approx(beta[1], rel=1e-12)
    assert found.se == pytest.approx(robust[1, 1] ** 0.5, rel=0.01)


def test_an_assumed_mean_of_those_who_never_began() -> None:
    """By hand: 8 of 10 began; controls' compliers have (5.5 - 0.2 * 0.5) / 0.8 = 6.75."""
    one = arms([1.0, 2.0, 3.0], [], list(range(1, 11)), 8, 2)
    found = complier_effect(one, 0.5)
    assert found is not None
    assert found.estimate == pytest.approx(2.0 - 6.75)
    variance = 1 / 3 + (55 / 6) / 10 / 0.64 + ((5.5 - 0.5) / 0.64) ** 2 * (0.16 / 10)
    assert found.se == pytest.approx(variance**0.5)
    usual = like_controls(one)
    assert usual is not None
    assert usual.estimate == pytest.approx(2.0 - 5.5)


def test_bounds_by_trimming() -> None:
    one = arms([1.0, 2.0, 3.0], [], list(range(1, 11)), 8, 2)
    found = effect_bounds(one)
    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((2.0 - 6.5, 2.0 - 4.5))
    assert found.interval[0] < found.lower
    assert found.interval[1] > found.upper
    parts = effect_bounds(arms([1.0, 2.0, 3.0], [], [1.0, 2.0, 3.0, 4.0], 5, 3))
    assert parts is not None
    assert parts.lower == pytest.approx(2.0 - (4 + 3 + 0.5 * 2) / 2.5)


def test_everybody_began() -> None:
    """Then there is nothing to bound: both are the plain difference, and the interval is the usual one."""
    one = arms([1.0, 2.0, 3.0, 1.5], [], [2.0, 4.0, 3.0, 3.5, 2.5], 4, 0)
    found, usual = effect_bounds(one), like_controls(one)
    assert found is not None
    assert usual is not None
    assert (found.lower, found.upper) == pytest.approx((usual.estimate, usual.estimate))
    # Lee's variance divides by n where the usual one divides by n - 1
    assert found.interval == pytest.approx((usual.lower, usual.upper), abs=0.1)
    plain = complier_effect(one, 0.0)
    assert plain is not None
    assert plain.estimate == pytest.approx(usual.estimate)


def test_the_standard_error_of_a_trimmed_mean() -> None:
    """Over 600 simulated trials the intervals cover the effect, wherever between the bounds it lies."""
    rng = np.random.Generator(np.random.Philox(11))
    covered, bounds = 0, []
    for _ in range(600):
        began = rng.random(200) < 0.8
        own, control = rng.normal(size=int(began.sum())) - 1.0, rng.normal(size=200)
        found = effect_bounds(Arms(own, np.empty(0), control, int(began.sum()), int((~began).sum())))
        assert found is not None
        covered += found.interval[0] <= -1.0 - 0.35 <= found.interval[1]  # the lower bound itself
        bounds.append(found.lower)
    assert np.mean(bounds) == pytest.approx(-1.35, abs=0.01)  # phi(z) / 0.8 with z the 20 % point of the normal
    assert 0.94 <= covered / 600 <= 0.99


def test_too_few() -> None:
    one = arms([1.0], [], [1.0, 2.0], 4, 1)
    assert complier_effect(one, 0.0) is None
    assert like_controls(one) is None
    assert effect_bounds(one) is None
    assert complier_effect(arms([1.0, 2.0], [1.0], [1.0, 2.0], 4, 1), None) is None


def test_nobody_differs() -> None:
    found = like_controls(arms([1.0, 1.0], [], [1.0, 1.0], 4, 1))
    assert found is not None
    assert (found.se, np.isnan(found.statistic)) == (0.0, True)

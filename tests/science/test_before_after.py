"""The change of the same people, against R."""

from math import isnan, nan

import numpy as np
import pytest

from confrere.science.before_after import change

BEFORE = np.array([3.2, 4.1, 2.8, 5.0, 3.9, 4.4, nan, 2.5])
R_LIMITS = (-1.0473186678172226, 0.0473186678172225)
AFTER = np.array([2.7, 4.3, 2.1, 3.8, 3.9, 3.6, 3.0, nan])


def test_the_change_and_its_interval_are_those_of_r() -> None:
    # R 4.2.2: t.test(after, before, paired = TRUE) over the six pairs.
    found = change(BEFORE, AFTER)
    assert found.n == 6
    assert (found.before.mean, found.after.mean) == pytest.approx((3.9, 3.4))
    assert found.estimate == pytest.approx(-0.5, abs=1e-12)
    assert (found.lower, found.upper) == pytest.approx(R_LIMITS, abs=1e-9)


def test_one_pair_has_no_interval_and_none_has_nothing() -> None:
    one = change(BEFORE[:1], AFTER[:1])
    assert (one.n, one.estimate) == (1, pytest.approx(-0.5))
    assert isnan(one.lower)
    assert isnan(change(np.array([]), np.array([])).estimate)


def test_when_everybody_changed_alike_the_limits_are_the_estimate() -> None:
    found = change(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    assert (found.lower, found.estimate, found.upper) == (1.0, 1.0, 1.0)


def test_other_people_before_than_after_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        change(BEFORE, AFTER[:2])

"""Descriptive numbers and raw tests; R 4.2.2's answers where a test is more than arithmetic."""

from math import isnan

import numpy as np
import pytest

from confrere.science.describe import fisher, pooled_sd, summarize, welch, wilcoxon

# Student's sleep data (R: datasets::sleep), extra hours with two drugs.
FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def test_summary_with_quartiles_of_type_7() -> None:
    found = summarize(FIRST)
    assert (found.n, found.mean, found.sd, found.median, found.q1, found.q3) == pytest.approx(
        (10, 0.75, 1.789010, 0.35, -0.175, 1.7), rel=1e-6
    )


def test_summary_of_nothing_and_of_one() -> None:
    assert summarize(np.empty(0)).n == 0
    assert isnan(summarize(np.empty(0)).mean)
    assert (summarize(np.array([2.0])).mean, isnan(summarize(np.array([2.0])).sd)) == (2.0, True)


def test_pooled_sd() -> None:
    assert pooled_sd([np.array([1.0, 3.0]), np.array([2.0, 4.0, 6.0]), np.array([9.0])]) == pytest.approx(
        ((2 + 8) / 3) ** 0.5
    )
    assert isnan(pooled_sd([np.array([1.0])]))


def test_welch() -> None:
    """R: t.test(extra ~ group, sleep): t = -1.8608, df = 17.776, p = 0.07939, CI -3.3654832 0.2054832."""
    found = welch(FIRST, SECOND)
    assert found is not None
    assert (found.estimate, found.statistic, found.df, found.p, found.lower, found.upper) == pytest.approx(
        (-1.58, -1.8608, 17.776, 0.07939, -3.3654832, 0.2054832), rel=1e-4
    )
    assert welch(FIRST[:1], SECOND) is None
    assert welch(np.ones(3), np.ones(3)) is None


def test_wilcoxon() -> None:
    """R: wilcox.test(extra ~ group, sleep, exact = FALSE): W = 25.5, p = 0.06933 (ties)."""
    found = wilcoxon(FIRST, SECOND)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((25.5, 0.06933), rel=1e-4)
    exact = wilcoxon(np.array([1.1, 2.2, 3.3]), np.array([4.4, 5.5, 6.6]))
    assert exact is not None
    assert exact.p == pytest.approx(0.1)
    assert wilcoxon(FIRST, np.empty(0)) is None


def test_fisher() -> None:
    """R: fisher.test(matrix(c(3, 1, 1, 3), 2)) (the lady tasting tea): p = 0.4857."""
    one, other = np.array([1, 1, 1, 0.0]), np.array([1, 0, 0, 0.0])
    found = fisher(one, other)
    assert found is not None
    assert (found.p, found.estimate) == pytest.approx((0.4857142857, 9.0))
    whole = fisher(np.ones(3), other)
    assert whole is not None
    assert whole.estimate is None
    assert fisher(np.empty(0), other) is None

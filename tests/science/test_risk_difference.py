"""Intervals of proportions against Newcombe's own table and R's prop.test."""

import pytest

from confrere.science.risk_difference import newcombe, wilson

# Newcombe RG. Stat Med 1998;17:873-890, Table II, method 10 (four decimals there).
PUBLISHED = [
    ((56, 70), (48, 80), 0.2, 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.6, 0.1705, 0.8090),
    ((0, 10), (0, 20), 0.0, -0.1611, 0.2775),
]


@pytest.mark.parametrize(("first", "second", "difference", "lower", "upper"), PUBLISHED)
def test_differences(
    first: tuple[int, int], second: tuple[int, int], difference: float, lower: float, upper: float
) -> None:
    found = newcombe(first, second)
    assert found is not None
    assert (found.estimate, found.lower, found.upper) == pytest.approx((difference, lower, upper), abs=5.1e-5)


def test_one_proportion() -> None:
    """R 4.2.2: ``prop.test(7, 31, correct = FALSE, conf.level = .9)$conf.int``."""
    assert wilson(7, 31, level=0.9) == pytest.approx((0.1273292481, 0.3683026790), abs=5e-10)
    assert wilson(0, 12) == pytest.approx((0.0, 0.2424940067), abs=5e-10)
    assert wilson(12, 12) == pytest.approx((0.7575059933, 1.0), abs=5e-10)


def test_nobody() -> None:
    assert wilson(0, 0) is None
    assert newcombe((0, 0), (1, 2)) is None
    assert newcombe((1, 2), (0, 0)) is None

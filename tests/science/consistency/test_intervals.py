"""Intervals against estimates, P values and the least width."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from confrere.science.consistency import (
    Printed,
    change_of_proportion,
    difference_of_means,
    interval_and_p,
    midpoint,
)

read = Printed.read


def test_an_estimate_lies_in_the_middle() -> None:
    assert midpoint(read("-0.79"), read("-1.27"), read("-0.32")).verdict == "agrees"
    assert midpoint(read("0.7"), read("0.0"), read("3.0")).verdict == "disagrees"
    assert midpoint(read("1.19"), read("1.07"), read("1.33"), scale="ratio").verdict == "agrees"
    assert midpoint(read("1.19"), read("1.07"), read("1.63"), scale="ratio").verdict == "disagrees"
    assert midpoint(read("0.2"), read("0.0"), read("1.0"), scale="ratio").verdict == "undecidable"


@pytest.mark.parametrize(
    ("numbers", "options", "verdict"),
    [
        (("-0.79", "-1.27", "-0.32", ".001"), {}, "agrees"),
        (("1.1", "0.04", "2.1", ".005"), {"n": 88}, "disagrees"),
        (("1.1", "0.04", "2.1", ".005"), {"test": "Wilcoxon rank sum"}, "undecidable"),
        (("1.1", "0.04", "2.1", ".04"), {"n": 88}, "agrees"),
        (("0.0", "-1.0", "1.0", ">.99"), {}, "agrees"),
        (("0.0", "-1.0", "1.0", ".5"), {}, "disagrees"),
        (("0.003", "0.003", "0.003", "<.001"), {}, "agrees"),
        (("1.19", "1.07", "1.33", ".001"), {"scale": "ratio"}, "agrees"),
        (("1.19", "1.07", "1.33", ".2"), {"scale": "ratio"}, "disagrees"),
        (("1.19", "0.0", "1.33", ".2"), {"scale": "ratio"}, "undecidable"),
        (("2.0", "0.4", "3.6", ".04"), {"level": 0.9}, "agrees"),
    ],
)
def test_interval_and_p(numbers: tuple[str, str, str, str], options: dict[str, object], verdict: str) -> None:
    assert interval_and_p(*(read(number) for number in numbers), **options).verdict == verdict  # type: ignore[arg-type]


@given(st.floats(-3, 3), st.floats(0.2, 3), st.integers(12, 400))
def test_no_true_interval_is_accused(estimate: float, se: float, n: int) -> None:
    df = n - 2
    half = float(stats.t.ppf(0.975, df)) * se
    p = 2 * float(stats.t.sf(abs(estimate) / se, df))
    texts = [f"{estimate:.2f}", f"{estimate - half:.2f}", f"{estimate + half:.2f}", f"{p:.3f}"]
    assert interval_and_p(*(read(text) for text in texts), n=n).verdict == "agrees"
    assert midpoint(*(read(text) for text in texts[:3])).verdict == "agrees"


DYRBYE = [("-29.3", "-34.0", "-24.6", (-19.5, 9.8)), ("-22.0", "-25.2", "-18.7", (-17.1, 4.9))]


@pytest.mark.parametrize(("estimate", "low", "high", "changes"), DYRBYE)
def test_nobody_could_be_that_sure(estimate: str, low: str, high: str, changes: tuple[float, float]) -> None:
    for known in (None, changes):
        for adjusted in (False, None):
            finding = change_of_proportion(
                read(estimate), read(low), read(high), n_first=44, n_second=44, changes=known, adjusted=adjusted
            )
            assert finding.verdict == "disagrees"
    reasons = change_of_proportion(
        read("-29.3"), read("-34.0"), read("-24.6"), n_first=44, n_second=44, changes=(-19.5, 9.8)
    ).reason
    assert reasons.startswith("The half-width is at most 4.75; without adjustment it is at least 14.6.")


def test_a_model_may_be_surer_within_reason() -> None:
    numbers = read("-29.3"), read("-39.3"), read("-19.3")
    verdicts = [
        change_of_proportion(*numbers, n_first=44, n_second=44, changes=(-19.5, 9.8), adjusted=adjusted).verdict
        for adjusted in (False, None, True)
    ]
    assert verdicts == ["disagrees", "undecidable", "undecidable"]
    wide = read("-29.3"), read("-45.3"), read("-13.3")
    assert change_of_proportion(*wide, n_first=44, n_second=44, changes=(-19.5, 9.8)).verdict == "agrees"
    assert change_of_proportion(read("0"), read("-1"), read("1"), n_first=9, n_second=9).verdict == "agrees"


def test_the_least_width_is_below_any_real_one() -> None:
    """Simulated changes of -1, 0 and 1: the usual standard error is never below the bound."""
    draw = np.random.default_rng(7)
    for _ in range(300):
        n = int(draw.integers(10, 60))
        arms = [draw.choice([-1, 0, 1], size=n, p=draw.dirichlet([1, 1, 1])) for _ in range(2)]
        means = [float(100 * arm.mean()) for arm in arms]
        half = 1.96 * 100 * math.sqrt(sum(arm.var() / n for arm in arms))
        estimate = means[0] - means[1]
        texts = [f"{estimate:.1f}", f"{estimate - half:.1f}", f"{estimate + half:.1f}"]
        for changes in (None, (means[0], means[1])):
            assert (
                change_of_proportion(
                    *(read(text) for text in texts), n_first=n, n_second=n, changes=changes, adjusted=False
                ).verdict
                == "agrees"
            )


@pytest.mark.parametrize(
    ("high", "adjusted", "verdict"),
    [("3.1", False, "agrees"), ("1.7", False, "disagrees"), ("1.7", None, "undecidable"), ("1.7", True, "undecidable")],
)
def test_the_width_follows_from_the_groups(high: str, adjusted: bool | None, verdict: str) -> None:
    finding = difference_of_means(
        read("0.0"), read(high), sd_first=read("3.0"), sd_second=read("4.2"), n_first=44, n_second=44, adjusted=adjusted
    )
    assert finding.verdict == verdict

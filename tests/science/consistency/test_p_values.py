"""P made again from means, counts and standard errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from confrere.science.consistency import Printed, p_of_counts, p_of_means, p_of_se

read = Printed.read
GROUPS = {"means": (read("1.2"), read("0.1")), "sds": (read("2.5"), read("1.7")), "sizes": (44, 44)}


@pytest.mark.parametrize(
    ("p", "options", "verdict"),
    [
        (".02", {}, "agrees"),
        (".005", {"test": "Welch t test"}, "disagrees"),
        (".005", {"test": "Student"}, "disagrees"),
        (".005", {"test": "t-test", "adjusted": True}, "undecidable"),
        (".005", {}, "undecidable"),
        (".005", {"test": "Wilcoxon"}, "undecidable"),
    ],
)
def test_two_means(p: str, options: dict[str, object], verdict: str) -> None:
    finding = p_of_means(read(p), **GROUPS, **options)  # type: ignore[arg-type]
    assert finding.verdict == verdict


def test_means_that_round_alike_may_be_equal() -> None:
    same = p_of_means(read("1.0"), means=(read("2.0"), read("2.0")), sds=(read("1.0"), read("1.0")), sizes=(9, 9))
    assert same.verdict == "agrees"
    assert same.reason == "The numbers give P between 0.83 and 1; 1.0 is printed."


@given(st.integers(3, 30), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_true_t_test_is_accused(n: int, seed: int, equal: bool) -> None:
    draw = np.random.default_rng(seed)
    first, second = draw.standard_normal(n), draw.standard_normal(n + 2) * 2 + 1
    p = float(stats.ttest_ind(first, second, equal_var=equal).pvalue)
    finding = p_of_means(
        read(f"{p:.3f}"),
        means=(read(f"{first.mean():.2f}"), read(f"{second.mean():.2f}")),
        sds=(read(f"{first.std(ddof=1):.2f}"), read(f"{second.std(ddof=1):.2f}")),
        sizes=(n, n + 2),
        test="t test",
    )
    assert finding.verdict == "agrees"


@pytest.mark.parametrize(
    ("p", "options", "verdict"),
    [
        (".014", {"test": "Fisher exact"}, "agrees"),
        (".011", {"test": "Fisher exact"}, "disagrees"),
        (".008", {"test": "chi-squared"}, "agrees"),
        (".015", {"test": "chi-squared"}, "agrees"),
        (".5", {"test": "Yates"}, "disagrees"),
        (".5", {}, "undecidable"),
        (".5", {"test": "fisher", "adjusted": True}, "undecidable"),
    ],
)
def test_two_counts(p: str, options: dict[str, object], verdict: str) -> None:
    assert p_of_counts(read(p), counts=(10, 22), sizes=(44, 44), **options).verdict == verdict  # type: ignore[arg-type]


def test_counts_without_any_event() -> None:
    assert p_of_counts(read("1.0"), counts=(0, 0), sizes=(9, 9), test="chi").verdict == "undecidable"
    assert p_of_counts(read("1.0"), counts=(0, 0), sizes=(9, 9)).verdict == "agrees"


@pytest.mark.parametrize(
    ("p", "n", "verdict"),
    [(".001", 123, "agrees"), (".02", 123, "disagrees"), (".01", None, "agrees"), (".01", 123, "disagrees")],
)
def test_an_estimate_with_its_standard_error(p: str, n: int | None, verdict: str) -> None:
    assert p_of_se(read(p), estimate=read("-0.79"), se=read("0.242"), n=n).verdict == verdict


def test_an_estimate_that_rounds_to_zero() -> None:
    assert p_of_se(read("1.00"), estimate=read("0.0"), se=read("0.2"), n=100).verdict == "agrees"

"""Grain of means, pooled groups, differences and relative changes."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.science.consistency import (
    Group,
    Printed,
    difference,
    grim,
    pooled_mean,
    pooled_sd,
    possible_sd,
    relative_change,
)

read = Printed.read


def test_a_mean_of_whole_answers_has_a_grain() -> None:
    assert grim(read("3.44"), 18).verdict == "agrees"
    finding = grim(read("3.45"), 18)
    assert (finding.verdict, finding.reason) == (
        "disagrees",
        "The nearest mean that 18 people can have is 3.44444; 3.45 is printed.",
    )
    assert grim(read("3.45"), 18, items=2).verdict == "disagrees"
    assert grim(read("3.45"), 200).verdict == "undecidable"
    assert grim(read("50.1"), 20, step=5.0).verdict == "disagrees"


@given(st.lists(st.integers(0, 6), min_size=2, max_size=40))
def test_no_true_mean_is_accused(answers: list[int]) -> None:
    printed = read(f"{statistics.fmean(answers):.2f}")
    assert grim(printed, len(answers)).verdict != "disagrees"


groups_of_numbers = st.lists(st.lists(st.integers(0, 100), min_size=2, max_size=12), min_size=1, max_size=4)


@given(groups_of_numbers)
def test_no_true_pooling_is_accused(groups: list[list[int]]) -> None:
    printed = [Group(len(g), read(f"{statistics.fmean(g):.1f}"), read(f"{statistics.stdev(g):.1f}")) for g in groups]
    everyone = [value for group in groups for value in group]
    assert pooled_sd(read(f"{statistics.stdev(everyone):.1f}"), printed).verdict == "agrees"
    assert pooled_mean(read(f"{statistics.fmean(everyone):.1f}"), printed).verdict == "agrees"


def test_a_pooled_number_outside_its_groups_is_found() -> None:
    groups = [Group(67, read("12.4"), read("9.2")), Group(71, read("11.7"), read("10.0"))]
    assert pooled_sd(read("9.6"), groups).verdict == "agrees"
    finding = pooled_sd(read("9.7"), groups)
    assert finding.verdict == "disagrees"
    assert finding.reason == "The groups give between 9.54 and 9.643; 9.7 is printed."
    assert pooled_mean(read("12.0"), groups).verdict == "agrees"
    assert pooled_mean(read("12.2"), groups).verdict == "disagrees"


def test_differences_allow_for_rounding_and_no_more() -> None:
    assert difference(read("-0.79"), read("-0.71"), read("0.09")).verdict == "agrees"
    assert difference(read("-0.78"), read("-0.71"), read("0.09")).verdict == "disagrees"


@pytest.mark.parametrize(
    ("relative", "unit", "verdict", "hint"),
    [
        ("-0.30", "proportion", "agrees", "is printed."),
        ("-29.6", "percent", "agrees", "is printed."),
        ("-0.30", "percent", "disagrees", "It fits as a proportion."),
        ("-29.6", "proportion", "disagrees", "It fits as a percentage."),
        ("29.6", "percent", "disagrees", "Its sign is turned."),
        ("-50", "percent", "disagrees", "-50 is printed."),
    ],
)
def test_relative_changes(relative: str, unit: str, verdict: str, hint: str) -> None:
    finding = relative_change(
        read(relative), read("-0.82"), read("2.77"), unit="percent" if unit == "percent" else "proportion"
    )
    assert finding.verdict == verdict
    assert finding.reason.endswith(hint)


def test_the_least_pooled_sd_takes_means_together() -> None:
    same = [Group(2, read("1"), read("0")), Group(2, read("1"), read("0"))]
    assert pooled_sd(read("0"), same).verdict == "agrees"


@pytest.mark.parametrize(
    ("mean", "sd", "verdict"),
    [("3.4", "1.5", "agrees"), ("3.4", "6.0", "disagrees"), ("5.0", "5.0", "agrees"), ("11.0", "1.0", "disagrees")],
)
def test_answers_on_a_scale_spread_only_so_far(mean: str, sd: str, verdict: str) -> None:
    assert possible_sd(read(mean), read(sd), 52, low=0, high=10).verdict == verdict


@given(st.lists(st.integers(0, 10), min_size=2, max_size=30))
def test_no_true_sd_is_accused(answers: list[int]) -> None:
    mean, sd = read(f"{statistics.fmean(answers):.1f}"), read(f"{statistics.stdev(answers):.1f}")
    assert possible_sd(mean, sd, len(answers), low=0, high=10).verdict == "agrees"

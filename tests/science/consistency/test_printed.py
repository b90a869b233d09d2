"""Printed numbers and what their rounding leaves open."""

import math

import pytest

from confrere.science.consistency import Printed


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("-0.79", -0.79, -0.795, -0.785),
        ("−0.79", -0.79, -0.795, -0.785),
        (".13", 0.13, 0.125, 0.135),
        ("138", 138, 137.5, 138.5),
        ("1e-3", 0.001, 0.0005, 0.0015),
        ("93.0%", 93, 92.95, 93.05),
        ("<.001", 0.001, 0, 0.001),
        ("≤0.05", 0.05, 0, 0.05),
        (">0.99", 0.99, 0.99, math.inf),
    ],
)
def test_a_printed_number_is_a_range(text: str, value: float, low: float, high: float) -> None:
    read = Printed.read(text)
    assert read.value == value
    assert read.low == pytest.approx(low, rel=1e-12)
    assert read.high == pytest.approx(high, rel=1e-12)


@pytest.mark.parametrize("text", ["", "n/a", "1,5", "2 (1)", "nan", "1_0", "1e400", "1e-400", "9" * 30])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a printed number"):
        Printed.read(text)


def test_ties_are_open_both_ways() -> None:
    assert Printed.read("0.12").may_be(0.125)
    assert Printed.read("0.13").may_be(0.125)
    assert not Printed.read("0.13").may_be(0.1249)
    assert Printed.read("0.13").may_be(0.1, 0.2)

"""Shrunken values of groups, against lme4 and by hand, and which of them may be shown."""

import json
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from confrere.science.shrinkage import ShrinkageError, Shrunken, released, sentences, shrink

#: lme4 1.1-31 by `validation/coaches/references.R`; it stops where the likelihood moves by less than 1e-14.
REFERENCE = json.loads((Path(__file__).parents[1] / "data/estimands/coach_level.json").read_text())


def shrunken(name: str) -> tuple[dict[str, list[float]], Shrunken]:
    row = REFERENCE[name]
    _names, group = np.unique(row["coach"], return_inverse=True)
    return row, shrink(np.array(row["value"], dtype=np.float64), group)


@pytest.mark.parametrize("name", ["unequal", "none"])
def test_values_are_those_of_lme4(name: str) -> None:
    row, found = shrunken(name)
    # Both search for a flat maximum: it agrees to half the digits of the likelihood.
    assert found.mean == pytest.approx(row["mean"], rel=1e-6)
    assert (found.between, found.within) == pytest.approx((row["between"], row["within"]), rel=2e-5, abs=1e-9)
    assert found.effect == pytest.approx(np.array(row["effect"]), rel=2e-5, abs=1e-6)
    assert found.spread == pytest.approx(np.array(row["spread"]), rel=2e-5, abs=1e-6)


def test_by_hand_with_groups_of_one_size() -> None:
    """Balanced: between = (MSB - MSW) / n, b = 1 - MSW / MSB, and the mean is the plain one."""
    values = np.array([1.0, 2, 3, 5, 6, 7, 9, 10, 11])
    found = shrink(values, np.repeat(np.arange(3), 3))
    within, among = 1.0, 3 * np.var([2, 6, 10], ddof=1)
    assert (found.mean, found.within, found.between) == pytest.approx((6, within, (among - within) / 3), rel=1e-6)
    pull = within / among
    assert found.value == pytest.approx(np.array([2 + 4 * pull, 6, 10 - 4 * pull]), rel=1e-6)
    # The error of a value: what the answers leave open, and the mean's own.
    open_, of_mean = pull * found.between, among / 9
    assert found.error == pytest.approx(np.full(3, sqrt(open_ + pull**2 * of_mean)), rel=1e-5)


def test_few_answers_are_drawn_further_to_the_mean() -> None:
    _row, found = shrunken("unequal")
    kept = found.effect / (found.raw - found.mean)
    assert list(np.argsort(kept)) == list(np.argsort(found.size))
    assert np.all((kept > 0) & (kept < 1))


@pytest.mark.parametrize(
    ("values", "group", "sentence"),
    [
        ([1, 2, 3], [0, 0, 0], "only one group"),
        ([1, 2, 3], [0, 1, 2], "groups and people cannot be told apart"),
        ([1, 1, 3, 3], [0, 0, 1, 1], "never differ"),
        ([0, 0, 0, 0], [0, 0, 1, 1], "never differ"),
    ],
)
def test_what_cannot_be_shrunken(values: list[float], group: list[int], sentence: str) -> None:
    with pytest.raises(ShrinkageError, match=sentence):
        shrink(np.array(values, dtype=np.float64), np.array(group))


# people of each group | which are shown
RELEASED = [
    ([5, 6, 9], [True, True, True]),
    ([4, 6, 9], [False, False, True]),  # otherwise all minus those shown would be the four
    ([4, 6, 6, 9], [False, False, False, True]),
    ([2, 3, 9], [False, False, True]),  # five together
    ([4, 5], [False, False]),
    ([1, 1], [False, False]),
]


@pytest.mark.parametrize(("size", "shown"), RELEASED)
def test_what_may_be_shown(size: list[int], shown: list[bool]) -> None:
    assert released(np.array(size)).tolist() == shown


def test_no_total_minus_what_is_shown_leads_to_fewer_than_five() -> None:
    chance = np.random.default_rng(20241003)
    for _each in range(2000):
        size = chance.integers(1, 12, chance.integers(2, 9))
        shown = released(size)
        assert np.all(size[shown] >= 5)
        assert int(size[~shown].sum()) not in range(1, 5) or not shown.any()


def test_it_is_told_by_name_and_not_by_value() -> None:
    row, found = shrunken("unequal")
    told = sentences(found, list("abcdefg"))
    assert list(told) == ["c", "d", "e", "f", "g"]  # a has three answers, and b could be told from the rest
    value, low, high = told["e"]
    assert (value, low < value < high) == (round(row["mean"] + row["effect"][4], 1), True)
    wide = sentences(found, list("abcdefg"), level=0.99)["e"]
    assert wide[1] < low

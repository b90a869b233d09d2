"""The language of analysis sets and branching: every case reads like a table."""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from confrere.science.expression import DEEPEST, LONGEST, ExpressionError, compile_expression

COLUMNS: dict[str, NDArray[Any]] = {
    "mitt": np.array([1, 0, 1, 1]),
    "score": np.array([2.5, np.nan, 7.5, -1.0]),
    "gender": np.array(["woman", "man", "", "nonbinary"]),
    "site": np.array(["a", None, "b", "a"], dtype=object),
    "grade": np.array([1, None, 2, float("nan")], dtype=object),
    "empty": np.array([None, None, None, None], dtype=object),
    "unanswered": np.full(4, np.nan),
    "treated": np.array([True, False, True, False]),
    "age group": np.array(["31_40", "41_50", "31_40", "over_60"]),
    "mixed": np.array(["a", 1, None, 2], dtype=object),
}


def rows(text: str) -> list[int]:
    """The positions of the rows that an expression keeps."""
    kept = compile_expression(text, names=COLUMNS).evaluate(COLUMNS)
    assert kept.dtype == np.bool_
    assert kept.shape == (4,)
    return np.flatnonzero(kept).tolist()


def refused(text: str) -> tuple[str, int]:
    """The sentence and the position of a refusal, at reading or at evaluation."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, names=COLUMNS).evaluate(COLUMNS)
    assert str(caught.value) == f"{caught.value.sentence} (position {caught.value.position})"
    return caught.value.sentence, caught.value.position


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mitt == 1", [0, 2, 3]),
        ("mitt != 1", [1]),
        ("score < 2.5", [3]),
        ("score <= 2.5", [0, 3]),
        ("score > -1", [0, 2]),
        ("score >= .25e1", [0, 2]),
        ("0 < score <= 5", [0]),
        ("1 == mitt", [0, 2, 3]),
        ("gender == 'woman'", [0]),
        ('site == "a"', [0, 3]),
        ("grade == 2", [2]),
        ("treated == 1", [0, 2]),
        ("mitt == treated", [0, 1, 2]),
        ("gender in ('woman', 'man')", [0, 1]),
        ("gender not in ('woman', 'man')", [3]),
        ("score in (2.5, 7.5)", [0, 2]),
        ("[age group] == '31_40'", [0, 2]),
        ("mitt == 1 and site == 'a'", [0, 3]),
        ("gender == 'man' or score > 7", [1, 2]),
        ("gender == 'man' or score > 7 and mitt == 0", [1]),
        ("(gender == 'man' or score > 7) and mitt == 1", [2]),
        ("not mitt == 1", [1]),
        ("not not mitt == 1", [0, 2, 3]),
    ],
)
def test_keeps(text: str, kept: list[int]) -> None:
    assert rows(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("missing(score)", [1]),
        ("missing(gender)", [2]),
        ("missing(grade)", [1, 3]),
        ("missing(unanswered)", [0, 1, 2, 3]),
        ("not missing(site)", [0, 2, 3]),
        ("score != 2.5", [2, 3]),
        ("not score == 2.5", [1, 2, 3]),
        ("gender not in ('woman')", [1, 3]),
        ("empty == 'x'", []),
        ("empty == 1", []),
        ("unanswered == 1", []),
        ("unanswered not in (1)", []),
    ],
)
def test_a_comparison_with_a_missing_value_is_false(text: str, kept: list[int]) -> None:
    assert rows(text) == kept


@pytest.mark.parametrize(
    ("text", "sentence", "position"),
    [
        ("", "Expected the name of a column here.", 1),
        ("  mit == 1", "There is no column mit. Did you mean mitt?", 3),
        ("zzz == 1", "There is no column zzz.", 1),
        ("mitt = 1", "Write == to compare.", 6),
        ("mitt", "Expected a comparison such as == 1 here.", 5),
        ("mitt == 1 mitt", "Expected and, or, or the end here.", 11),
        ("(mitt == 1", "Expected ) here.", 11),
        ("gender == 'woman", "This text has no closing quote.", 11),
        ("gender == ''", "An empty text means missing; ask with missing(…).", 11),
        ("mitt == 1 & score == 2", "& does not belong into an expression.", 11),
        ("mitt == 1x", "1 does not belong into an expression.", 9),
        ("mitt not 1", "Expected in after not here.", 10),
        ("1 == 1", "Compare with a column, not two fixed values.", 3),
        ("1 in (1, 2)", "Before in stands a column.", 1),
        ("mitt in 1", "Expected ( here.", 9),
        ("mitt in (mitt)", "Expected a number or a text in quotes here.", 10),
        ("mitt in (1, 'a')", "A list holds numbers or texts, not both.", 6),
        ("missing(1)", "Expected the name of a column here.", 9),
        ("and == 1", "Expected the name of a column here.", 1),
        ("mitt == 'a'", "A text and a number cannot be compared.", 6),
        ("gender in (1)", "A text and a number cannot be compared.", 8),
        ("gender < 'woman'", "< compares numbers, and these are texts.", 8),
        ("mixed == 1", "Column mixed mixes texts with numbers.", 1),
    ],
)
def test_refuses_with_a_sentence_and_a_place(text: str, sentence: str, position: int) -> None:
    assert refused(text) == (sentence, position)


def test_a_name_that_does_not_exist_is_not_run() -> None:
    assert refused("__import__('os') == 1")[0] == "There is no column __import__."


def test_depth_and_length_are_bounded() -> None:
    assert rows("(" * (DEEPEST - 1) + "mitt == 1" + ")" * (DEEPEST - 1)) == [0, 2, 3]
    assert refused("not " * (DEEPEST + 1) + "mitt == 1")[0] == "The expression is nested deeper than 50 levels."
    assert refused(" " * (LONGEST + 1)) == (f"The expression is longer than {LONGEST} characters.", LONGEST)


def test_columns_are_checked_at_evaluation() -> None:
    compiled = compile_expression("mitt == 1 and score > 0", names=COLUMNS)
    assert compiled.names == {"mitt", "score"}
    assert compiled.text == "mitt == 1 and score > 0"
    with pytest.raises(ExpressionError, match="no column score"):
        compiled.evaluate({"mitt": np.array([1])})
    with pytest.raises(ExpressionError, match="same length"):
        compiled.evaluate({"mitt": np.array([1]), "score": np.array([1, 2])})


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_plain_refusal(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert compile_expression(text, names=COLUMNS).names <= COLUMNS.keys()


@given(st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=1), st.floats(-5, 5))
def test_agrees_with_python(values: list[float], limit: float) -> None:
    kept = compile_expression(f"x >= {limit!r} and not x == 0", names=["x"]).evaluate({"x": np.array(values)})
    assert kept.tolist() == [value >= limit and value != 0 for value in values]

"""Branching: what is understood, its one spelling, its negation, and the same condition in our own language."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.analysis.questionnaire.logic import (
    Asked,
    Comparison,
    Condition,
    Fixed,
    Joined,
    LogicError,
    negated,
    parse,
    to_text,
)
from confrere.analysis.questionnaire.model import Choice, Field, Kind
from confrere.analysis.questionnaire.rule import column_of, to_rule
from confrere.science.expression import compile_expression

CODES = (Choice(code="1", label="one"), Choice(code="2", label="two"))
WORDS = (Choice(code="a", label="A"), Choice(code="b-2", label="B"))
FIELDS = {
    field.name: field
    for field in (
        Field(name="age", kind=Kind.INTEGER),
        Field(name="or", kind=Kind.SLIDER),
        Field(name="ward", kind=Kind.CHOICE, choices=CODES),
        Field(name="land", kind=Kind.CHOICE, choices=WORDS),
        Field(name="gym", kind=Kind.CHOICES, choices=WORDS),
        Field(name="why", kind=Kind.TEXT),
        Field(name="read", kind=Kind.DISPLAY),
    )
}


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ('[sex]="0"', "[sex] = '0'"),
        ("[sex] = “0”", "[sex] = '0'"),
        ("5 < [age]", "[age] > 5"),
        ("[a] != '' AND [b] == 1.5", "[a] <> '' and [b] = 1.5"),
        ("([a]='1' || [b]='2') && [c(3)]='1'", "([a] = '1' or [b] = '2') and [c(3)] = '1'"),
        ("(([a] >= -3))", "[a] >= -3"),
        ('[a] = "it\'s"', '[a] = "it\'s"'),
        ("[a] <= [b]", "[a] <= [b]"),
    ],
)
def test_one_spelling(written: str, spelled: str) -> None:
    assert to_text(parse(written)) == spelled
    assert parse(spelled) == parse(written)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "The condition ends too early."),
        ("[a] =", "The condition ends too early."),
        ("[a] '1'", "Not understood from \"'1'\" on."),
        ("[a] 5 [b]", 'Not understood from "5 [b]" on.'),
        ("[a] = '1' [b]", 'Not understood from "[b]" on.'),
        ("datediff([a], 'today', 'y') > 3", "Not understood from \"datediff([a], 'today', 'y') > 3\" on."),
        ("[event][a] = '1'", 'Not understood from "[event][a]'),
        ("1 = 1", "Two fixed values are compared; a condition must ask about a field."),
        ("([a] = '1'", "The condition ends too early."),
        ("(" * 31 + "[a] = 1" + ")" * 31, "The condition is nested deeper than 30 levels."),
        ("x" * 20_001, "The condition is longer than 20000 characters."),
    ],
)
def test_what_is_not_understood(written: str, sentence: str) -> None:
    with pytest.raises(LogicError) as caught:
        parse(written)
    assert sentence in str(caught.value)


def test_negations_in_words() -> None:
    assert to_text(negated(parse("[a] < 5"))) == "[a] >= 5 or [a] = ''"
    assert to_text(negated(parse("[a] = '1' and [g(2)] = '1'"))) == "[a] <> '1' or [g(2)] <> '1'"
    assert to_text(negated(parse("[a] >= 5 or [a] = ''"))) == "[a] < 5"
    assert to_text(negated(parse("([a] = '1' and [b] = '1') or [c] = '1'"))) == (
        "([a] <> '1' or [b] <> '1') and [c] <> '1'"
    )
    assert to_text(negated(parse("[a] <= 5 or [b] = ''"))) == "([a] > 5 or [a] = '') and [b] <> ''"


# --- the meaning -----------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([Fixed("1", number=True), Fixed("2"), Fixed("1.5")])


def compared(name: str, values: st.SearchStrategy[Asked | Fixed], signs: str) -> st.SearchStrategy[Condition]:
    return st.builds(Comparison, st.just(Asked(name)), st.sampled_from(signs.split()), values)


def box(code: str) -> st.SearchStrategy[Condition]:
    told = st.sampled_from([Fixed("1"), Fixed("0", number=True)])
    return st.builds(Comparison, st.just(Asked("gym", code)), st.sampled_from(["=", "<>"]), told)


LEAVES = st.one_of(
    compared("age", NUMBERS, "= <> < <= > >="),
    compared("age", st.just(Asked("or")), "= <> < <= > >="),
    compared("age", st.just(Fixed("")), "= <>"),
    compared("or", NUMBERS, "< >="),
    compared("ward", NUMBERS, "= <>"),
    compared("land", st.sampled_from([Fixed("a"), Fixed("b-2")]), "= <>"),
    compared("why", st.sampled_from([Fixed("it's"), Fixed("")]), "= <>"),
    box("a"),
    box("b-2"),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(Joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {
        "age": st.sampled_from([None, 1.0, 1.5, 2.0]),
        "or": st.sampled_from([None, 1.0, 2.0]),
        "ward": st.sampled_from([None, 1.0, 2.0]),
        "land": st.sampled_from([None, "a", "b-2"]),
        "why": st.sampled_from([None, "it's"]),
        "gym___a": st.sampled_from([0.0, 1.0]),
        "gym___b_2": st.sampled_from([0.0, 1.0]),
    }
)


def holds(condition: Condition, answers: Mapping[str, float | str | None]) -> bool:
    """What the condition means, said once more and in another way."""
    if isinstance(condition, Joined):
        said = [holds(part, answers) for part in condition.parts]
        return all(said) if condition.word == "and" else any(said)
    left = answers[column_of(condition.left)]
    right: float | str | None
    if isinstance(condition.right, Asked):
        right = answers[column_of(condition.right)]
    elif condition.right.value == "":
        right = None
    else:
        right = condition.right.value if condition.left.name in {"land", "why"} else float(condition.right.value)
    if condition.sign in {"=", "<>"}:
        return (left == right) == (condition.sign == "=")
    if left is None or right is None:
        return False
    assert isinstance(left, float)
    assert isinstance(right, float)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[condition.sign]


@given(CONDITIONS, ANSWERS)
@settings(derandomize=True, deadline=None)
def test_text_negation_and_our_own_language_mean_the_same(
    condition: Condition, answers: dict[str, float | str | None]
) -> None:
    expected = holds(condition, answers)
    assert parse(to_text(condition)) == condition
    assert holds(negated(condition), answers) is not expected
    assert holds(negated(negated(condition)), answers) is expected
    rule = to_rule(condition, FIELDS)
    columns = {name: np.array([answer], dtype=object) for name, answer in answers.items()}
    assert bool(compile_expression(rule, names=columns).evaluate(columns)[0]) is expected


def test_rules_in_words() -> None:
    assert to_rule(parse("[age] >= 5 and [ward] = '1'"), FIELDS) == "(age >= 5 and ward == 1)"
    assert to_rule(parse("[or] = 3 or [why] <> ''"), FIELDS) == "([or] == 3 or not missing(why))"
    assert to_rule(parse("[gym(b-2)] = '0'"), FIELDS) == "not gym___b_2 == 1"
    assert to_rule(parse("[age] <> [or]"), FIELDS) == ("not (age == [or] or (missing(age) and missing([or])))")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("[nobody] = '1'", "There is no field nobody."),
        ("[gym] = '1'", "gym has no single answer that can be compared."),
        ("[ward(1)] = '1'", "ward has no single answer that can be compared."),
        ("[read] = '1'", "read has no single answer that can be compared."),
        ("[age] = [why]", "A text and a number cannot be compared."),
        ("[why] > 'a'", "> compares numbers, and these are texts."),
        ("[why] > [land]", "> compares numbers, and these are texts."),
        ("[gym(a)] > '1'", "A box is ticked (1) or not (0)."),
        ("[age] = 'old'", '"old" is not a number.'),
    ],
)
def test_what_our_language_cannot_say(written: str, sentence: str) -> None:
    with pytest.raises(LogicError) as caught:
        to_rule(parse(written), FIELDS)
    assert str(caught.value) == sentence


def test_a_text_with_both_kinds_of_quotes() -> None:
    with pytest.raises(LogicError, match="both kinds of quotes"):
        to_rule(Comparison(Asked("why"), "=", Fixed("\"'")), FIELDS)

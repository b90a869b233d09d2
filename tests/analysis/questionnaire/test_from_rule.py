"""Conditions of our own surveys as REDCap's logic: the same truth for every answer, also for none."""

from itertools import product

import numpy as np
import pytest

from confrere.analysis.questionnaire.from_rule import from_rule
from confrere.analysis.questionnaire.logic import Asked, to_text
from confrere.analysis.questionnaire.model import Choice, Field, Kind
from confrere.analysis.questionnaire.rule import to_rule
from confrere.science.expression import ExpressionError, compile_expression

FIELDS = {
    "ward": Field(name="ward", kind=Kind.TEXT),
    "other": Field(name="other", kind=Kind.TEXT),
    "years": Field(name="years", kind=Kind.NUMBER),
    "beds": Field(name="beds", kind=Kind.NUMBER),
    "week": Field(name="week", kind=Kind.CHOICES, choices=(Choice(code="1", label="N"), Choice(code="2", label="W"))),
}
COLUMNS = {name: Asked(name) for name in ("ward", "other", "years", "beds")} | {"week___1": Asked("week", "1")}
ANSWERS = {
    "ward": ("a", "b", None),
    "other": ("a", None),
    "years": (3.0, 5.0, 8.0, None),
    "beds": (5.0, 8.0, None),
    "week___1": (0.0, 1.0),
}
CONDITIONS = [
    ("ward == 'a'", "[ward] = 'a'"),
    ("ward != 'a'", "[ward] <> 'a' and [ward] <> ''"),
    ("'a' == ward", "[ward] = 'a'"),
    ("years > 5", "[years] > 5"),
    ("5 > years", "[years] < 5"),
    ("years == 5", "[years] = '5'"),
    ("3 <= years < 8", "[years] >= 3 and [years] < 8"),
    ("years < beds", "[years] < [beds]"),
    ("years == beds", "[years] = [beds] and [years] <> ''"),
    ("years != beds", "[years] <> [beds] and [years] <> '' and [beds] <> ''"),
    ("missing(ward)", "[ward] = ''"),
    ("not ward == 'a'", "[ward] <> 'a'"),
    ("ward in ('a', 'b')", "[ward] = 'a' or [ward] = 'b'"),
    ("ward not in ('a', 'b')", "[ward] <> 'a' and [ward] <> 'b' and [ward] <> ''"),
    ("week___1 == 1 and (years > 5 or missing(ward))", "[week(1)] = '1' and ([years] > 5 or [ward] = '')"),
    ("not (years > 5 and ward == 'a')", "([years] <= 5 or [years] = '') or [ward] <> 'a'"),
]


@pytest.mark.parametrize(("ours", "theirs"), CONDITIONS)
def test_how_it_reads(ours: str, theirs: str) -> None:
    assert to_text(from_rule(ours, COLUMNS)) == theirs


@pytest.mark.parametrize(("ours", "theirs"), [*CONDITIONS, ("not years < beds", ""), ("not ward not in ('a')", "")])
def test_it_means_the_same_for_every_answer(ours: str, theirs: str) -> None:
    again = to_rule(from_rule(ours, COLUMNS), FIELDS)
    table = np.array(list(product(*ANSWERS.values())), dtype=object)
    columns = {name: table[:, place] for place, name in enumerate(ANSWERS)}
    first, second = (compile_expression(text, names=COLUMNS.keys()).evaluate(columns) for text in (ours, again))
    assert np.array_equal(first, second)


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(ExpressionError, match="There is no column yers"):
        from_rule("yers > 1", COLUMNS)

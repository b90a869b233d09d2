"""Conditions as a browser walks them."""

import pytest
from tests.surveys.conftest import GENDER, THEMES, YEARS

from confrere.surveys.definition import Kind, Question
from confrere.surveys.sheets import condition

BEFORE = (GENDER, THEMES, YEARS)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("years >= 3", [">=", {"name": "years"}, {"value": 3.0}]),
        ("gender == 'man'", ["==", {"name": "gender"}, {"value": "man"}]),
        ("not missing(years)", ["not", ["missing", "years"]]),
        ("gender in ('man', 'woman')", ["in", False, "gender", ["man", "woman"]]),
        ("gender not in ('man')", ["in", True, "gender", ["man"]]),
        (
            "themes___care == 1 or 1 < years < 5",
            [
                "or",
                ["==", {"name": "themes___care"}, {"value": 1.0}],
                ["and", ["<", {"value": 1.0}, {"name": "years"}], ["<", {"name": "years"}, {"value": 5.0}]],
            ],
        ),
    ],
)
def test_a_condition_becomes_a_tree(text: str, tree: list[object]) -> None:
    asked = Question(name="asked", kind=Kind.TEXT, text="?", condition=text)
    assert condition(asked, BEFORE) == tree


def test_no_condition_is_no_tree() -> None:
    assert condition(GENDER, ()) is None

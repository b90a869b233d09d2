from dataclasses import replace

import pytest
from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS

from confrere.surveys import definition
from confrere.surveys.definition import Kind, Option, Question, Value
from confrere.surveys.definition.branching import box, cells, columns, names_before, renamed

CODED = Question(
    name="ward", kind=Kind.CHOICE, text="Ward", options=(Option(value="0", label="A"), Option(value="1", label="B"))
)
NOTE = Question(name="hello", kind=Kind.NOTE, text="Welcome", condition="years >= 10")
KEPT = Question(name="file", kind=Kind.KEPT)


def names(*questions: Question, **answers: Value) -> list[str]:
    return [question.name for question in definition.asked(questions, answers)]


def test_names_of_answers_and_what_conditions_see() -> None:
    assert columns(THEMES) == {"themes___care": float, "themes___skills": float}
    assert columns(CODED) == {"ward": float}
    assert columns(GENDER) == {"gender": str}
    assert columns(YEARS) == {"years": float}
    assert columns(NOTE) == columns(KEPT) == {}
    assert box("a", "-B") == "a____b"
    assert names_before((THEMES, GENDER)) == {"themes___care", "themes___skills", "gender"}


def test_what_conditions_see_of_an_answer() -> None:
    assert cells(THEMES, ["care"]) == {"themes___care": 1.0, "themes___skills": 0.0}
    assert cells(THEMES, None) == {"themes___care": None, "themes___skills": None}
    assert cells(CODED, "1") == {"ward": 1.0}
    assert cells(GENDER, "man") == {"gender": "man"}
    assert cells(YEARS, None) == {"years": None}


@pytest.mark.parametrize(
    ("condition", "answers", "shown"),
    [
        ("gender == 'man'", {"gender": "man"}, True),
        ("gender == 'man'", {"gender": "woman"}, False),
        ("gender != 'man'", {}, False),
        ("not gender == 'man'", {}, True),
        ("themes___care == 1 and years > 3", {"themes": ["care"], "years": 4}, True),
        ("themes___care == 1 and years > 3", {"themes": ["skills"], "years": 4}, False),
        ("missing(years) or ward == 1", {"years": 2, "ward": "1"}, True),
    ],
)
def test_a_question_is_asked_where_its_condition_holds(condition: str, answers: dict[str, Value], shown: bool) -> None:
    last = replace(WORDS, condition=condition)
    assert (names(GENDER, THEMES, YEARS, CODED, last, **answers)[-1] == "words") is shown


def test_notes_are_shown_and_kept_fields_are_not() -> None:
    assert names(YEARS, NOTE, KEPT, years=12) == ["years", "hello"]


def test_the_answer_to_a_question_that_is_not_asked_counts_as_missing() -> None:
    second = replace(YEARS, condition="gender == 'man'")
    third = replace(WORDS, condition="years > 3")
    questions = (GENDER, second, third)
    answers: dict[str, Value] = {"gender": "woman", "years": 12, "words": "many"}
    assert names(*questions, **answers) == ["gender"]
    assert definition.fallen(questions, answers) == ("years", "words")
    assert definition.fallen(questions, answers | {"gender": "man"}) == ()


def test_a_new_name_is_followed_by_conditions() -> None:
    before = "ward == 'ward' and ward___1 == 1 and wards == 2 and missing(ward) and a.ward == \"ward\""
    after = "unit == 'ward' and unit___1 == 1 and wards == 2 and missing(unit) and a.ward == \"ward\""
    assert renamed(before, "ward", "unit") == after

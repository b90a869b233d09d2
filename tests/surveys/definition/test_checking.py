from dataclasses import replace

import pytest
from tests.surveys.conftest import GENDER, OWN, THEMES, WORDS, YEARS

from confrere.surveys import definition
from confrere.surveys.definition import Kind, Option, Question, problems, reaching

PFI = definition.of_instrument("pfi")


def found(*questions: Question) -> list[tuple[str, str]]:
    return [(problem.question, problem.sentence) for problem in problems(questions)]


def test_nothing_is_wrong_with_a_sound_questionnaire() -> None:
    branched = replace(WORDS, name="more", condition="gender == 'man' and years > 40 and themes___care == 0")
    assert found(*OWN, *PFI, branched) == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (replace(GENDER, name="2x"), "The name 2x needs letters"),
        (replace(GENDER, name="x" * 65), "at most 64"),
        (replace(GENDER, name="a___b"), "holds ___"),
        (replace(GENDER, text=" "), "has no words yet"),
        (replace(GENDER, text=None), "has no words yet"),
        (replace(GENDER, options=()), "offers no answers"),
        (replace(GENDER, options=(Option(value="a,b", label="x"),)), "The code “a,b” of gender"),
        (replace(GENDER, options=GENDER.options * 2), "Two answers to gender have the code woman"),
        (replace(GENDER, kind=Kind.LIKERT), "codes are whole numbers"),
        (replace(YEARS, low=60), "is not smaller than the largest"),
        (replace(YEARS, kind=Kind.SLIDER, high=None), "smallest and a largest"),
        (Question(name="d", kind=Kind.DATE, text="?", earliest="soon"), "no day like 2026-03-31"),
        (Question(name="d", kind=Kind.DATE, text="?", latest="2026-02-30"), "no day like 2026-03-31"),
        (
            Question(name="d", kind=Kind.DATE, text="?", earliest="2026-02-03", latest="2026-02-02"),
            "comes after the last",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_named(question: Question, sentence: str) -> None:
    first = found(question)[0]
    assert first[0] == question.name
    assert sentence in first[1]


def test_a_field_that_is_only_kept_needs_no_words() -> None:
    assert found(GENDER, Question(name="file", kind=Kind.KEPT)) == []


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("gendr == 'man'", "There is no column gendr. Did you mean gender?"),
        ("gender > 3", "A text and a number cannot be compared"),
        ("gender = 'man'", "Write == to compare"),
        ("words == 'x'", "words waits for its own answer"),
        ("last > 3", "words waits for the answer to last, which is asked later"),
    ],
)
def test_a_condition_that_cannot_be_read_is_said_in_words(condition: str, sentence: str) -> None:
    last = replace(YEARS, name="last")
    ((question, said),) = found(*OWN[:3], replace(WORDS, condition=condition), last)
    assert question == "words"
    assert sentence in said


def test_questions_that_wait_for_each_other() -> None:
    first = replace(YEARS, name="a", condition="c > 1")
    second = replace(YEARS, name="b", condition="a > 1")
    third = replace(YEARS, name="c", condition="b > 1")
    odd = replace(YEARS, name="d", condition="nothing at all")
    assert found(first, second, third, odd)[0] == ("a", "a and c wait for each other.")
    assert len(found(first, second, third, odd)) == 2
    broken = replace(third, condition="b >")
    assert "asked later" in found(first, second, broken)[0][1]


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        (("years > 60",), True),
        (("years > 59",), False),
        (("years == 3 and years == 4",), True),
        (("years > 3 and years < 4",), True),
        (("gender == 'nobody'",), True),
        (("missing(gender)",), True),
        (("missing(words)",), False),
        (("words == 'yes' and not words == 'yes'",), True),
        (("themes___care == 1 and themes___skills == 0",), False),
        (("gender == 'man'", "missing(a0)"), False),
        (("gender == 'man'", "a0 == 3 and gender == 'woman'"), True),
        (("gender in ('man', 'woman')", "not missing(a0)"), False),
    ],
)
def test_a_question_that_is_never_asked_is_told_and_does_not_stop_anyone(
    conditions: tuple[str, ...], never: bool
) -> None:
    later = [
        replace(YEARS, name=f"a{place}", required=False, condition=condition)
        for place, condition in enumerate(conditions)
    ]
    said = problems((GENDER, THEMES, YEARS, WORDS, *later))
    assert [(problem.question, problem.serious) for problem in said] == ([(later[-1].name, False)] if never else [])
    definition.check_questions((GENDER, THEMES, YEARS, WORDS, *later))


def test_numbers_without_bounds_reach_everything() -> None:
    free = Question(name="n", kind=Kind.NUMBER, text="?")
    other = Question(name="m", kind=Kind.NUMBER, text="?", low=5)
    assert found(free, replace(WORDS, condition="n < -7.5 or n > 8")) == []
    assert found(free, other, replace(WORDS, condition="n < m and n == m"))[0][0] == "words"


def test_with_too_many_combinations_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "MOST", 1)
    assert found(GENDER, YEARS, replace(WORDS, condition="years > 60 and gender == 'man'")) == []


def test_repeating_an_answer_that_is_not_given_yet() -> None:
    early = replace(WORDS, text="Of [years], [gender] and [nothing]?")
    assert found(GENDER, early, YEARS) == [
        ("words", "words repeats the answer to years, which is not given yet there.")
    ]

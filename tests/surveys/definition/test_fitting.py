import math
from dataclasses import replace

import pytest
from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS

from confrere.surveys import definition
from confrere.surveys.definition import Kind, Question
from confrere.surveys.definition.looks import LOOKS, Look
from confrere.vault.refusals import Refusal

PFI = definition.of_instrument("pfi")
VAS = definition.of_instrument("qol_vas")[0]
NOTE = Question(name="hello", kind=Kind.NOTE, text="Welcome")
DAY = Question(name="day", kind=Kind.DATE, text="When?", required=False, earliest="2026-01-01", latest="2026-12-31")
MAIL = Question(name="mail", kind=Kind.LINE, text="Where?", look="email")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_example_looks_as_it_should(look: Look) -> None:
    assert look.pattern.fullmatch(look.example)


@pytest.mark.parametrize(
    ("question", "typed", "stored"),
    [
        (NOTE, "anything", None),
        (DAY, "2026-03-31", "2026-03-31"),
        (DAY, "", None),
        (MAIL, " a.osei@example.org ", "a.osei@example.org"),
        (replace(YEARS, low=None, high=None, whole=False), "-3,5", -3.5),
        (GENDER, "woman", "woman"),
        (PFI[0], "3", 3),
        (PFI[0], 4, 4),
        (THEMES, ["skills", "care", "care"], ["care", "skills"]),
        (THEMES, "care", ["care"]),
        (THEMES, [], None),
        (YEARS, "12", 12),
        (VAS, "12,5", 12.5),
        (VAS, 100, 100),
        (WORDS, "  kind words \n", "kind words"),
        (WORDS, "", None),
        (WORDS, None, None),
    ],
)
def test_what_fits_is_stored(question: Question, typed: definition.Value, stored: definition.Value) -> None:
    assert definition.fitting(question, typed) == stored


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (GENDER, "", "Please answer this question"),
        (GENDER, "neither", "one of the answers"),
        (PFI[0], "5", "one of the answers"),
        (THEMES, ["care", "x"], "one of the answers"),
        (YEARS, "61", "from 0 to 60"),
        (YEARS, "-1", "from 0 to 60"),
        (YEARS, "many", "from 0 to 60"),
        (YEARS, math.nan, "from 0 to 60"),
        (YEARS, "1.5", "whole number"),
        (WORDS, "x" * 4001, "4000 characters; you wrote 4001"),
        (WORDS, "a\0b", "cannot be stored"),
        (replace(YEARS, low=None), "61", "at most 60"),
        (replace(YEARS, high=None), "-1", "at least 0"),
        (replace(YEARS, low=None, high=None), "many", r"give a number\."),
        (replace(YEARS, low=None, high=None), "inf", r"give a number\."),
        (DAY, "31.3.2026", "like 2026-03-31"),
        (DAY, "2025-12-31", "from 1 January 2026 on"),
        (DAY, "2027-01-01", "until 31 December 2026"),
        (MAIL, "nobody", "like this: a.osei@example.org"),
        (MAIL, "x" * 201, "200 characters; you wrote 201"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(
    question: Question, typed: definition.Value, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        definition.fitting(question, typed)
    assert refused.value.status == 422


def test_answers_are_read_back_in_words() -> None:
    assert definition.in_words(THEMES, ["care", "skills"]) == "Self-care, Skills"
    assert definition.in_words(YEARS, 12) == "12"
    assert definition.in_words(WORDS, None) == ""
    assert definition.in_words(DAY, "2026-03-31") == "31 March 2026"
    assert definition.in_words(DAY, None) == ""

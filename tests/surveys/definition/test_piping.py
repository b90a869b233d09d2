from dataclasses import replace

from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS

from confrere.surveys.definition import Option, piped
from confrere.surveys.definition.piping import mentioned

LATER = replace(
    GENDER,
    name="later",
    text="You said [gender] and [themes]; [years] years. [gender]!",
    note="[nobody] knows [words]",
    low_label="[years]",
    options=(Option(value="1", label="still [gender]"),),
)
QUESTIONS = (GENDER, THEMES, YEARS, WORDS, LATER)


def test_names_in_brackets_are_found_once() -> None:
    assert mentioned(LATER) == ("gender", "themes", "years", "nobody", "words")
    assert mentioned(GENDER) == ()


def test_earlier_answers_stand_in_later_texts() -> None:
    seen = piped(LATER, QUESTIONS, {"gender": "woman", "themes": ["care", "skills"], "years": 3})
    assert seen.text == "You said Woman and Self-care, Skills; 3 years. Woman!"
    assert (seen.note, seen.low_label, seen.options[0].label) == ("[nobody] knows …", "3", "still Woman")


def test_a_text_that_mentions_nothing_stays_the_same_object() -> None:
    assert piped(GENDER, QUESTIONS, {}) is GENDER


def test_the_answer_to_a_question_that_is_not_asked_any_more_is_not_repeated() -> None:
    hidden = replace(YEARS, condition="gender == 'man'")
    questions = (GENDER, hidden, LATER)
    assert piped(LATER, questions, {"gender": "woman", "years": 3}).low_label == "…"


def test_a_long_answer_is_cut_and_a_text_pack_may_be_missing() -> None:
    bare = replace(WORDS, name="bare", text=None, note="[words]")
    seen = piped(bare, (WORDS, bare), {"words": "x" * 300})
    assert (seen.text, len(seen.note)) == (None, 200)

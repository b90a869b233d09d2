from dataclasses import replace

import pytest
from tests.surveys.conftest import GENDER, THEMES, WORDS, YEARS

from confrere.science import instruments
from confrere.surveys import definition
from confrere.surveys.definition import Kind, Option, Pack, Question
from confrere.vault.refusals import Refusal

PFI = definition.of_instrument("pfi")
VAS = definition.of_instrument("qol_vas")[0]


def test_a_scale_becomes_its_questions_and_a_long_range_a_slider() -> None:
    assert [question.name for question in PFI] == list(instruments.find("pfi").item_ids)
    assert {(question.kind, question.text, len(question.options)) for question in PFI} == {(Kind.LIKERT, None, 5)}
    assert (VAS.kind, VAS.low, VAS.high, VAS.low_label) == (Kind.SLIDER, 0, 100, "as bad as it can be")


def test_labels_at_the_ends_of_a_scale_stand_in_their_options() -> None:
    ends = definition.of_instrument("lasa_qol")[0].options
    item = instruments.find("lasa_qol").items[0]
    assert (ends[0].label, ends[1].label, ends[-1].label) == (
        item.low_label or "0",
        "1",
        item.high_label or "10",
    )


def test_a_scale_whose_items_are_unknown_cannot_be_asked() -> None:
    with pytest.raises(Refusal, match="not known"):
        definition.of_instrument("empowerment_at_work")


def test_a_definition_survives_its_storage() -> None:
    questions = (GENDER, THEMES, YEARS, WORDS, *PFI, VAS)
    assert definition.from_json(definition.to_json(questions, {})) == questions


@pytest.mark.parametrize("name", [name for name, scale in instruments.registry().items() if scale.known])
def test_stand_in_wording_fits_and_says_what_it_is(name: str) -> None:
    pack = definition.stand_in(name)
    definition.check_pack(name, pack)
    assert pack.stand_in
    assert all("stand-in wording, simulated" in text for text in pack.items.values())
    worded = definition.worded(definition.of_instrument(name), {name: pack})
    assert [question.text for question in worded] == list(pack.items.values())


def test_labels_of_a_pack_stand_in_the_options_and_other_questions_stay() -> None:
    pack = Pack(items={item.id: "x" for item in instruments.find("pfi").items}, labels=tuple("abcde"))
    worded = definition.worded((GENDER, *PFI), {"pfi": pack})
    assert worded[0] == GENDER
    assert [option.label for option in worded[1].options] == list("abcde")


@pytest.mark.parametrize(
    ("items", "labels", "sentence"),
    [
        ({"pfi_1": "x"}, (), "one text for each of 16 items"),
        (dict.fromkeys(instruments.find("pfi").item_ids, " "), (), "one text for each of 16 items"),
        (dict.fromkeys(instruments.find("pfi").item_ids, "x"), ("a",), "one label for each answer"),
    ],
)
def test_wording_that_does_not_fit_is_refused(items: dict[str, str], labels: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        definition.check_pack("pfi", Pack(items=items, labels=labels))


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        ((), "at least one question"),
        ((GENDER, GENDER), "Two questions are called gender"),
        ((Question(name="a", kind=Kind.CHOICE, text="?"),), "offers no answers"),
        ((Question(name="a", kind=Kind.SLIDER, text="?", low=1),), "smallest and a largest"),
    ],
)
def test_a_questionnaire_that_cannot_be_answered_is_refused(questions: tuple[Question, ...], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        definition.check_questions(questions)


def test_options_are_values_and_labels() -> None:
    assert GENDER.options[0] == Option(value="woman", label="Woman")


def test_what_old_definitions_did_not_have_is_stored_only_where_it_says_something() -> None:
    assert "condition" not in definition.to_json((GENDER,), {})["questions"][0]
    late = replace(GENDER, condition="years > 3", note="as you see yourself")
    assert definition.from_json(definition.to_json((late,), {})) == (late,)


def test_where_questions_came_from_is_stored_beside_them() -> None:
    assert definition.to_json((GENDER,), {}, {"gender": {"form": "one"}})["origins"] == {"gender": {"form": "one"}}


def test_codes_that_are_whole_numbers_compare_as_numbers() -> None:
    coded = replace(GENDER, options=(Option(value="-1", label="a"), Option(value="2", label="b")))
    assert (coded.codes_are_numbers, GENDER.codes_are_numbers, YEARS.codes_are_numbers) == (True, False, False)


def test_notes_are_only_read_and_kept_fields_never_asked() -> None:
    assert [kind for kind in Kind if not kind.answered] == [Kind.NOTE, Kind.KEPT]
    assert not Question(name="hello", kind=Kind.NOTE, text="Welcome").needed


def test_the_hash_is_that_of_the_one_canonical_form() -> None:
    assert definition.digest({"b": 1, "a": [2]}) == definition.digest({"a": [2], "b": 1})
    assert definition.stand_in("pfi").sha256 == definition.stand_in("pfi").sha256 != definition.stand_in("mmbi").sha256

"""Questionnaires of other systems come in and go out again: what we do not use comes back as it came."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.questionnaire.examples import dictionary, everything
from tests.surveys.conftest import GENDER, OWN, THEMES, WORDS, YEARS

from confrere.analysis.questionnaire import Field, Loss, Questionnaire, Reading, of_instruments, recognise
from confrere.analysis.questionnaire import Kind as FieldKind
from confrere.analysis.questionnaire.convert import write
from confrere.surveys import definition
from confrere.surveys.definition import Coming, Kind, Own, Question, Scale, coming, editing, expanded, going
from confrere.surveys.definition.blocks import origins_of


def came(*rows: Mapping[str, str]) -> Coming:
    found = recognise(dictionary({"name": "record"}, *rows))
    return coming(found.reading, record_first=True)


def one(**cells: str) -> tuple[Question, tuple[Loss, ...]]:
    """What one field becomes, and what is lost beside the number of the record."""
    found = came({"name": "a", **cells})
    return expanded(found.blocks)[1], found.lost[1:]


def back(found: Coming) -> Questionnaire:
    return going(expanded(found.blocks), origins_of(found.blocks), form="ours", title=found.title)


def test_everything_comes_back() -> None:
    found = coming(Reading(questionnaire=everything()), record_first=True)
    assert back(found) == everything()
    assert [problem for problem in definition.problems(expanded(found.blocks)) if problem.serious] == []


def test_every_example_comes_back(shared: Path) -> None:
    folder = shared / "data" / "redcap" / "redcapr"
    files = [*folder.glob("*__dictiona*.csv"), *folder.glob("*__metadata.csv"), *folder.glob("*__project.xml")]
    assert len(files) > 50
    for file in files:
        read = recognise(file.read_bytes())
        found = coming(read.reading, record_first=read.format == "redcap")
        assert back(found) == read.reading.questionnaire, file.name
        serious = [problem for problem in definition.problems(expanded(found.blocks)) if problem.serious]
        assert serious == [], file.name


@pytest.mark.parametrize(
    ("cells", "kind", "look"),
    [
        ({}, Kind.LINE, ""),
        ({"validation": "email"}, Kind.LINE, "email"),
        ({"validation": "time"}, Kind.LINE, "time"),
        ({"validation": "datetime_dmy"}, Kind.LINE, "datetime"),
        ({"validation": "integer"}, Kind.NUMBER, ""),
        ({"validation": "number_2dp"}, Kind.NUMBER, ""),
        ({"validation": "date_mdy"}, Kind.DATE, ""),
        ({"type": "notes"}, Kind.TEXT, ""),
        ({"type": "descriptive"}, Kind.NOTE, ""),
        ({"type": "radio", "choices": "1, A | 2, B"}, Kind.CHOICE, ""),
        ({"type": "radio", "choices": "1, A | 2, B", "matrix": "m"}, Kind.LIKERT, ""),
        ({"type": "radio", "choices": "a, A | b, B", "matrix": "m"}, Kind.CHOICE, ""),
        ({"type": "checkbox", "choices": "1, A | 2, B"}, Kind.CHOICES, ""),
        ({"type": "yesno"}, Kind.CHOICE, ""),
        ({"type": "truefalse"}, Kind.CHOICE, ""),
        ({"type": "slider"}, Kind.SLIDER, ""),
    ],
)
def test_how_fields_are_asked(cells: dict[str, str], kind: Kind, look: str) -> None:
    question, lost = one(**cells)
    assert (question.kind, question.look, lost) == (kind, look, ())
    assert definition.problems((WORDS, question)) == ()


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"type": "file"}, "Files are not taken here"),
        ({"type": "file", "validation": "signature"}, "Signatures are not taken"),
        ({"type": "calc", "choices": "1 + 1"}, "computed by REDCap only"),
        ({"type": "sql", "choices": "SELECT 1"}, "looked up by REDCap only"),
        ({"identifier": "y"}, "It identifies a person"),
        ({"annotation": "@HIDDEN-SURVEY"}, "hidden from those who answer"),
    ],
)
def test_what_is_not_asked_here_is_kept(cells: dict[str, str], sentence: str) -> None:
    question, lost = one(branching="[record] = '1'", **cells)
    assert (question.kind, question.condition, [loss.field for loss in lost]) == (Kind.KEPT, "", ["a"])
    assert sentence in lost[0].why


@pytest.mark.parametrize(
    ("cells", "what", "sentence"),
    [
        ({"label": "<b>Now</b>"}, "field_label", "Markup is not shown"),
        ({"validation": "integer", "low": "[age]"}, "text_validation_min", "no number"),
        ({"validation": "date_ymd", "high": "today"}, "text_validation_max", "no day"),
        ({"validation": "ours"}, "text_validation_type_or_show_slider_number", "this validation is REDCap's: ours"),
        ({"validation": "time", "low": "08:00"}, "text_validation_min", "Times have no limits"),
        ({"choices": "BIOPORTAL:RXNORM"}, "select_choices_or_calculations", "looked up by REDCap only"),
        ({"type": "slider", "choices": "a | b | c"}, "select_choices_or_calculations", "no middle label"),
        ({"branching": "[record] = '1'"}, "branching_logic", "Everyone is asked here."),
        ({"branching": "[nothing] = '1'"}, "branching_logic", "There is no field nothing"),
    ],
)
def test_what_is_asked_otherwise_is_listed(cells: dict[str, str], what: str, sentence: str) -> None:
    question, (loss,) = one(**cells)
    assert (loss.field, loss.what, sentence in loss.why) == ("a", what, True)
    assert question.condition == ""


def test_words_limits_and_headings() -> None:
    question, _lost = one(label="Dr.&nbsp;<i>Who</i>?", validation="number", low="1,5", header="<u>Here</u>")
    assert (question.text, question.low, question.high, question.section) == ("Dr.&nbsp;Who?", 1.5, None, "Here")
    assert one(label="")[0].text == "A"
    assert one(type="truefalse")[0].options[0].label == "True"
    assert one(type="radio", choices="1, | 2, B")[0].options[0].label == "1"
    assert one(validation="date_ymd", low="2026-01-31")[0].earliest == "2026-01-31"
    slider = one(type="slider", choices="bad | | good", low="1", high="9")[0]
    assert (slider.low, slider.high, slider.low_label, slider.high_label, slider.whole) == (1, 9, "bad", "good", True)


def test_forms_become_headings() -> None:
    found = came({"name": "a"}, {"name": "b", "form": "second_one"}, {"name": "c", "form": "second_one", "header": "C"})
    assert [question.section for question in expanded(found.blocks)] == ["One", "One", "Second One", "C"]


def test_conditions_come_and_go() -> None:
    found = came(
        {"name": "ward", "type": "radio", "choices": "0, A | 1, B"},
        {"name": "week", "type": "checkbox", "choices": "1, N | 2, W"},
        {"name": "more", "branching": "[ward] = '1' and [week(2)] = '1'"},
    )
    assert expanded(found.blocks)[-1].condition == "(ward == 1 and week___2 == 1)"


def test_the_items_of_an_instrument_are_asked_as_the_instrument() -> None:
    pfi = [
        {"name": field.name, "type": "radio", "choices": "0,a|1,b|2,c|3,d|4,e", "label": "Licensed"}
        for field in of_instruments(["pfi"]).fields
    ]
    found = came(*pfi)
    assert found.blocks[1:] == (Scale(id=2, instrument="pfi"),)
    assert all(question.text is None for question in expanded(found.blocks)[1:])
    assert found.lost[-1].what == "Professional Fulfillment Index"
    assert "your text pack" in found.lost[-1].why
    assert "Licensed" not in write(back(found), to="redcap", made_at="")


def test_what_is_only_called_like_an_item_is_a_question_of_ones_own() -> None:
    found = came({"name": "pfi_1", "type": "radio", "choices": "1, A | 2, B"}, {"name": "qol_vas", "type": "text"})
    assert [type(block) for block in found.blocks] == [Own, Own, Own]


def test_free_instruments_keep_their_own_words() -> None:
    found = came({"name": "qol_vas", "type": "slider", "label": "Anything"})
    assert found.blocks[1].instrument == "qol_vas"  # type: ignore[union-attr]  # it is a scale
    assert "in its own words" in found.lost[-1].why
    assert back(found).fields[1].label == of_instruments(["qol_vas"]).fields[0].label


def test_questions_made_here_leave_as_fields() -> None:
    day = Question(name="day", kind=Kind.DATE, text="When?", earliest="2026-01-01")
    mail = Question(name="mail", kind=Kind.LINE, text="Where?", look="email", section="Reach")
    line = Question(name="line", kind=Kind.LINE, text="What?")
    free = replace(
        YEARS, name="free", low=None, high=1.5, whole=False, condition="gender == 'man' and themes___care == 1"
    )
    well = Question(name="well", kind=Kind.SLIDER, text="Well?", low=0, high=100, low_label="no", high_label="yes")
    half = replace(well, name="half", high=50)
    note = Question(name="note", kind=Kind.NOTE, text="Thanks")
    made = going((*OWN, day, mail, line, free, well, half, note), {}, form="ours", title="Ours")
    fields = {field.name: field for field in made.fields}
    assert [(form.name, form.title) for form in made.forms] == [("ours", "Ours")]
    assert [section.header for section in made.forms[0].sections] == ["About you", "Reach"]
    assert (fields["gender"].kind, fields["themes"].kind) == (FieldKind.CHOICE, FieldKind.CHOICES)
    assert (fields["years"].kind, fields["years"].low, fields["years"].high) == (FieldKind.INTEGER, "0", "60")
    assert (fields["free"].validation, fields["free"].low, fields["free"].high) == ("number", "", "1.5")
    assert fields["free"].branching == "[gender] = 'man' and [themes(care)] = '1'"
    assert (fields["day"].validation, fields["day"].low) == ("date_ymd", "2026-01-01")
    assert (fields["mail"].validation, fields["line"].validation) == ("email", "")
    assert (fields["well"].low, fields["half"].low, fields["half"].high) == ("", "0", "50")
    assert (fields["note"].kind, fields["note"].required) == (FieldKind.DISPLAY, False)


def test_only_what_was_changed_here_is_written_anew() -> None:
    found = came(
        {"name": "a", "type": "yesno", "note": "x", "number": "3a", "alignment": "RH"}, {"name": "b", "header": "H"}
    )
    block = found.blocks[1]
    assert isinstance(block, Own)
    other = replace(block, question=replace(block.question, name="aa", text="Other?", options=GENDER.options))
    blocks = editing.changed(other)(found.blocks)
    field = going(expanded(blocks), origins_of(blocks), form="ours", title="").fields[1]
    assert field == Field(
        name="aa",
        kind=FieldKind.CHOICE,
        label="Other?",
        choices=field.choices,
        note="x",
        number="3a",
        alignment="RH",
    )
    assert [choice.code for choice in field.choices] == ["woman", "man"]


def test_a_question_that_was_moved_does_not_tear_a_form_apart() -> None:
    found = came(
        {"name": "a", "form": "two"}, {"name": "b", "form": "two", "header": "H"}, {"name": "c", "form": "two"}
    )
    blocks = editing.added(Own(id=0, question=THEMES), after=2)(editing.moved(1, by=2)(found.blocks))
    made = going(expanded(blocks), origins_of(blocks), form="ours", title="")
    assert [form.name for form in made.forms] == ["two", "one"]
    assert [field.name for field in made.fields] == [question.name for question in expanded(blocks)]
    headed = replace(found.blocks[3], question=replace(found.blocks[3].question, section="New"))  # type: ignore[arg-type, union-attr]
    again = editing.changed(headed)(found.blocks)
    headers = [
        header for _form, header, _field in going(expanded(again), origins_of(again), form="x", title="").places()
    ]
    assert headers == ["", "", "H", "New"]

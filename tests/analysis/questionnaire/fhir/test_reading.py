"""FHIR: others' files are read, and what cannot be taken over is listed."""

import json
from typing import Any

import pytest
from tests.analysis.questionnaire.fhir.items import BASE, PLACES, SHOWN, STEPS, asked, flat, lost, one, read

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.fhir_read import read_fhir
from confrere.analysis.questionnaire.fhir_shape import load_resource
from confrere.analysis.questionnaire.fhir_terms import control
from confrere.analysis.questionnaire.fhir_write import write_fhir
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Questionnaire, Section


def test_groups_become_sections() -> None:
    reading = read(
        asked("1", "group", text="First", prefix="A", extension=[{"url": f"{BASE}designNote"}], item=[
            asked("1.1", "string", text="Name"),
            asked("1.2", "group", text="Inner", item=[asked("1.2.1", "string")]),
            asked("1.3", "group", item=[asked("1.3.1", "string")]),
            asked("1.4", "group", text="Grid", extension=[control("gtable")], item=[asked("1.4.1", "boolean")]),
        ]),
        asked("2", "string"),
        title="Some Form",
        url="http://example.org",
    )  # fmt: skip
    found = reading.questionnaire
    assert (found.title, [(form.name, form.title) for form in found.forms]) == ("Some Form", [("some_form", "")])
    assert [(section.header, [field.name for field in section.fields]) for section in found.forms[0].sections] == [
        ("First", ["1.1"]),
        ("Inner", ["1.2.1"]),
        ("First", ["1.3.1", "1.4.1", "2"]),
    ]
    assert [field.matrix for field in found.fields] == ["", "", "", "1.4", ""]
    assert lost(reading) == {("", "url"), ("1", "prefix"), ("1", "designNote"), ("1.2", "group"), ("2", "group")}


def test_questions_inside_questions_stand_after_them() -> None:
    reading = read(
        asked("a", "boolean", item=[
            asked("a/1", "display", text="help", extension=[control("help")]),
            asked("a/2", "display", text="more help", extension=[control("help")]),
            asked("a/3", "display", text="low", extension=[control("lower")]),
            asked("b", "display", text="read this"),
        ])
    )  # fmt: skip
    assert [(field.name, field.kind, field.note) for field in reading.questionnaire.fields] == [
        ("a", Kind.YES_NO, "help"),
        ("b", Kind.DISPLAY, ""),
    ]
    assert lost(reading) == {("a", "second help text"), ("a", "lower text"), ("b", "item")}


OPTIONS = [{"valueCoding": {"code": "1", "display": "one"}}, {"valueCoding": {"display": "two"}}]


@pytest.mark.parametrize(
    ("kind", "more", "expected", "losses"),
    [
        ("open-choice", {"answerOption": OPTIONS}, Kind.CHOICE, {"open choice"}),
        ("coding", {"answerOption": OPTIONS, "answerConstraint": "optionsOnly"}, Kind.CHOICE, set()),
        ("coding", {"answerOption": OPTIONS, "answerConstraint": "optionsOrString"}, Kind.CHOICE, {"open choice"}),
        ("choice", {"answerOption": OPTIONS, "repeats": True}, Kind.CHOICES, set()),
        ("choice", {}, Kind.TEXT, {"answerOption"}),
        ("choice", {"answerValueSet": "http://example.org/vs"}, Kind.TEXT, {"answerValueSet", "answerOption"}),
        ("string", {"answerOption": [{"valueString": "x"}]}, Kind.CHOICE, {"type string"}),
        ("string", {"repeats": True}, Kind.TEXT, {"repeats"}),
        ("string", {"readOnly": True, "maxLength": 3}, Kind.TEXT, {"readOnly", "maxLength"}),
        ("decimal", {"readOnly": True}, Kind.CALCULATION, set()),
        ("quantity", {}, Kind.NUMBER, {"type quantity"}),
        ("reference", {}, Kind.TEXT, {"type reference"}),
        ("url", {}, Kind.TEXT, {"type url"}),
        ("new", {}, Kind.TEXT, {"type new"}),
        ("attachment", {}, Kind.FILE, set()),
        ("dateTime", {}, Kind.DATETIME, set()),
        ("integer", {"extension": [control("slider")]}, Kind.SLIDER, set()),
        ("integer", {"extension": [control("spinner")]}, Kind.INTEGER, {SHOWN}),
        ("integer", {"extension": [{"url": BASE + SHOWN}]}, Kind.INTEGER, {SHOWN}),
        ("text", {"extension": [{"url": f"{BASE}regex", "valueString": r"\\d{5}"}]}, Kind.LONG_TEXT, {"regex"}),
        ("string", {"extension": [{"url": f"{BASE}regex", "valueString": "x+"}]}, Kind.TEXT, {"regex"}),
        ("date", {"extension": [{"url": f"{BASE}entryFormat", "valueString": "HH:MM"}]}, Kind.DATE, {"entryFormat"}),
        ("decimal", {"extension": [{"url": BASE + PLACES, "valueInteger": 7}]}, Kind.NUMBER, {PLACES}),
        ("integer", {"extension": [{"url": BASE + STEPS, "valueInteger": 1}]}, Kind.INTEGER, {STEPS}),
        ("string", {"extension": [{"url": f"{BASE}questionnaire-hidden", "valueBoolean": False}]}, Kind.TEXT, set()),
        ("boolean", {"extension": [{"url": f"{BASE}minValue", "valueBoolean": True}]}, Kind.YES_NO, set()),
    ],
)  # fmt: skip
def test_kinds_of_others(kind: str, more: dict[str, Any], expected: Kind, losses: set[str]) -> None:
    field, told = one(kind, **more)
    assert (field.kind, told) == (expected, losses)


def test_choices_of_others() -> None:
    options = [
        *OPTIONS,
        {"valueCoding": {"code": "1", "display": "again", "system": "http://loinc.org"}, "initialSelected": True},
        {"valueInteger": 3},
        {"valueReference": {"reference": "x"}},
        {"valueCoding": {}},
    ]
    field, told = one("choice", repeats=True, extension=[control("drop-down")], answerOption=options)
    assert (field.kind, field.control) == (Kind.CHOICES, "")
    assert field.choices == (
        Choice(code="1", label="one"),
        Choice(code="two", label="two"),
        Choice(code="3", label="3"),
    )
    assert told == {
        "code 1",
        "answerOption",
        "answerOption system",
        "answerOption initialSelected",
        "answerOption valueReference",
        SHOWN,
    }


def test_choices_of_a_value_set_inside() -> None:
    held = {"id": "vs", "compose": {"include": [{"concept": [{"code": "a", "display": "A"}]}]}}
    reading = read(asked("x", "choice", answerValueSet="#vs"), contained=[held])
    assert reading.questionnaire.fields[0].choices == (Choice(code="a", label="A"),)
    assert reading.losses == ()


def test_exact_decimals_and_times() -> None:
    limits = [{"url": f"{BASE}minValue", "valueDecimal": 1.25}, {"url": f"{BASE}maxValue", "valueTime": "08:00:00"}]
    field, _told = one("decimal", extension=limits)
    assert (field.low, field.high) == ("1.25", "08:00:00")
    typed = {"url": f"{BASE}entryFormat", "valueString": "HH:MM"}
    field, _told = one("time", extension=[*limits[1:], typed])
    assert (field.high, field.validation) == ("08:00", "time")


def when(*entries: dict[str, Any], behavior: str | None = None) -> tuple[str, set[tuple[str, str]]]:
    more: dict[str, Any] = {"enableWhen": list(entries)} | ({"enableBehavior": behavior} if behavior else {})
    reading = read(
        asked("s", "string"),
        asked("i", "integer"),
        asked("m", "choice", repeats=True, answerOption=OPTIONS),
        asked("q(1)", "string"),
        asked("z", "string", **more),
    )
    return reading.questionnaire.fields[4].branching, lost(reading)


EXISTS = {"question": "s", "operator": "exists", "answerBoolean": True}
EMPTY = {"question": "s", "operator": "exists", "answerBoolean": False}
UNLIKE = {"question": "s", "operator": "!=", "answerString": "x"}


@pytest.mark.parametrize(
    ("entries", "behavior", "text"),
    [
        ([EXISTS, {"question": "i", "operator": ">", "answerInteger": 3}], "all", "[s] <> '' and [i] > 3"),
        ([EMPTY, {"question": "m", "operator": "=", "answerCoding": {"code": "1"}}], "any", "[s] = '' or [m(1)] = '1'"),
        ([EMPTY, UNLIKE], "any", "[s] <> 'x'"),
        ([UNLIKE], None, "[s] <> '' and [s] <> 'x'"),
        ([EXISTS, UNLIKE], "any", "[s] <> '' or ([s] <> '' and [s] <> 'x')"),
        ([{"question": "s", "operator": "=", "answerBoolean": True}], None, "[s] = '1'"),
        ([{"question": "i", "operator": "=", "answerString": "many"}], None, "[i] = 'many'"),
        ([{"question": "s", "operator": "=", "answerString": "it's"}], None, '[s] = "it\'s"'),
    ],
)
def test_conditions_of_others(entries: list[dict[str, Any]], behavior: str | None, text: str) -> None:
    assert when(*entries, behavior=behavior) == (text, set())


@pytest.mark.parametrize(
    "entry",
    [
        {"question": "nobody", "operator": "exists", "answerBoolean": True},
        {"question": "s", "operator": "near", "answerString": "x"},
        {"question": "s", "operator": "="},
        {"question": "s", "operator": "=", "answerQuantity": {"value": 1}},
        {"question": "s", "operator": "=", "answerString": "\"'"},
        {"question": "s", "operator": "=", "answerCoding": {"display": "x"}},
        {"question": "m", "operator": "!=", "answerCoding": {"code": "1"}},
        {"question": "m", "operator": "=", "answerCoding": {"code": "1)"}},
        {"question": "q(1)", "operator": "exists", "answerBoolean": True},
    ],
)
def test_conditions_of_others_that_are_not_understood(entry: dict[str, Any]) -> None:
    assert when(entry) == ("", {("z", "enableWhen")})


def test_a_groups_condition_is_each_fields() -> None:
    reading = read(
        asked("s", "string"),
        asked("g", "group", text="G", enableWhen=[EXISTS], item=[asked("a", "string", enableWhen=[UNLIKE])]),
    )
    assert reading.questionnaire.fields[1].branching == "[s] <> '' and ([s] <> '' and [s] <> 'x')"


def test_blank_texts_and_codes_are_left_out() -> None:
    choices = (Choice(code=" a  b ", label=" "), Choice(code="", label="only words"))
    field = Field(name="a", kind=Kind.CHOICE, label="\n", number=" ", note=" ", choices=choices)
    given = Questionnaire(title=" ", forms=(Form(name="f", sections=(Section(fields=(field,)),)),))
    text = write_fhir(given, version="R4")
    item = flat(text)["a"]
    assert item["answerOption"] == [{"valueCoding": {"code": "a b"}}, {"valueCoding": {"display": "only words"}}]
    assert not {"text", "prefix", "item"} & set(item)
    assert "title" not in json.loads(text)


def nested(depth: int) -> dict[str, Any]:
    item = asked("x", "string")
    for level in range(depth):
        item = asked(f"g{level}", "group", item=[item])
    return item


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        ({"resourceType": "Bundle"}, "this is JSON, but no FHIR Questionnaire."),
        ({"resourceType": "Questionnaire"}, "this Questionnaire asks nothing."),
        ({"resourceType": "Questionnaire", "item": [{"type": "string"}]}, "each item needs a linkId of its own"),
        (
            {"resourceType": "Questionnaire", "item": [asked("a", "string"), asked("a", "string")]},
            "each item needs a linkId of its own; this one is 'a'.",
        ),
        ({"resourceType": "Questionnaire", "item": [{"linkId": "a"}]}, "the item a has no type."),
        ({"resourceType": "Questionnaire", "item": [nested(21)]}, "items are nested deeper than 20 levels."),
        ({"item": "x"}, "a list of objects is expected as item."),
        ({"item": [1]}, "a list of objects is expected as item."),
        ({"linkId": 3}, "a text is expected as linkId."),
        ({"item": [{"text": {}}]}, "a text is expected as text."),
        ({"required": "yes"}, "true or false is expected as required."),
        ({"valueCoding": "x"}, "an object is expected as valueCoding."),
        ({"title": "a\x01"}, "title holds a character that no text may hold."),
        ({"a\ud800": 1}, "a name holds a character that no text may hold."),
    ],
)
def test_what_is_refused(resource: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_fhir(json.dumps(resource).encode(), file="q.json")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{\n'a'}", "x, line 2: this is not valid JSON"),
        (b'{"a": NaN}', "x: this JSON holds something that is no number"),
        (b'{"a": ' + b"[" * 100_000, "x: this JSON holds something that is no number, or is nested too deeply."),
        (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "x: this JSON is nested deeper than 60 levels."),
        (b'"a\xff"', "x: this file is not UTF-8 text."),
        (b"3", "x: a JSON object is expected here."),
    ],
)
def test_what_is_no_json_object(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_resource(content, file="x")
    assert str(caught.value).startswith(sentence)

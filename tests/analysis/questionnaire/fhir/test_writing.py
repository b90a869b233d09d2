"""FHIR: our files obey HL7's models, and what has no place is listed."""

from typing import Any

import pytest
from fhir.resources import questionnaire as r5
from fhir.resources.R4B import questionnaire as r4
from tests.analysis.questionnaire.examples import everything
from tests.analysis.questionnaire.fhir.items import flat, written

from confrere.analysis.questionnaire.fhir_terms import Version, control
from confrere.analysis.questionnaire.fhir_write import write_fhir


@pytest.mark.parametrize(("version", "model"), [("R4", r4.Questionnaire), ("R5", r5.Questionnaire)])
def test_our_files_obey_the_models(version: Version, model: Any) -> None:
    text = write_fhir(everything(), version=version)
    assert model.model_validate_json(text).status == "draft"


def test_the_rules_of_the_specification_that_the_models_do_not_hold() -> None:
    """Groups hold items and texts to read hold none; texts to read are not required; linkIds are unlike; several
    conditions say how they are joined; choices are offered by choices only."""
    for version in ("R4", "R5"):
        for item in flat(write_fhir(everything(), version=version)).values():
            kind = item["type"]
            assert (kind == "group") <= bool(item.get("item"))
            assert (kind == "display") <= ("item" not in item and "required" not in item)
            assert (len(item.get("enableWhen", [])) > 1) == ("enableBehavior" in item)
            assert ("answerOption" in item) == (kind in {"choice", "coding"})
            assert kind in {"R4": {"choice"}, "R5": {"coding"}}[version] or kind not in {"choice", "coding"}
            assert ("answerConstraint" in item) == (kind == "coding")


def test_groups_and_texts_inside_questions() -> None:
    items = flat(write_fhir(everything(), version="R4"))
    assert [item["linkId"] for item in items["form:two"]["item"]] == ["section:week", "section:calm"]
    assert items["section:calm"]["text"] == "Now"
    assert [item["linkId"] for item in items["matrix:mood"]["item"]] == ["calm", "tired"]
    assert items["matrix:mood"]["extension"] == [control("table")]
    assert [item["linkId"] for item in items["well"]["item"]] == ["well/lower", "well/upper"]
    assert items["pain/help"] == {
        "extension": [control("help")],
        "linkId": "pain/help",
        "text": "in the last week",
        "type": "display",
    }


def test_two_matrices_of_one_name_and_a_field_called_like_a_group() -> None:
    rows: tuple[dict[str, str], ...] = (
        {"name": "form:one", "matrix": "m"},
        {"name": "b"},
        {"name": "c", "matrix": "m"},
        {"name": "d", "matrix": "n"},
    )
    assert list(written("R4", *rows)) == ["form:one#2", "matrix:m", "b", "matrix:m#2", "matrix:n", "form:one", "c", "d"]


def conditions(logic: str) -> tuple[list[dict[str, Any]], str | None]:
    rows: tuple[dict[str, str], ...] = (
        {"name": "i", "validation": "integer"},
        {"name": "n", "validation": "number"},
        {"name": "d", "validation": "date_ymd"},
        {"name": "t", "validation": "time"},
        {"name": "s"},
        {"name": "y", "type": "yesno"},
        {"name": "c", "type": "radio", "choices": "1, a"},
        {"name": "m", "type": "checkbox", "choices": "1, a"},
        {"name": "p", "type": "descriptive"},
        {"name": "z", "branching": logic},
    )
    item = written("R4", *rows)["z"]
    return item.get("enableWhen", []), item.get("enableBehavior")


@pytest.mark.parametrize(
    ("logic", "entry"),
    [
        ("[i] >= 3", {"question": "i", "operator": ">=", "answerInteger": 3}),
        ("[n] < 2.5", {"question": "n", "operator": "<", "answerDecimal": 2.5}),
        ("[d] > '2020-02-29'", {"question": "d", "operator": ">", "answerDate": "2020-02-29"}),
        ("[t] <= '08:30'", {"question": "t", "operator": "<=", "answerTime": "08:30:00"}),
        ("[s] = 'x'", {"question": "s", "operator": "=", "answerString": "x"}),
        ("[y] = '0'", {"question": "y", "operator": "=", "answerBoolean": False}),
        ("[c] = '1'", {"question": "c", "operator": "=", "answerCoding": {"code": "1"}}),
        ("[m(1)] = '1'", {"question": "m", "operator": "=", "answerCoding": {"code": "1"}}),
        ("[m] <> ''", {"question": "m", "operator": "exists", "answerBoolean": True}),
        ("[s] = ''", {"question": "s", "operator": "exists", "answerBoolean": False}),
    ],
)
def test_a_condition(logic: str, entry: dict[str, Any]) -> None:
    assert conditions(logic) == ([entry], None)


def test_conditions_joined() -> None:
    first, second = conditions("[s] = 'x' and ([i] = 1 and [c] = '1')")
    assert ([entry["question"] for entry in first], second) == (["s", "i", "c"], "all")
    first, second = conditions("[c] <> '1' or [i] = 1")
    assert ([(entry["question"], entry["operator"]) for entry in first], second) == (
        [("c", "exists"), ("c", "!="), ("i", "=")],
        "any",
    )
    first, second = conditions("[c] <> '' and [c] <> '1'")
    assert (first, second) == ([{"question": "c", "operator": "!=", "answerCoding": {"code": "1"}}], None)


@pytest.mark.parametrize(
    "logic",
    [
        "[s] = '1' or ([i] = 1 and [n] = 1)",
        "[nobody] = '1'",
        "[s] = [i]",
        "[p] = '1'",
        "[s] <> 'x' and [i] = 1",
        "[m(1)] = '0'",
        "[s(1)] = '1'",
        "[c] > '1'",
        "[y] = '2'",
        "[i] = '1.5'",
        "[d] = '2021-02-29'",
        "[d] = 'soon'",
        "[m] = '1'",
    ],
)
def test_conditions_that_cannot_be_said(logic: str) -> None:
    assert conditions(logic) == ([], None)


# --- files of others -------------------------------------------------------------------------------------------

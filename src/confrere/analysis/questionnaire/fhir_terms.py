"""Words that the reader and the writer of FHIR questionnaires share. All of them are HL7's; none is our own."""

from collections.abc import Mapping
from typing import Any, Literal

from confrere.analysis.questionnaire.model import Kind

type Version = Literal["R4", "R5"]
type Json = dict[str, Any]

_BASE = "http://hl7.org/fhir/StructureDefinition/"
CONTROL = f"{_BASE}questionnaire-itemControl"
CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
HIDDEN = f"{_BASE}questionnaire-hidden"
LOW = f"{_BASE}minValue"
HIGH = f"{_BASE}maxValue"
PLACES = f"{_BASE}maxDecimalPlaces"
TYPED = f"{_BASE}entryFormat"
PATTERN = f"{_BASE}regex"
STEP = f"{_BASE}questionnaire-sliderStepValue"

FORM, MATRIX, SECTION = "form:", "matrix:", "section:"
"""How the linkIds of our groups begin; a field's linkId is its name."""

TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.LONG_TEXT: "text",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "decimal",
    Kind.DATE: "date",
    Kind.DATETIME: "dateTime",
    Kind.TIME: "time",
    Kind.CHOICE: "choice",
    Kind.CHOICES: "choice",
    Kind.YES_NO: "boolean",
    Kind.SLIDER: "integer",
    Kind.CALCULATION: "decimal",
    Kind.DISPLAY: "display",
    Kind.FILE: "attachment",
    Kind.SIGNATURE: "attachment",
    Kind.QUERY: "string",
}
"""Kind → type in R4; in R5 a choice is called coding."""
KINDS: Mapping[str, Kind] = {
    "string": Kind.TEXT,
    "url": Kind.TEXT,
    "text": Kind.LONG_TEXT,
    "integer": Kind.INTEGER,
    "decimal": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "date": Kind.DATE,
    "dateTime": Kind.DATETIME,
    "time": Kind.TIME,
    "choice": Kind.CHOICE,
    "open-choice": Kind.CHOICE,
    "coding": Kind.CHOICE,
    "boolean": Kind.YES_NO,
    "display": Kind.DISPLAY,
    "attachment": Kind.FILE,
    "reference": Kind.TEXT,
    "question": Kind.TEXT,
}
STANDARD: Mapping[Kind, str] = {
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.DATE: "date_ymd",
    Kind.DATETIME: "datetime_seconds_ymd",
    Kind.TIME: "time_hh_mm_ss",
}
"""The validation of a kind where the item says no more."""


def control(code: str) -> Json:
    """The extension that names how an item is shown."""
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [{"system": CONTROLS, "code": code}]}}

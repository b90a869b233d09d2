"""Words that ODM's reader and writer share, and the extension in which REDCap says what ODM cannot."""

from collections.abc import Mapping
from typing import Literal

from confrere.analysis.questionnaire.model import Field, Kind
from confrere.analysis.questionnaire.validation import FORMATS, decimals

type Version = Literal["1.3.2", "2.0"]

NAMESPACES: Mapping[Version, str] = {
    "1.3.2": "http://www.cdisc.org/ns/odm/v1.3",
    "2.0": "http://www.cdisc.org/ns/odm/v2.0",
}
REDCAP = "https://projectredcap.org"
CONTEXT = "REDCap"
"""The language of our formal expressions: REDCap's notation."""
UNTITLED = "Questionnaire"

FIELD_TYPES: Mapping[str, str] = {"dropdown": "select", "notes": "textarea"}
"""Field type in a data dictionary → in REDCap's ODM; the others are the same."""
VALIDATIONS: Mapping[str, str] = {"integer": "int", "number": "float"}
"""Validation of a text box in a data dictionary → in REDCap's ODM; the others are the same."""
ATTRIBUTES: Mapping[str, str] = {
    "note": "FieldNote",
    "branching": "BranchingLogic",
    "alignment": "CustomAlignment",
    "number": "QuestionNumber",
    "matrix": "MatrixGroupName",
    "annotation": "FieldAnnotation",
}
"""Texts of a field → REDCap's attributes."""
FLAGS: Mapping[str, str] = {"identifier": "Identifier", "required": "RequiredField", "ranking": "MatrixRanking"}
"""Yes or no of a field → REDCap's attributes, which are y or absent."""

_TYPES: Mapping[Kind, str] = {
    Kind.INTEGER: "integer",
    Kind.SLIDER: "integer",
    Kind.CHOICES: "integer",
    Kind.YES_NO: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.TIME: "time",
    Kind.FILE: "base64Binary",
    Kind.SIGNATURE: "base64Binary",
}
KINDS: Mapping[str, Kind] = {
    "integer": Kind.INTEGER,
    **dict.fromkeys(("decimal", "float", "double"), Kind.NUMBER),
    "boolean": Kind.YES_NO,
    **dict.fromkeys(("date", "partialDate", "incompleteDate"), Kind.DATE),
    **dict.fromkeys(("datetime", "partialDatetime", "incompleteDatetime"), Kind.DATETIME),
    **dict.fromkeys(("time", "partialTime", "incompleteTime"), Kind.TIME),
    "base64Binary": Kind.FILE,
}
"""Data type → kind; every other type is text."""
STANDARD: Mapping[Kind, str] = {
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.DATE: "date_ymd",
    Kind.DATETIME: "datetime_seconds_ymd",
    Kind.TIME: "time_hh_mm_ss",
}
"""The validation of a kind where the file says no more."""


def data_type(field: Field, version: Version) -> str:
    """ODM's data type of the field (of each box of several choices)."""
    if field.kind in {Kind.NUMBER, Kind.CALCULATION}:
        number = "decimal" if version == "2.0" else "double"
        return "float" if version == "1.3.2" and decimals(field) is not None else number
    if field.kind in {Kind.DATETIME, Kind.TIME} and not FORMATS[field.validation].endswith("SS"):
        return "partialDatetime" if field.kind is Kind.DATETIME else "partialTime"
    return _TYPES.get(field.kind, "text")

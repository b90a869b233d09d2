"""Limits and compared values as FHIR types them, and back to text."""

import calendar
import re
from decimal import Decimal
from typing import Any

from confrere.analysis.questionnaire.model import Field, Kind

_WHOLE = re.compile(r"-?\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_WHOLES = frozenset({Kind.INTEGER, Kind.SLIDER})
_DECIMALS = frozenset({Kind.NUMBER, Kind.CALCULATION})
NUMBERS = _WHOLES | _DECIMALS


def typed(field: Field, text: str) -> tuple[str, Any] | None:
    """The name of the type and the value of a text among the field's answers; None where it is no such value.

    A date with a time is never one: FHIR wants its time zone, which nobody knows.
    """
    if field.kind in _WHOLES and _WHOLE.fullmatch(text):
        return "Integer", int(text)
    if field.kind in _DECIMALS and _DECIMAL.fullmatch(text):
        return "Decimal", float(text) if "." in text else int(text)
    if field.kind is Kind.DATE and _is_date(text):
        return "Date", text
    if field.kind is Kind.TIME and _TIME.fullmatch(text):
        return "Time", text if text.count(":") == 2 else f"{text}:00"
    return None


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part) for part in found.groups())
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def text_of(field: Field, value: object) -> str:
    """A typed value as the text of a limit; a time loses its seconds where they are not typed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = f"{value}"
    return text.removesuffix(":00") if field.validation == "time" and text.count(":") == 2 else text

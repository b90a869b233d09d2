"""What may be typed into a text box, by REDCap's names, and how other formats say it."""

import re
from collections.abc import Mapping

from confrere.analysis.questionnaire.model import Field, Kind

DATES: Mapping[str, str] = {"date_ymd": "YYYY-MM-DD", "date_mdy": "MM-DD-YYYY", "date_dmy": "DD-MM-YYYY"}
"""Name of a validation → the order in which a date is typed."""
DATETIMES: Mapping[str, str] = {
    f"{stem}_{order}": f"{DATES[f'date_{order}']} {clock}"
    for stem, clock in (("datetime", "HH:MM"), ("datetime_seconds", "HH:MM:SS"))
    for order in ("ymd", "mdy", "dmy")
}
TIMES: Mapping[str, str] = {"time": "HH:MM", "time_hh_mm_ss": "HH:MM:SS"}
FORMATS: Mapping[str, str] = {**DATES, **DATETIMES, **TIMES, "time_mm_ss": "MM:SS"}
"""Minutes and seconds are a length of time, no time of day: typed as text."""
PATTERNS: Mapping[str, str] = {
    "alpha_only": "[A-Za-z]+",
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "mrn_10d": r"\d{10}",
    "phone": r"(\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}( ?(x|ext\.?) ?\d+)?",
    "phone_australia": r"\(?0[2-9]\)? ?\d{4} ?\d{4}",
    "postalcode_australia": r"\d{4}",
    "postalcode_canada": r"[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d",
    "postalcode_french": r"(0[1-9]|[1-9]\d)\d{3}",
    "postalcode_germany": r"\d{5}",
    "ssn": r"\d{3}-?\d{2}-?\d{4}",
    "zipcode": r"\d{5}(-\d{4})?",
}
"""Texts whose form is public knowledge; a site's own validations are known only by their names."""
_NUMBER = re.compile(r"number(?:_([1-4])dp)?(_comma_decimal)?")
_OLD: Mapping[str, str] = {"int": "integer", "float": "number", "date": "date_ymd"}


def kind_of(validation: str) -> Kind:
    """What a text box with this validation asks for; a validation that nobody knows asks for text."""
    name = _OLD.get(validation, validation)
    if name == "integer":
        return Kind.INTEGER
    if _NUMBER.fullmatch(name):
        return Kind.NUMBER
    known = {**dict.fromkeys(DATES, Kind.DATE), **dict.fromkeys(DATETIMES, Kind.DATETIME)}
    return {**known, **dict.fromkeys(TIMES, Kind.TIME)}.get(name, Kind.TEXT)


def decimals(field: Field) -> int | None:
    """How many decimal places a number has at most; None where nothing is said."""
    found = _NUMBER.fullmatch(field.validation)
    return int(found[1]) if found is not None and found[1] else None


def of_number(places: int | None) -> str:
    """The validation of a number with this many decimal places; more than four are not known."""
    return "number" if places is None or not 1 <= places <= 4 else f"number_{places}dp"


def of_format(typed: str) -> str:
    """The validation whose answers are typed like this ("DD-MM-YYYY"); empty where there is none."""
    return {value: name for name, value in FORMATS.items()}.get(typed, "")


def of_pattern(pattern: str) -> str:
    """The validation with this regular expression; empty where there is none."""
    return {value: name for name, value in PATTERNS.items()}.get(pattern, "")

"""A FHIR resource from a stranger, checked once, so that its reader may trust the types of what it reads."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.fhir_terms import Json

DEEPEST = 60
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = (
    "linkId",
    "type",
    "prefix",
    "url",
    "question",
    "operator",
    "display",
    "answerValueSet",
    "title",
    "enableBehavior",
)
_FLAGS = ("required", "repeats", "readOnly", "answerBoolean", "valueBoolean")
_LISTS = ("item", "extension", "enableWhen", "answerOption", "coding", "contained", "include", "concept")
_OBJECTS = ("valueCoding", "valueCodeableConcept", "answerCoding", "compose")
_SHAPES: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(_TEXTS, (str, "a text")),
    **dict.fromkeys(_FLAGS, (bool, "true or false")),
    **dict.fromkeys(_LISTS, (list, "a list of objects")),
    **dict.fromkeys(_OBJECTS, (dict, "an object")),
}
"""What FHIR types alike wherever the key stands."""


def load_resource(content: bytes, *, file: str = "") -> Json:
    """A JSON object with exact decimals, its known keys rightly typed. Raises `InputError`.

    Refused are also nesting deeper than `DEEPEST`, numbers that JSON does not know, and characters that no text may
    hold.
    """
    try:
        loaded = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise InputError("this file is not UTF-8 text.", file=file) from None
    except json.JSONDecodeError as error:
        raise InputError(f"this is not valid JSON: {error.msg}.", file=file, line=error.lineno) from None
    except (ValueError, RecursionError):
        raise InputError("this JSON holds something that is no number, or is nested too deeply.", file=file) from None
    _check(loaded, "the file", 0, file)
    if not isinstance(loaded, dict):
        raise InputError("a JSON object is expected here.", file=file)
    return loaded


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _check(value: object, key: str, depth: int, file: str) -> None:
    if depth > DEEPEST:
        raise InputError(f"this JSON is nested deeper than {DEEPEST} levels.", file=file)
    if isinstance(value, str) and _FORBIDDEN.search(value):
        raise InputError(f"{key} holds a character that no text may hold.", file=file)
    told = key == "text" and depth > 1  # at the top it is the narrative, an object
    kind, words = (str, "a text") if told else _SHAPES.get(key, (object, ""))
    listed = value if isinstance(value, list) else []
    if not isinstance(value, kind) or (kind is list and not all(isinstance(part, dict) for part in listed)):
        raise InputError(f"{words} is expected as {key}.", file=file)
    if isinstance(value, dict):
        for name, part in value.items():
            _check(part, name, depth + 1, file)
            _check(name, "a name", depth + 1, file)
    for part in listed:
        _check(part, "an entry", depth + 1, file)

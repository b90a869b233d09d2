"""Branching as FHIR's enableWhen: a list of comparisons of which all or any must hold.

enableWhen never holds for a question without an answer, except where it asks for just that. So ``[x] <> '1'``,
which also holds where x is empty, becomes two entries of which any must hold.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from confrere.analysis.questionnaire.fhir_terms import Json
from confrere.analysis.questionnaire.fhir_values import NUMBERS, text_of, typed
from confrere.analysis.questionnaire.logic import Asked, Comparison, Condition, Fixed, Joined, LogicError, joined
from confrere.analysis.questionnaire.model import Field, Kind

_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.QUERY})
_ORDERED = NUMBERS | {Kind.DATE, Kind.TIME}
_EMPTY = Fixed("")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


def to_enable_when(condition: Condition, fields: Mapping[str, Field]) -> tuple[list[Json], str]:
    """The entries and whether "all" or "any" of them must hold; raises `LogicError` with the reason."""
    word, parts = _flat(condition)
    if word == "and":
        present = {part.left.name for part in parts if (part.sign, part.right) == ("<>", _EMPTY)}
        unlike = {part.left.name for part in parts if part.sign == "<>" and part.right != _EMPTY}
        kept = [part for part in parts if not (part.right == _EMPTY and part.left.name in unlike & present)]
        return [_entry(part, fields, answered=part.left.name in present) for part in kept], "all"
    entries = []
    for part in parts:
        if part.sign == "<>" and part.left.code is None and part.right != _EMPTY:
            entries.append({"question": part.left.name, "operator": "exists", "answerBoolean": False})
            entries.append(_entry(part, fields, answered=True))
        else:
            entries.append(_entry(part, fields, answered=False))
    return entries, "any"


def _flat(condition: Condition) -> tuple[Literal["and", "or"], list[Comparison]]:
    """The word that joins all comparisons; a single comparison of inequality is joined by "or"."""
    if isinstance(condition, Comparison):
        unlike = condition.sign == "<>" and condition.right != _EMPTY
        return ("or" if unlike else "and"), [condition]
    parts: list[Comparison] = []
    for part in condition.parts:
        word, inner = ("", [part]) if isinstance(part, Comparison) else _flat(part)
        if word not in {"", condition.word}:
            raise LogicError("enableWhen wants all of its conditions or any of them, not a mixture.")
        parts += inner
    return condition.word, parts


def _entry(one: Comparison, fields: Mapping[str, Field], *, answered: bool) -> Json:
    field = fields.get(one.left.name)
    if field is None:
        raise LogicError(f"It asks about {one.left.name}, which is not in the questionnaire.")
    if isinstance(one.right, Asked):
        raise LogicError("enableWhen compares with fixed values only, not with another answer.")
    if field.kind is Kind.DISPLAY:
        raise LogicError(f"{field.name} has no answer.")
    start = {"question": field.name}
    if one.left.code is None and one.right == _EMPTY and one.sign in {"=", "<>"}:
        return start | {"operator": "exists", "answerBoolean": one.sign == "<>"}
    if one.left.code is not None:
        return start | _box(field, one, one.left.code)
    if one.sign == "<>" and not answered:
        raise LogicError("Together with other conditions, enableWhen cannot let an empty answer differ from a value.")
    sign = {"<>": "!="}.get(one.sign, one.sign)
    return start | {"operator": sign} | _answer(field, one.sign, one.right.value)


def _box(field: Field, one: Comparison, code: str) -> Json:
    if field.kind is not Kind.CHOICES or (one.sign, one.right) not in {
        ("=", Fixed("1")),
        ("=", Fixed("1", number=True)),
    }:
        raise LogicError("enableWhen can ask whether a box is ticked, not whether it is empty.")
    return {"operator": "=", "answerCoding": {"code": code}}


def _answer(field: Field, sign: str, value: str) -> Json:
    if sign not in {"=", "<>"} and field.kind not in _ORDERED:
        raise LogicError(f"{sign} compares numbers, dates and times only.")
    if field.kind is Kind.CHOICE:
        return {"answerCoding": {"code": value}}
    if field.kind in _TEXTS:
        return {"answerString": value}
    if field.kind is Kind.YES_NO and value in {"0", "1"}:
        return {"answerBoolean": value == "1"}
    found = typed(field, value)
    if found is None:
        raise LogicError(f'"{value[:40]}" is not a value that {field.name} can have in FHIR.')
    return {f"answer{found[0]}": found[1]}


def from_enable_when(entries: Sequence[Json], behavior: str, fields: Mapping[str, Field]) -> Condition:
    """The condition of an item's enableWhen; raises `LogicError` with the reason."""
    word: Literal["and", "or"] = "or" if behavior == "any" else "and"
    parts: list[Condition] = []
    waiting = ""
    for entry in entries:
        asked, sign, value = _read(entry, fields)
        exists = Comparison(asked, "<>", _EMPTY)
        if sign != "!=":
            parts.append(Comparison(asked, sign, value))
        elif word == "or" and waiting == asked.name:
            parts[-1] = Comparison(asked, "<>", value)
        elif word == "and":
            parts += [exists, Comparison(asked, "<>", value)]
        else:
            parts.append(Joined("and", (exists, Comparison(asked, "<>", value))))
        waiting = asked.name if (sign, value) == ("=", _EMPTY) else ""
    return joined(word, *parts)


def _read(entry: Json, fields: Mapping[str, Field]) -> tuple[Asked, str, Fixed]:
    field = fields.get(f"{entry.get('question')}")
    answers = [key for key in entry if key.startswith("answer")]
    sign = entry.get("operator")
    if field is None or len(answers) != 1 or sign not in {"exists", "=", "!=", ">", "<", ">=", "<="}:
        raise LogicError("The condition asks about no question that is read.")
    value = entry[answers[0]]
    if set(field.name) & set("[]()"):
        raise LogicError("Names with brackets cannot be written in REDCap's notation.")
    if sign == "exists":
        return Asked(field.name), "<>" if value is True else "=", _EMPTY
    if answers[0] == "answerCoding":
        code = f"{value.get('code', '')}" if isinstance(value, dict) else ""
        if field.kind is Kind.CHOICES and sign == "=" and code and not set(code) & set("[]()"):
            return Asked(field.name, code), "=", Fixed("1")
        value = code
    if field.kind is Kind.CHOICES or isinstance(value, dict | list) or value == "":
        raise LogicError(f"It compares {field.name} in a way that has no counterpart here.")
    text = text_of(field, value)
    if "'" in text and '"' in text:
        raise LogicError("It compares with a text that holds both kinds of quotes.")
    return (
        Asked(field.name),
        f"{sign}",
        Fixed(text, number=field.kind in NUMBERS and _PLAIN.fullmatch(text) is not None),
    )

"""A condition in the language of `confrere.science.expression`, in which our own surveys branch."""

import re
from collections.abc import Mapping

from confrere.analysis.questionnaire.logic import Asked, Comparison, Condition, Fixed, LogicError
from confrere.analysis.questionnaire.model import Field, Kind

_PLAIN = re.compile(r"[^\W\d][\w.]*")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)")
_WHOLE = re.compile(r"-?\d+")
_WORDS = frozenset({"and", "or", "not", "in", "missing"})
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.SLIDER, Kind.CALCULATION, Kind.YES_NO})
_NAMELESS = frozenset({Kind.DISPLAY, Kind.FILE, Kind.SIGNATURE})
_SIGNS: Mapping[str, str] = {"=": "=="}


def column_of(asked: Asked) -> str:
    """The column of an answer; a box of several choices has its own, as REDCap names it: ``gym___2``."""
    return asked.name if asked.code is None else f"{asked.name}___{asked.code.lower().replace('-', '_')}"


def is_numeric(field: Field) -> bool:
    """Whether the answers are numbers: also codes of one choice that are all whole numbers."""
    if field.kind is Kind.CHOICE:
        return all(_WHOLE.fullmatch(choice.code) for choice in field.choices)
    return field.kind in _NUMBERS


def to_rule(condition: Condition, fields: Mapping[str, Field]) -> str:
    """The condition as an expression over `column_of`; raises `LogicError` where the language cannot say it.

    ``fields`` are the fields by name. An empty answer means the same in both languages:
    ``[x] <> '1'`` becomes ``not x == 1``, which holds where x is missing.
    """
    if isinstance(condition, Comparison):
        return _comparison(condition, fields)
    parts = (to_rule(part, fields) for part in condition.parts)
    return f"({f' {condition.word} '.join(parts)})"


def _comparison(one: Comparison, fields: Mapping[str, Field]) -> str:
    numeric = _answer(one.left, fields)
    name = _name(column_of(one.left))
    if isinstance(one.right, Asked):
        if _answer(one.right, fields) != numeric:
            raise LogicError("A text and a number cannot be compared.")
        return _between(name, one.sign, _name(column_of(one.right)), numeric)
    if one.left.code is not None:
        return _box(name, one)
    if one.right.value == "" and one.sign in {"=", "<>"}:
        return f"missing({name})" if one.sign == "=" else f"not missing({name})"
    return _signed(name, one.sign, _fixed(one.right, numeric), numeric)


def _answer(asked: Asked, fields: Mapping[str, Field]) -> bool:
    """Whether the answer is a number; refuses what has no single answer."""
    field = fields.get(asked.name)
    if field is None:
        raise LogicError(f"There is no field {asked.name}.")
    if field.kind in _NAMELESS or (asked.code is None) == (field.kind is Kind.CHOICES):
        raise LogicError(f"{asked.name} has no single answer that can be compared.")
    return asked.code is not None or is_numeric(field)


def _signed(name: str, sign: str, other: str, numeric: bool) -> str:
    if sign not in {"=", "<>"} and not numeric:
        raise LogicError(f"{sign} compares numbers, and these are texts.")
    return f"not {name} == {other}" if sign == "<>" else f"{name} {_SIGNS.get(sign, sign)} {other}"


def _between(name: str, sign: str, other: str, numeric: bool) -> str:
    """Two answers compared; two empty ones are equal."""
    if sign not in {"=", "<>"}:
        return _signed(name, sign, other, numeric)
    same = f"({name} == {other} or (missing({name}) and missing({other})))"
    return same if sign == "=" else f"not {same}"


def _box(name: str, one: Comparison) -> str:
    ticked = {("=", "1"): True, ("<>", "0"): True, ("=", "0"): False, ("<>", "1"): False}
    assert isinstance(one.right, Fixed)
    said = ticked.get((one.sign, one.right.value))
    if said is None:
        raise LogicError("A box is ticked (1) or not (0).")
    return f"{name} == 1" if said else f"not {name} == 1"


def _fixed(value: Fixed, numeric: bool) -> str:
    if numeric:
        if not _NUMBER.fullmatch(value.value):
            raise LogicError(f'"{value.value[:40]}" is not a number.')
        return value.value
    if '"' in value.value and "'" in value.value:
        raise LogicError("A text with both kinds of quotes cannot be written.")
    return f'"{value.value}"' if "'" in value.value else f"'{value.value}'"


def _name(column: str) -> str:
    return column if _PLAIN.fullmatch(column) and column not in _WORDS else f"[{column}]"

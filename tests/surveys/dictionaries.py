"""Data dictionaries made up with a seed, and a generator that answers whatever a survey asks next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from tests.analysis.questionnaire.examples import dictionary

from confrere.surveys import definition
from confrere.surveys.definition import LOOKS, Kind, Question, Value

_TYPES: Sequence[Mapping[str, str]] = (
    {"type": "text"},
    {"type": "text", "validation": "integer", "low": "0", "high": "40"},
    {"type": "text", "validation": "number_2dp", "high": "9.75"},
    {"type": "text", "validation": "date_dmy", "low": "2020-01-01", "high": "2026-12-31"},
    {"type": "text", "validation": "email"},
    {"type": "text", "validation": "time", "note": "in the evening"},
    {"type": "notes"},
    {"type": "radio", "choices": "0, No | 1, Yes, with a comma | 2, Perhaps"},
    {"type": "dropdown", "choices": "a, Ash | b, Birch"},
    {"type": "radio", "choices": "0, Never | 1, Often", "matrix": "grid"},
    {"type": "checkbox", "choices": "1, Nights | 2, Weekends | -9, None"},
    {"type": "yesno"},
    {"type": "truefalse"},
    {"type": "slider", "choices": "worst | | best", "validation": "number"},
    {"type": "descriptive", "label": "Please <b>read</b> this"},
    {"type": "calc", "choices": "1 + 1"},
    {"type": "file"},
)


def made_up(seed: int, *, fields: int = 30) -> bytes:
    """A dictionary of chance: every kind of field, headings, two forms, branching over what came before."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, str]] = [{"name": "record"}]
    conditions = [""]
    for number in range(1, fields):
        row = {"name": f"f{number}", "form": "one" if number < fields // 2 else "two", **_pick(rng, _TYPES)}
        row |= {"required": "y"} if rng.random() < 0.3 else {}
        row |= {"header": f"Part {number}"} if rng.random() < 0.2 else {}
        row |= {"branching": _pick(rng, conditions)} if rng.random() < 0.5 else {}
        rows.append(row)
        conditions += _conditions(f"f{number}", row)
        if len(conditions) > 3:
            conditions.append(f"({_pick(rng, conditions[1:])}) or {_pick(rng, conditions[1:])}")
    return dictionary(*rows)


def _pick[T](rng: np.random.Generator, some: Sequence[T]) -> T:
    return some[int(rng.integers(len(some)))]


def _conditions(name: str, row: Mapping[str, str]) -> Iterable[str]:
    match row["type"], row.get("validation"):
        case (("radio" | "yesno" | "truefalse"), _):
            return (f"[{name}] = '1'", f"[{name}] <> '1'")
        case "checkbox", _:
            return (f"[{name}(2)] = '1' and [{name}(-9)] = '0'",)
        case "text", "integer":
            return (f"[{name}] > 5", f"[{name}] = ''")
        case "dropdown", _:
            return (f"[{name}] = 'b'",)
        case _:
            return ()


def answered(questions: Sequence[Question], given: Mapping[str, Value], rng: np.random.Generator) -> dict[str, Value]:
    """An answer to each question that is asked now and has none; now and then a second thought about another one."""
    asked = definition.asked(questions, given)
    open_ = {one.name: one for one in asked if one.kind.answered and one.name not in given}
    again = {one.name: one for one in asked if one.name in given and rng.random() < 0.1}
    return {name: _answer(one, rng) for name, one in (open_ | (again if open_ else {})).items()}


def _answer(question: Question, rng: np.random.Generator) -> Value:
    if not question.required and rng.random() < 0.3:
        return None
    match question.kind:
        case Kind.CHOICE | Kind.LIKERT:
            return _pick(rng, question.options).value
        case Kind.CHOICES:
            some = [option.value for option in question.options if rng.random() < 0.5]
            return some or [question.options[0].value]
        case Kind.SLIDER | Kind.NUMBER:
            low = -50.0 if question.low is None else question.low
            high = max(low, 50.0) if question.high is None else question.high
            return float(np.clip(np.ceil(rng.uniform(low, high)), low, high))
        case Kind.DATE:
            first = date.fromisoformat(question.earliest or "2020-01-01")
            last = date.fromisoformat(question.latest) if question.latest else first + timedelta(days=900)
            return (first + timedelta(days=int(rng.integers((last - first).days + 1)))).isoformat()
        case _:  # words
            return LOOKS[question.look].example if question.look else _pick(rng, ("words", "mehr Wörter", "1"))

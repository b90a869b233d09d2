"""Which questions are asked, given the answers so far: conditions in the language of `confrere.science.expression`.

A condition reads the answers to earlier questions by their names; a box of several choices has a name of its own,
``themes___care``, which is 1 where it is ticked and 0 where it is not. The answer to a question that is not asked
counts as missing, whatever had been answered before, so that questions which hang on it are not asked either.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from confrere.science.expression import Expression, compile_expression
from confrere.surveys.definition.model import Kind, Question, Value

type Cell = float | str | None
"""What a condition sees of an answer: a number, a text, or None where there is none."""

SEVERAL = "___"


def columns(question: Question) -> dict[str, type[float] | type[str]]:
    """The names that conditions may use for the answer to a question, and whether each is a number or a text."""
    match question.kind:
        case Kind.CHOICES:
            return dict.fromkeys((box(question.name, option.value) for option in question.options), float)
        case Kind.LIKERT | Kind.SLIDER | Kind.NUMBER:
            return {question.name: float}
        case Kind.CHOICE if question.codes_are_numbers:
            return {question.name: float}
        case Kind.CHOICE | Kind.DATE | Kind.LINE | Kind.TEXT:
            return {question.name: str}
        case _:  # a note, or what is not asked here
            return {}


def box(name: str, code: str) -> str:
    """The name of one box of a question with several choices, as REDCap makes it: ``themes___2``."""
    return name + SEVERAL + code.lower().replace("-", "_")


def cells(question: Question, value: Value) -> dict[str, Cell]:
    """What conditions see of an answer."""
    if question.kind is Kind.CHOICES:
        return {box(question.name, option.value): _ticked(option.value, value) for option in question.options}
    return {name: _cell(kind, value) for name, kind in columns(question).items()}


def _ticked(code: str, value: Value) -> Cell:
    return float(code in value) if isinstance(value, list) else None


def _cell(kind: type, value: Value) -> Cell:
    if value is None or isinstance(value, list):
        return None
    return float(value) if kind is float else str(value)


@lru_cache(maxsize=4096)
def compiled(condition: str, names: frozenset[str]) -> Expression:
    """A condition, read once; raises `confrere.science.expression.ExpressionError`."""
    return compile_expression(condition, names=names)


def asked(questions: Sequence[Question], answers: Mapping[str, Value]) -> tuple[Question, ...]:
    """The questions that are asked now, in order, notes too: those without a condition and those whose holds."""
    seen: dict[str, Cell] = {}
    found: list[Question] = []
    for question in questions:
        here = question.kind is not Kind.KEPT and holds(question.condition, seen)
        if here:
            found.append(question)
        seen |= cells(question, answers.get(question.name) if here else None)
    return tuple(found)


def holds(condition: str, seen: Mapping[str, Cell]) -> bool:
    """Whether a condition holds, given what it can see; an empty one always does."""
    if not condition:
        return True
    expression = compiled(condition, frozenset(seen))
    rows = {name: np.array([seen[name]], dtype=object) for name in expression.names}
    return bool(expression.evaluate(rows).all())


def fallen(questions: Sequence[Question], answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Names of questions that have an answer and are not asked any more: an earlier answer was changed since."""
    here = {question.name for question in asked(questions, answers)}
    return tuple(
        question.name for question in questions if question.name not in here and answers.get(question.name) is not None
    )


def renamed(condition: str, before: str, after: str) -> str:
    """A condition in which a question has its new name; texts in quotes stay as they are."""
    word = re.compile(rf"\"[^\"]*\"|'[^']*'|(?<![\w.])({re.escape(before)})(?={SEVERAL}|(?![\w.]))")
    return word.sub(lambda found: after if found[1] else found[0], condition)


def names_before(questions: Iterable[Question]) -> frozenset[str]:
    """Every name that a condition after these questions may use."""
    return frozenset(name for question in questions for name in columns(question))

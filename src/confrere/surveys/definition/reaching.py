"""Whether a condition can hold at all, whatever is answered before: tried with every answer that could matter.

For choices these are all answers; for numbers the values that conditions name, what lies between them, and the
bounds; for texts those that conditions name, and another. A question that could be left out, or is itself asked
only under a condition, may also have no answer. With more combinations than `MOST` nothing is said.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from confrere.science.expression import Comparison, Fixed, Joined, Member, Missing, Node, Not
from confrere.surveys.definition.branching import Cell, columns, compiled, names_before
from confrere.surveys.definition.model import Question

MOST = 20_000

type Table = dict[str, NDArray[np.object_]]


def can_hold(question: Question, before: Sequence[Question]) -> bool:
    """Whether the condition of a question can hold; `before` are the questions before it, all conditions read."""
    names = names_before(before)
    relevant = _relevant(question, before)
    fixed = [value for one in (*relevant, question) for value in _fixed(one, names)]
    domains = {name: _domain(one, kind, fixed) for one in relevant for name, kind in columns(one).items()}
    sizes = [len(values) for values in domains.values()]
    if np.prod(sizes, dtype=float) > MOST:
        return True
    places = np.indices(sizes).reshape(len(sizes), -1)
    table = {
        name: np.array(values, dtype=object)[place]
        for (name, values), place in zip(domains.items(), places, strict=True)
    }
    for one in relevant:
        _hide(one, table, names)
    return bool(compiled(question.condition, names).evaluate(table).any())


def _relevant(question: Question, before: Sequence[Question]) -> list[Question]:
    """The questions that the condition reads, and those on which these hang, in order."""
    wanted = set(_read(question, before))
    found: list[Question] = []
    for one in reversed(before):
        if wanted & columns(one).keys():
            wanted |= _read(one, before)
            found.insert(0, one)
    return found


def _read(question: Question, before: Sequence[Question]) -> frozenset[str]:
    return compiled(question.condition, names_before(before)).names if question.condition else frozenset()


def _hide(question: Question, table: Table, names: frozenset[str]) -> None:
    """Without an answer wherever its own condition does not hold."""
    if question.condition:
        away = ~compiled(question.condition, names).evaluate(table)
        for name in columns(question):
            table[name][away] = None


def _domain(question: Question, kind: type, fixed: Sequence[float | str]) -> list[Cell]:
    none: list[Cell] = [None] if not question.required or question.condition else []
    if question.kind.offers:
        several = question.name not in columns(question)
        codes = ["0", "1"] if several else [option.value for option in question.options]
        return [*(float(code) if kind is float else code for code in codes), *none]
    if kind is str:
        texts = {value for value in fixed if isinstance(value, str)}
        return [*sorted(texts), "".join(sorted(texts)) + "?", *none]
    return [*_numbers(question, [value for value in fixed if isinstance(value, float)]), *none]


def _numbers(question: Question, fixed: Sequence[float]) -> list[Cell]:
    ends = [bound for bound in (question.low, question.high) if bound is not None]
    named = sorted({*fixed, *ends} or {0.0})
    around = {named[0] - 1, *named, named[-1] + 1}
    between = {(left + right) / 2 for left, right in pairwise(named)}
    if question.whole:
        around |= {float(round(value)) for value in between}
        between = set()
    low = -np.inf if question.low is None else question.low
    high = np.inf if question.high is None else question.high
    return [value for value in sorted(around | between) if low <= value <= high]


def _fixed(question: Question, names: frozenset[str]) -> Iterator[float | str]:
    if question.condition:
        yield from _values(compiled(question.condition, names).node)


def _values(node: Node) -> Iterator[float | str]:
    match node:
        case Comparison():
            yield from (side.value for side in (node.left, node.right) if isinstance(side, Fixed))
        case Member():
            yield from (option.value for option in node.options)
        case Not():
            yield from _values(node.inner)
        case Joined():
            for part in node.parts:
                yield from _values(part)
        case _:  # whether something is missing
            assert isinstance(node, Missing)

"""A condition of our own surveys, written in `confrere.science.expression`, as REDCap's branching logic.

The way back of `confrere.analysis.questionnaire.rule`. A comparison with a missing answer is false in both languages,
but for ``<>``, which REDCap fulfils where the answer is empty: ``x != 1`` becomes ``[x] <> '1' and [x] <> ''``.
"""

from collections.abc import Mapping

from confrere.analysis.questionnaire.logic import Asked, Comparison, Condition, Fixed, joined, negated
from confrere.science import expression
from confrere.science.expression import Node, Operand

_SIGNS: Mapping[str, str] = {"==": "=", "!=": "<>"}
_TURNED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EMPTY = Fixed("")


def from_rule(text: str, columns: Mapping[str, Asked]) -> Condition:
    """The tree of an expression whose columns are these answers.

    Raises `confrere.science.expression.ExpressionError` for an expression that cannot be read.
    """
    return _condition(expression.compile_expression(text, names=columns.keys()).node, columns)


def _condition(node: Node, columns: Mapping[str, Asked]) -> Condition:
    match node:
        case expression.Comparison():
            return _comparison(node, columns)
        case expression.Member():
            return _member(node, columns)
        case expression.Missing():
            return Comparison(columns[node.name.name], "=", _EMPTY)
        case expression.Not():
            return negated(_condition(node.inner, columns))
        case _:  # several parts
            assert isinstance(node, expression.Joined)
            return joined(node.word, *(_condition(part, columns) for part in node.parts))


def _member(node: expression.Member, columns: Mapping[str, Asked]) -> Condition:
    asked = columns[node.name.name]
    same = [Comparison(asked, "=", _fixed(option, "=")) for option in node.options]
    if not node.negated:
        return joined("or", *same)
    return joined("and", *(negated(one) for one in same), Comparison(asked, "<>", _EMPTY))


def _comparison(node: expression.Comparison, columns: Mapping[str, Asked]) -> Condition:
    sign = _SIGNS.get(node.operator, node.operator)
    left, right = node.left, node.right
    if not isinstance(left, expression.Name):
        left, right, sign = right, left, _TURNED.get(sign, sign)
    assert isinstance(left, expression.Name)  # two fixed values are not compared
    asked = columns[left.name]
    compared = Comparison(asked, sign, _side(right, sign, columns))
    present = [Comparison(side, "<>", _EMPTY) for side in _open(asked, right, sign, columns)]
    return joined("and", compared, *present)


def _open(asked: Asked, right: Operand, sign: str, columns: Mapping[str, Asked]) -> list[Asked]:
    """The answers of which REDCap must be told that they are there: two empty ones are equal to it."""
    other = [columns[right.name]] if isinstance(right, expression.Name) else []
    if sign == "<>":
        return [side for side in (asked, *other) if side.code is None]
    return [asked] if sign == "=" and other and asked.code is None else []


def _side(side: Operand, sign: str, columns: Mapping[str, Asked]) -> Asked | Fixed:
    return columns[side.name] if isinstance(side, expression.Name) else _fixed(side, sign)


def _fixed(fixed: expression.Fixed, sign: str) -> Fixed:
    """A value as REDCap's designer writes it: codes in quotes, limits without."""
    if isinstance(fixed.value, str):
        return Fixed(fixed.value)
    return Fixed(f"{fixed.value:g}", number=sign not in {"=", "<>"})

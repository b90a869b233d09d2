"""A small safe language for analysis sets and branching: ``mitt == 1 and gender in ('woman', 'man')``.

It knows comparisons (``== != < <= > >=``, also chained), ``in (…)`` and ``not in (…)``,
``missing(x)``, ``and``, ``or``, ``not``, parentheses, numbers, texts in quotes, and column names; a name
with other characters than letters, digits, dots and underscores stands in square brackets: ``[age group]``.
Nothing is ever handed to Python's ``eval``.

**Missing values.** A comparison with a missing value (NaN, None or an empty text) is *false*, and so are
``in`` and ``not in``. ``not`` turns a false into a true, therefore ``not x == 1`` keeps the rows where
``x`` is missing and ``x != 1`` leaves them out; ``missing(x)`` asks directly.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

type Bools = NDArray[np.bool_]

LONGEST = 10_000
"""Characters an expression may have."""
DEEPEST = 50
"""Levels of parentheses and ``not``: far beyond any real rule, and below Python's own limit."""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<bracket>\[[^\[\]]+\])
    | (?P<word>[^\W\d][\w.]*)
    | (?P<sign>==|!=|<=|>=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {"==": np.equal, "!=": np.not_equal, **_ORDER}
_WORDS = frozenset({"and", "or", "not", "in", "missing"})


class ExpressionError(ValueError):
    """What is wrong with an expression, in one sentence, and where (``position`` counts from 1)."""

    def __init__(self, sentence: str, position: int) -> None:
        """Keep the sentence and the place apart, so that a page can point at it."""
        super().__init__(f"{sentence} (position {position})")
        self.sentence = sentence
        self.position = position


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class _Values:
    """Cells beside which of them are present; ``text`` is None where every cell is missing."""

    cells: NDArray[Any]
    present: Bools | np.bool_
    text: bool | None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number or a text that is written in the expression."""

    value: float | str
    position: int


@dataclass(frozen=True, slots=True)
class Name:
    """A column that the expression reads."""

    name: str
    position: int


type Operand = Fixed | Name


class Node(Protocol):
    """One step of the expression: which rows fulfil it, of shape (n,)."""

    def rows(self, columns: Mapping[str, _Values]) -> Bools: ...


def _values(operand: Operand, columns: Mapping[str, _Values]) -> _Values:
    if isinstance(operand, Name):
        return columns[operand.name]
    return _Values(np.asarray(operand.value), np.True_, isinstance(operand.value, str))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and the sign between them."""

    operator: str
    left: Operand
    right: Operand
    position: int

    def rows(self, columns: Mapping[str, _Values]) -> Bools:
        left, right = _values(self.left, columns), _values(self.right, columns)
        both = np.asarray(left.present & right.present)
        if left.text is None or right.text is None:
            return np.zeros_like(both)
        if left.text != right.text:
            raise ExpressionError("A text and a number cannot be compared.", self.position)
        if left.text and self.operator in _ORDER:
            raise ExpressionError(f"{self.operator} compares numbers, and these are texts.", self.position)
        return np.asarray(_COMPARE[self.operator](left.cells, right.cells) & both)


@dataclass(frozen=True, slots=True)
class Member:
    """A column and the values of which it is (or is not) one."""

    name: Name
    options: tuple[Fixed, ...]
    negated: bool
    position: int

    def rows(self, columns: Mapping[str, _Values]) -> Bools:
        asked = columns[self.name.name]
        present = np.asarray(asked.present)
        if asked.text is None:
            return np.zeros_like(present)
        if asked.text != isinstance(self.options[0].value, str):
            raise ExpressionError("A text and a number cannot be compared.", self.position)
        found = np.isin(asked.cells, [option.value for option in self.options], invert=self.negated)
        return np.asarray(found & present)


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a column has no value."""

    name: Name

    def rows(self, columns: Mapping[str, _Values]) -> Bools:
        return ~np.asarray(columns[self.name.name].present)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of what stands inside."""

    inner: Node

    def rows(self, columns: Mapping[str, _Values]) -> Bools:
        return ~self.inner.rows(columns)


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which all, or at least one, must hold."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]

    def rows(self, columns: Mapping[str, _Values]) -> Bools:
        join = np.logical_and if self.word == "and" else np.logical_or
        return np.asarray(join.reduce([part.rows(columns) for part in self.parts]))


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the columns it reads, and :meth:`evaluate`."""

    text: str
    names: frozenset[str]
    node: Node

    def evaluate(self, columns: Mapping[str, NDArray[Any]]) -> Bools:
        """Which rows fulfil the expression, as booleans of shape (n,).

        ``columns`` maps every name of ``names`` to an array of shape (n,): numbers (NaN is missing), texts
        ("" is missing) or objects (also None). Raises :class:`ExpressionError` where a column is absent or
        mixes texts with numbers, where lengths differ, or where a text meets a number.
        """
        lengths = {len(columns[name]) for name in self.names if name in columns}
        if len(lengths) > 1:
            raise ExpressionError("The columns do not have the same length.", 1)
        return self.node.rows({name: _read(name, columns) for name in self.names})


def compile_expression(text: str, *, names: Collection[str]) -> Expression:
    """Read ``text``, whose columns must be among ``names``; raises :class:`ExpressionError`."""
    if len(text) > LONGEST:
        raise ExpressionError(f"The expression is longer than {LONGEST} characters.", LONGEST)
    parser = _Parser(text, names)
    node = parser.whole()
    return Expression(text, frozenset(parser.used), node)


def _read(name: str, columns: Mapping[str, NDArray[Any]]) -> _Values:
    if name not in columns:
        raise ExpressionError(f"The data have no column {name}.", 1)
    cells = np.asarray(columns[name])
    if cells.dtype.kind in "biuf":
        numbers = cells.astype(float)
        present = ~np.isnan(numbers)
        return _Values(numbers, present, False if present.any() else None)
    listed = cells.tolist()
    present = np.array([cell is not None and cell == cell and cell != "" for cell in listed], dtype=bool)  # noqa: PLR0124 - NaN is the value unlike itself
    filled = [cell for cell, there in zip(listed, present, strict=True) if there]
    if not filled:
        return _Values(cells, present, None)
    if all(isinstance(cell, str) for cell in filled):
        return _Values(np.where(present, cells, "").astype(str), present, True)
    if all(isinstance(cell, int | float | np.number) for cell in filled):
        return _Values(np.where(present, cells, np.nan).astype(float), present, False)
    raise ExpressionError(f"Column {name} mixes texts with numbers.", 1)


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            place = position + len(text[position:]) - len(text[position:].lstrip())
            raise ExpressionError(_unreadable(text[place:]), place + 1)
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind], found.start(kind) + 1)
        position = found.end()
    yield _Token("end", "", len(text) + 1)


def _unreadable(rest: str) -> str:
    if rest[0] in "\"'":
        return "This text has no closing quote."
    if rest[0] == "=":
        return "Write == to compare."
    return f"{rest[0]} does not belong into an expression."


class _Parser:
    """Recursive descent: or, and, not, comparison."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.names = names
        self.used: set[str] = set()

    def whole(self) -> Node:
        node = self.either()
        if self.now.kind != "end":
            self.fail("Expected and, or, or the end here.")
        return node

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def fail(self, sentence: str) -> NoReturn:
        raise ExpressionError(sentence, self.now.position)

    def take(self, *wanted: str) -> _Token | None:
        """The present token if it is one of ``wanted`` (and then move on), else None."""
        token = self.now
        if token.kind not in {"word", "sign"} or token.text not in wanted:
            return None
        self.at += 1
        return token

    def demand(self, sign: str) -> None:
        if self.take(sign) is None:
            self.fail(f"Expected {sign} here.")

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.single)

    def joined(self, word: Literal["and", "or"], part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def single(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"The expression is nested deeper than {DEEPEST} levels.")
        node = self.unnested()
        self.depth -= 1
        return node

    def unnested(self) -> Node:
        if self.take("not"):
            return Not(self.single())
        if self.take("("):
            inner = self.either()
            self.demand(")")
            return inner
        if self.take("missing"):
            self.demand("(")
            asked = Missing(self.name())
            self.demand(")")
            return asked
        return self.comparison()

    def comparison(self) -> Node:
        left = self.operand()
        negated = self.take("not")
        if (member := self.take("in")) is not None:
            return self.member(left, negated is not None, member.position)
        if negated is not None:
            self.fail("Expected in after not here.")
        links: list[Node] = []
        while (sign := self.take(*_COMPARE)) is not None:
            right = self.operand()
            if isinstance(left, Fixed) and isinstance(right, Fixed):
                raise ExpressionError("Compare with a column, not two fixed values.", sign.position)
            links.append(Comparison(sign.text, left, right, sign.position))
            left = right
        if not links:
            self.fail("Expected a comparison such as == 1 here.")
        return links[0] if len(links) == 1 else Joined("and", tuple(links))

    def member(self, left: Operand, negated: bool, position: int) -> Member:
        if isinstance(left, Fixed):
            raise ExpressionError("Before in stands a column.", left.position)
        self.demand("(")
        options = [self.literal()]
        while self.take(","):
            options.append(self.literal())
        self.demand(")")
        if len({isinstance(option.value, str) for option in options}) > 1:
            raise ExpressionError("A list holds numbers or texts, not both.", position)
        return Member(left, tuple(options), negated, position)

    def operand(self) -> Operand:
        return self.literal() if self.now.kind in {"number", "text"} else self.name()

    def literal(self) -> Fixed:
        token = self.now
        if token.kind not in {"number", "text"}:
            self.fail("Expected a number or a text in quotes here.")
        self.at += 1
        value = float(token.text) if token.kind == "number" else token.text[1:-1]
        if value == "":
            raise ExpressionError("An empty text means missing; ask with missing(…).", token.position)
        return Fixed(value, token.position)

    def name(self) -> Name:
        token = self.now
        if token.kind not in {"word", "bracket"} or token.text in _WORDS:
            self.fail("Expected the name of a column here.")
        name = token.text[1:-1] if token.kind == "bracket" else token.text
        if name not in self.names:
            self.fail(f"There is no column {name}.{_nearest(name, self.names)}")
        self.at += 1
        self.used.add(name)
        return Name(name, token.position)


def _nearest(name: str, names: Collection[str]) -> str:
    close = difflib.get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {close[0]}?" if close else ""

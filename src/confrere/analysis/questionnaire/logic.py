"""REDCap's branching logic as a small tree, and the same condition as text, as its negation, and in our own language.

The part that is understood: comparisons (``= <> != < <= > >=``) of a field (``[age]``), of one box of a field with
several choices (``[gym(2)]``, 1 ticked, 0 not), and of texts and numbers; ``and``, ``or``, parentheses. Functions,
arithmetic, events and smart variables are not; such logic stays as it is written.

**Empty answers.** An empty answer equals ``''`` and differs from everything else, so ``[x] <> '1'`` holds where x is
empty; ``< <= > >=`` never hold for an empty answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

DEEPEST = 30
LONGEST = 20_000
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_TOKEN = re.compile(
    r"""\s*(?:
    \[(?P<field>[^\[\]()]+)(?:\((?P<code>[^()\[\]]+)\))?\](?!\[)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<number>-?(?:\d+\.?\d*|\.\d+)(?![\w.]))
    | (?P<sign><>|!=|<=|>=|==|=|<|>|\(|\)|&&|\|\|)
    | (?P<word>and|or)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SAME: Mapping[str, str] = {"==": "=", "!=": "<>", "&&": "and", "||": "or"}
_TURNED: Mapping[str, str] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Mapping[str, str] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


class LogicError(ValueError):
    """What of a condition is not understood or cannot be said, in one sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field's answer, or one box of it (``code``): 1 where it is ticked, else 0."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed value; `number` tells 5 from '5'."""

    value: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with a value or with another field."""

    left: Asked
    sign: str
    right: Asked | Fixed


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more conditions of which all ("and") or at least one ("or") must hold."""

    word: Literal["and", "or"]
    parts: tuple["Condition", ...]


type Condition = Comparison | Joined


def parse(text: str) -> Condition:
    """The tree of a branching logic; raises `LogicError` for what is not understood."""
    if len(text) > LONGEST:
        raise LogicError(f"The condition is longer than {LONGEST} characters.")
    return _Parser(text.translate(_QUOTES)).whole()


def joined(word: Literal["and", "or"], *parts: Condition) -> Condition:
    """The parts under one word; a single part stays what it is."""
    return parts[0] if len(parts) == 1 else Joined(word, parts)


def to_text(condition: Condition) -> str:
    """The condition in REDCap's notation, in one spelling: ``[sex] = '0' and [age] > 5``."""
    if isinstance(condition, Comparison):
        return f"{_side(condition.left)} {condition.sign} {_side(condition.right)}"
    return f" {condition.word} ".join(
        f"({to_text(part)})" if isinstance(part, Joined) else to_text(part) for part in condition.parts
    )


def _side(side: Asked | Fixed) -> str:
    if isinstance(side, Asked):
        return f"[{side.name}]" if side.code is None else f"[{side.name}({side.code})]"
    if side.number:
        return side.value
    return f'"{side.value}"' if "'" in side.value else f"'{side.value}'"


def negated(condition: Condition) -> Condition:
    """The condition that holds exactly where this one does not, for empty answers too."""
    if isinstance(condition, Comparison):
        return _negated_comparison(condition)
    turned = _guarded(condition)
    if turned is not None:
        return turned
    return joined("or" if condition.word == "and" else "and", *(negated(part) for part in condition.parts))


def _negated_comparison(one: Comparison) -> Condition:
    turned = Comparison(one.left, _OPPOSITE[one.sign], one.right)
    if one.sign in {"=", "<>"} or one.left.code is not None:
        return turned
    sides = [side for side in (one.left, one.right) if isinstance(side, Asked)]
    return joined("or", turned, *(Comparison(side, "=", Fixed("")) for side in sides))


def _guarded(condition: Joined) -> Condition | None:
    """The comparison whose negation this is: ``x >= 5 or x = ''`` is the negation of ``x < 5``."""
    first = condition.parts[0]
    if not isinstance(first, Comparison):
        return None
    turned = Comparison(first.left, _OPPOSITE[first.sign], first.right)
    return turned if condition.word == "or" and _negated_comparison(turned) == condition else None


class _Parser:
    """Recursive descent: or, and, comparison."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.start = 0
        self.depth = 0
        self.token: dict[str, str] = {}
        self.advance()

    def advance(self) -> None:
        self.start = self.at
        if not self.text[self.at :].strip():
            self.token = {}
            return
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            self.fail()
        self.token = {kind: part for kind, part in found.groupdict().items() if part is not None}
        self.at = found.end()

    def fail(self) -> NoReturn:
        rest = self.text[self.start :].strip()
        raise LogicError(f'Not understood from "{rest[:40]}" on.' if rest else "The condition ends too early.")

    def sign(self) -> str:
        found = (self.token.get("sign") or self.token.get("word") or "").lower()
        return _SAME.get(found, found)

    def whole(self) -> Condition:
        condition = self.either()
        if self.token:
            self.fail()
        return condition

    def either(self) -> Condition:
        parts = [self.both()]
        while self.sign() == "or":
            self.advance()
            parts.append(self.both())
        return joined("or", *parts)

    def both(self) -> Condition:
        parts = [self.single()]
        while self.sign() == "and":
            self.advance()
            parts.append(self.single())
        return joined("and", *parts)

    def single(self) -> Condition:
        if self.sign() != "(":
            return self.comparison()
        self.depth += 1
        if self.depth > DEEPEST:
            raise LogicError(f"The condition is nested deeper than {DEEPEST} levels.")
        self.advance()
        inner = self.either()
        if self.sign() != ")":
            self.fail()
        self.advance()
        self.depth -= 1
        return inner

    def comparison(self) -> Condition:
        left = self.side()
        sign = self.sign()
        if sign not in _COMPARISONS:
            self.fail()
        self.advance()
        right = self.side()
        if isinstance(left, Asked):
            return Comparison(left, sign, right)
        if isinstance(right, Asked):
            return Comparison(right, _TURNED[sign], left)
        raise LogicError("Two fixed values are compared; a condition must ask about a field.")

    def side(self) -> Asked | Fixed:
        token = self.token
        if "field" in token:
            side: Asked | Fixed = Asked(token["field"], token.get("code"))
        elif "text" in token:
            side = Fixed(token["text"][1:-1])
        elif "number" in token:
            side = Fixed(token["number"], number=True)
        else:
            self.fail()
        self.advance()
        return side

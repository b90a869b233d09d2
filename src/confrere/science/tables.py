"""Tables as cells, not text: what stands in a table is a number with its kind, and prints the same everywhere.

A percentage is stored as a count of a total, so it cannot disagree with them; an interval is stored beside
its estimate. Page, terminal, document and file print the same cells. The style is that of a medical journal:
``P`` without a leading zero, real minus signs, ``to`` between the limits of an interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import override

MINUS = "−"


class TableError(ValueError):
    """The parts of a table do not fit together; the message names the cell or row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Anything that can stand in a table, with footnotes where it needs them."""

    footnotes: tuple[str, ...] = field(default=(), kw_only=True)

    def said(self) -> tuple[str, ...]:
        """The texts of its footnotes."""
        return self.footnotes

    def text(self) -> str:
        """The cell as a person reads it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Words(Cell):
    """Plain text."""

    words: str

    @override
    def text(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Empty(Cell):
    """No number here, and why."""

    reason: str

    @override
    def said(self) -> tuple[str, ...]:
        """The reason is a footnote."""
        return (self.reason, *self.footnotes)

    @override
    def text(self) -> str:
        return "–"


@dataclass(frozen=True, slots=True)
class Number(Cell):
    """A number with a fixed count of decimals; ``unit`` follows it without a space (``%``)."""

    value: float
    digits: int = 2
    unit: str = ""

    @override
    def text(self) -> str:
        return decimal(self.value, self.digits) + self.unit


@dataclass(frozen=True, slots=True)
class Count(Cell):
    """``n`` of ``total``, printed with the percentage that follows from them: ``43 (91.5)``, or ``43/47 (91.5)``."""

    n: int
    total: int
    of_total: bool = False

    def __post_init__(self) -> None:
        """Refuse a part that is larger than its whole."""
        if not 0 <= self.n <= self.total:
            raise TableError(f"{self.n} of {self.total} is not a part of a whole.")

    @override
    def text(self) -> str:
        part = f"{self.n}/{self.total}" if self.of_total else f"{self.n}"
        if self.n == 0:
            return part
        return f"{part} ({decimal(100 * self.n / self.total, 1)})"


@dataclass(frozen=True, slots=True)
class Spread(Cell):
    """Mean (SD). The SD is NaN where one value only was seen."""

    mean: float
    sd: float
    digits: int = 2

    @override
    def text(self) -> str:
        sd = decimal(self.sd, self.digits) if isfinite(self.sd) else "–"
        return f"{decimal(self.mean, self.digits)} ({sd})"


@dataclass(frozen=True, slots=True)
class Interval(Cell):
    """An estimate with its confidence interval; ``unit`` is printed after the estimate and the limits."""

    estimate: float
    lower: float
    upper: float
    digits: int = 2
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse an estimate outside its own interval."""
        if not self.lower <= self.estimate <= self.upper:
            raise TableError(f"The estimate {self.estimate} lies outside {self.lower} to {self.upper}.")

    @override
    def text(self) -> str:
        low, high = decimal(self.lower, self.digits), decimal(self.upper, self.digits)
        return f"{decimal(self.estimate, self.digits)}{self.unit} ({low} to {high})"


@dataclass(frozen=True, slots=True)
class PValue(Cell):
    """A two-sided P value."""

    value: float

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not 0 <= self.value <= 1:
            raise TableError(f"{self.value} is not a P value.")

    @override
    def text(self) -> str:
        return p_value(self.value)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, and the group of columns it stands under (``"Coaching (n = 52)"``)."""

    title: str
    group: str = ""
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A heading has no cells; ``indent`` counts the steps below the last heading."""

    label: str
    cells: tuple[Cell, ...] = ()
    indent: int = 0
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns after the label column, rows, and notes that stand below."""

    name: str
    """Short and stable, for files and addresses: ``table3``."""
    title: str
    stub: str
    """Title of the label column."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a row with too few or too many cells."""
        for row in self.rows:
            if row.cells and len(row.cells) != len(self.columns):
                raise TableError(
                    f"Row {row.label} of {self.title} has {len(row.cells)} cells for {len(self.columns)} columns."
                )

    @property
    def footnotes(self) -> tuple[tuple[str, str], ...]:
        """Letter and text of each footnote, in the order in which a reader meets them; a text stands once.

        Raises `TableError` beyond 26 of them.
        """
        texts = list(dict.fromkeys(self._noted()))
        if len(texts) > 26:
            raise TableError(f"{self.title} has {len(texts)} footnotes; a reader follows 26 at most.")
        return tuple(zip("abcdefghijklmnopqrstuvwxyz", texts, strict=False))

    def letters(self, texts: tuple[str, ...]) -> str:
        """The letters that stand for these footnotes: ``a``, or ``a,c``; empty for none."""
        known = {text: letter for letter, text in self.footnotes}
        return ",".join(sorted(known[text] for text in dict.fromkeys(texts)))

    def _noted(self) -> Iterator[str]:
        for column in self.columns:
            yield from column.footnotes
        for row in self.rows:
            yield from row.footnotes
            for cell in row.cells:
                yield from cell.said()

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """The groups of columns from left to right, each with how many columns it spans."""
        groups: list[tuple[str, int]] = []
        for column in self.columns:
            if groups and groups[-1][0] == column.group:
                groups[-1] = (column.group, groups[-1][1] + 1)
            else:
                groups.append((column.group, 1))
        return tuple(groups)


def decimal(value: float, digits: int) -> str:
    """``value`` with ``digits`` decimals, a real minus sign, and no negative zero."""
    rounded = f"{value:.{digits}f}"
    if float(rounded) == 0:
        rounded = rounded.lstrip("-")
    return rounded.replace("-", MINUS)


def p_value(value: float) -> str:
    """A P value in journal style: two decimals, three below .01, more where fewer would read .05."""
    if value < 0.001:
        return "<.001"
    if value > 0.99:
        return ">.99"
    digits = 3 if value < 0.00995 else 2
    while digits < 4 and float(f"{value:.{digits}f}") == 0.05 != value:
        digits += 1
    return f"{value:.{digits}f}"[1:]

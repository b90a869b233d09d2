"""A data file as columns of texts with their line numbers; numbers are made on request, with a place for errors."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.analysis.errors import InputError, nearest

Texts = NDArray[np.object_]
Vector = NDArray[np.float64]

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FIELD_LIMIT = 1_000_000
_LARGEST = 1e100  # sums of squares of larger numbers overflow


@dataclass(frozen=True, slots=True)
class Columns:
    """Equally long columns of text, with the line of the file that each row starts on.

    ``None`` stands where a value is missing. ``sha256`` is the hash of the file's bytes.
    """

    texts: Mapping[str, Texts]
    lines: NDArray[np.int64]
    file: str = ""
    sha256: str = ""

    @property
    def n_rows(self) -> int:
        """How many rows there are, the header not counted."""
        return int(self.lines.size)

    def column(self, name: str) -> Texts:
        """The texts of one column; an unknown name is refused with the nearest known one."""
        if name not in self.texts:
            raise InputError(f"there is no column {name}. {nearest(name, self.texts)}", file=self.file)
        return self.texts[name]

    def error(self, sentence: str, *, row: int, column: str) -> InputError:
        """An error about one cell."""
        return InputError(sentence, file=self.file, line=int(self.lines[row]), column=column)

    def numeric(self, name: str) -> bool:
        """Whether every value that is not missing is a number."""
        return all(value is None or is_number(value) for value in self.column(name))

    def numbers(self, name: str) -> Vector:
        """The column as numbers, NaN where missing. Text or too large a value is refused with its line."""
        cells = self.column(name)
        values = np.full(cells.size, np.nan)
        for row, cell in enumerate(cells):
            if cell is None:
                continue
            if not is_number(cell):
                raise self.error(_not_a_number(cell), row=row, column=name)
            values[row] = float(cell)
        infinite = np.flatnonzero(np.abs(values) > _LARGEST)
        if infinite.size:
            raise self.error("this number is too large.", row=int(infinite[0]), column=name)
        return values

    def typed(self, names: Iterable[str]) -> dict[str, NDArray[np.float64] | Texts]:
        """These columns: as numbers where all their values are, else as texts (None where missing)."""
        return {name: self.numbers(name) if self.numeric(name) else self.column(name) for name in names}

    def with_texts(self, more: Mapping[str, Texts]) -> "Columns":
        """The same rows with these columns added or replaced."""
        return Columns({**self.texts, **more}, self.lines, self.file, self.sha256)

    def take(self, rows: NDArray[np.intp]) -> "Columns":
        """The rows at these positions, in this order."""
        return Columns(
            {name: cells[rows] for name, cells in self.texts.items()}, self.lines[rows], self.file, self.sha256
        )


def is_number(cell: str) -> bool:
    """Whether a text is a finite decimal number as a data file writes it (no ``1_000``, no ``nan``)."""
    return _NUMBER.fullmatch(cell) is not None


def read_csv(content: bytes, *, file: str = "") -> Columns:
    """A UTF-8 CSV file with a header. Raises `InputError` with the line for anything that is not one."""
    text = _decode(content, file)
    old_limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        header, rows, lines = _parse(text, file)
    finally:
        csv.field_size_limit(old_limit)
    if not rows:
        raise InputError("the file has a header and no rows.", file=file)
    table = np.array(rows, dtype=object)
    texts = {name: table[:, j] for j, name in enumerate(header)}
    return Columns(texts, np.array(lines, dtype=np.int64), file, hashlib.sha256(content).hexdigest())


def columns_from(table: Mapping[str, Sequence[object]]) -> Columns:
    """Columns held in memory, as a room above has them; None is missing. Hashed over a canonical CSV."""
    texts = {
        name: np.array([None if cell is None else _as_text(cell) for cell in cells], dtype=object)
        for name, cells in table.items()
    }
    rows = {cells.size for cells in texts.values()}
    if len(rows) != 1:
        raise InputError("the columns do not have the same number of rows.")
    canonical = io.StringIO()
    csv.writer(canonical, lineterminator="\n").writerows([list(texts), *zip(*texts.values(), strict=True)])
    lines = np.arange(2, rows.pop() + 2, dtype=np.int64)
    return Columns(texts, lines, "", hashlib.sha256(canonical.getvalue().encode()).hexdigest())


def _as_text(cell: object) -> str:
    return repr(float(cell)) if isinstance(cell, float | np.floating) else str(cell)


def _decode(content: bytes, file: str) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise InputError("this is a spreadsheet or an archive; save it as UTF-8 CSV.", file=file)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this file is in UTF-16; save it as UTF-8 CSV.", file=file)
    control = _CONTROL.search(content)
    if control is not None:
        line = content.count(b"\n", 0, control.start()) + 1
        raise InputError("this is a binary file, not UTF-8 CSV.", file=file, line=line)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("this line is not UTF-8 text; save the file as UTF-8 CSV.", file=file, line=line) from None
    if not text.strip():
        raise InputError("the file is empty.", file=file)
    return text


def _parse(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        header = _header(next(reader), file)
        start = reader.line_num + 1
        for row in reader:
            if row:
                if len(row) != len(header):
                    expected = f"{len(header)} values are expected here as in the header, not {len(row)}."
                    raise InputError(expected, file=file, line=start)
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise _not_csv(f"{error}", file, start, reader.line_num) from None
    return header, rows, lines


def _not_csv(said: str, file: str, start: int, line: int) -> InputError:
    """What the reader said, with the line where a person has to look: a quotation mark left open swallows the rest."""
    if said == "unexpected end of data":
        return InputError("a value in quotation marks begins here and never ends.", file=file, line=start)
    if "field limit" in said:
        sentence = f"a value here is longer than {_FIELD_LIMIT:,} characters; is a quotation mark never closed?"
        return InputError(sentence, file=file, line=start)
    return InputError(f"this line is not valid CSV: {said}.", file=file, line=line)


def _header(cells: list[str], file: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and ";" in names[0]:
        raise InputError("the values are separated by semicolons; save the file with commas.", file=file, line=1)
    if len(names) == 1 and "\t" in names[0]:
        raise InputError("the values are separated by tabs; save the file with commas.", file=file, line=1)
    if "" in names:
        raise InputError(f"column {names.index('') + 1} has no name.", file=file, line=1)
    twice = _first_repeated(names)
    if twice is not None:
        raise InputError("this name stands in the header twice.", file=file, line=1, column=twice)
    return names


def _first_repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _not_a_number(cell: str) -> str:
    word = cell.strip().lower().lstrip("+-")
    if word in {"inf", "infinity"}:
        return "an infinite value cannot be analysed."
    if re.fullmatch(r"\s*[+-]?\d+,\d+\s*", cell):
        return f'a number is expected here, not "{cell}"; write decimals with a point.'
    shown = cell if len(cell) <= 40 else cell[:37] + "…"
    return f'a number is expected here, not "{shown}"; if it means missing, add it to [data] missing.'

"""An SPSS system file (.sav), written from the format's public description; SPSS, PSPP, R and Stata read it.

Codes become the numbers 1, 2 … with value labels, because SPSS labels long texts badly. Little-endian, uncompressed,
UTF-8. Source: GNU PSPP Developers' Guide, "System File Format".
"""

import re
import struct
from collections.abc import Iterator
from itertools import count

from confrere.analysis.errors import InputError
from confrere.analysis.export.table import Cell, Table, Variable

_MISSING = -1.7976931348623157e308
_LOWEST = -1.7976931348623155e308
_HIGHEST = 1.7976931348623157e308
_LONGEST = 255
_TEXT, _NUMBER = 1, 5  # SPSS's formats A and F


def data_sav(table: Table) -> bytes:
    """The file. Raises `InputError` where a text is longer than 255 bytes, which this kind of column cannot hold."""
    widths = [_width(table, one) for one in table.variables]
    cells = sum(max(width + 7, 8) // 8 for width in widths)
    parts = [
        _head(cells, len(table.rows)),
        *(_variable(one, width, i) for i, (one, width) in enumerate(zip(table.variables, widths, strict=True), 1)),
        *_value_labels(table, widths),
        _more(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)),
        _more(4, 8, struct.pack("<3d", _MISSING, _HIGHEST, _LOWEST)),
        _more(13, 1, "\t".join(f"V{i}={name}" for i, name in enumerate(_names(table), 1)).encode()),
        _more(20, 1, b"UTF-8"),
        struct.pack("<2i", 999, 0),
        *_cases(table, widths),
    ]
    return b"".join(parts)


def _head(cells: int, rows: int) -> bytes:
    product = b"@(#) SPSS DATA FILE confrere".ljust(60)
    numbers = struct.pack("<5id", 2, cells, 0, 0, rows, 100.0)
    return b"$FL2" + product + numbers + b"01 Jan 80" + b"00:00:00" + b" " * 64 + b"\0" * 3


def _width(table: Table, one: Variable) -> int:
    """Bytes of a text column, 0 for a number."""
    if one.kind != "text":
        return 0
    longest = max((len(f"{cell}".encode()) for cell in table.column(one.name) if cell is not None), default=0)
    if longest > _LONGEST:
        raise InputError(f"SPSS holds texts of at most {_LONGEST} bytes.", column=one.name)
    return max(longest, 1)


def _variable(one: Variable, width: int, place: int) -> bytes:
    """The record of a variable, and an empty one for each further 8 bytes of text."""
    form = _TEXT << 16 | width << 8 if width else _NUMBER << 16 | 12 << 8 | (0 if one.codes else 4)
    label = _cut(one.label, _LONGEST)
    head = struct.pack("<6i", 2, width, 1, 0, form, form) + f"V{place}".encode().ljust(8)
    label_part = struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    further = struct.pack("<6i", 2, -1, 0, 0, 0, 0) + b" " * 8
    return head + label_part + further * ((width - 1) // 8 if width else 0)


def _value_labels(table: Table, widths: list[int]) -> Iterator[bytes]:
    """Two records for each variable with codes: the labels, and where the variable stands."""
    place = 1
    for one, width in zip(table.variables, widths, strict=True):
        if one.codes:
            yield struct.pack("<2i", 3, len(one.codes))
            for number, (_, words) in zip(count(1), one.codes, strict=False):
                label = _cut(words, 120)
                text = bytes([len(label)]) + label
                yield struct.pack("<d", number) + text.ljust(-(-len(text) // 8) * 8)
            yield struct.pack("<3i", 4, 1, place)
        place += max(width + 7, 8) // 8


def _more(subtype: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, subtype, size, len(content) // size) + content


def _names(table: Table) -> list[str]:
    """Names as SPSS allows them: a letter first, then letters, digits and underscores, no two alike."""
    names: list[str] = []
    for i, one in enumerate(table.variables, 1):
        name = re.sub(r"[^A-Za-z0-9_]", "_", one.name)[:60]
        name = name if name[:1].isalpha() else f"V_{name}"
        names.append(name if name.lower() not in {known.lower() for known in names} else f"{name[:55]}_{i}")
    return names


def _cases(table: Table, widths: list[int]) -> Iterator[bytes]:
    codes = [{code: float(i) for i, (code, _) in enumerate(one.codes, 1)} for one in table.variables]
    for row in table.rows:
        for cell, width, known in zip(row, widths, codes, strict=True):
            yield _cell(cell, width, known)


def _cell(cell: Cell, width: int, known: dict[str, float]) -> bytes:
    if width:
        return f"{'' if cell is None else cell}".encode().ljust((width + 7) // 8 * 8)
    value = known.get(cell, _MISSING) if isinstance(cell, str) else cell
    return struct.pack("<d", _MISSING if value is None else value)


def _cut(text: str, most: int) -> bytes:
    """At most so many bytes, no character cut in two."""
    return text.encode()[:most].decode(errors="ignore").encode()

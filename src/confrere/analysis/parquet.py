"""A Parquet file as columns of texts, read by pyarrow, which takes a moment to load and is loaded only here."""

import hashlib
import io
from collections.abc import Sequence
from importlib import import_module
from math import isnan
from typing import Any

import numpy as np

from confrere.analysis.columns import Columns
from confrere.analysis.errors import InputError


def read_parquet(content: bytes, *, file: str = "") -> Columns:
    """The file's columns as texts; a row counts as the line that it would stand on in a CSV file.

    Whole numbers lose their ``.0`` (a column with a gap is stored as fractions), yes and no become 1 and 0, NaN and
    null are missing. Raises `InputError` where the file is damaged or empty, or a cell a list.
    """
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        table = parquet.ParquetFile(io.BytesIO(content)).read()
    except (arrow.ArrowException, OSError):
        raise InputError("this Parquet file is damaged and cannot be read.", file=file) from None
    if not table.num_rows:
        raise InputError("the file has no rows.", file=file)
    names = [str(name) for name in table.column_names]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise InputError("two columns have this name.", file=file, column=twice)
    texts = {
        name: _texts(column.to_pylist(), file=file, name=name)
        for name, column in zip(names, table.columns, strict=True)
    }
    lines = np.arange(2, table.num_rows + 2, dtype=np.int64)
    return Columns(texts, lines, file, hashlib.sha256(content).hexdigest())


def _texts(cells: Sequence[Any], *, file: str, name: str) -> Any:
    found = np.empty(len(cells), dtype=object)
    for row, cell in enumerate(cells):
        found[row] = _text(cell)
        if found[row] is None and cell is not None and not isinstance(cell, float):
            raise InputError("a text, a number or a day is expected here.", file=file, line=row + 2, column=name)
    return found


def _text(cell: Any) -> str | None:
    """The cell as a data file would write it; None where it is missing or nothing that a data file can hold."""
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 1e15
        return None if isnan(cell) else str(int(cell)) if whole else repr(cell)
    if isinstance(cell, bool):
        return str(int(cell))
    if hasattr(cell, "isoformat"):  # a day or a time; asking for the type would need the module that tells the time
        return str(cell.isoformat())
    return str(cell) if isinstance(cell, str | int) else None

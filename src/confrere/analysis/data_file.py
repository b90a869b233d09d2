"""A data file of either kind as columns: CSV, or Parquet, told apart by its first bytes."""

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.parquet import read_parquet


def read_data(content: bytes, *, file: str = "") -> Columns:
    """The columns of a file. Raises `confrere.analysis.errors.InputError` for what is neither."""
    reader = read_parquet if content.startswith(b"PAR1") else read_csv
    return reader(content, file=file)

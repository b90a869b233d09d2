"""Reading a data file: what is refused, with which sentence and where."""

import numpy as np
import pytest

from confrere.analysis import InputError, columns_from, read_csv

REFUSED = [
    (b"", "d.csv: the file is empty."),
    (b"id,arm\n", "d.csv: the file has a header and no rows."),
    (b"id,arm\na,c\nb,c,3\n", "d.csv, line 3: 2 values are expected here as in the header, not 3."),
    (b'id,arm\n"a\nb",c\nc\n', "d.csv, line 4: 2 values are expected here as in the header, not 1."),
    (b'id,arm\n"a,c\n', "d.csv, line 2: a value in quotation marks begins here and never ends."),
    (b'id,arm\nx,y\n"a,c\nd,e\n', "d.csv, line 3: a value in quotation marks begins here and never ends."),
    (b'id,arm\n"a"b,c\n', "d.csv, line 2: this line is not valid CSV: ',' expected after '\"'."),
    (
        b"id,arm\na," + b"9" * 1_000_001 + b"\n",
        "d.csv, line 2: a value here is longer than 1,000,000 characters; is a quotation mark never closed?",
    ),
    (b"id,arm\na,\xff\n", "d.csv, line 2: this line is not UTF-8 text; save the file as UTF-8 CSV."),
    (b"id,arm\na,\x00\n", "d.csv, line 2: this is a binary file, not UTF-8 CSV."),
    (b"id,arm\na,c\nb,\x1b[31m\n", "d.csv, line 3: this is a binary file, not UTF-8 CSV."),
    (b"\xff\xfei\x00d\x00", "d.csv: this file is in UTF-16; save it as UTF-8 CSV."),
    (b"PK\x03\x04....", "d.csv: this is a spreadsheet or an archive; save it as UTF-8 CSV."),
    (b"a\tb\n1\t2\n", "d.csv, line 1: the values are separated by tabs; save the file with commas."),
    (b"id;arm\na;c\n", "d.csv, line 1: the values are separated by semicolons; save the file with commas."),
    (b"id,,arm\na,b,c\n", "d.csv, line 1: column 2 has no name."),
    (b"id,arm,id\na,b,c\n", "d.csv, line 1, column id: this name stands in the header twice."),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED)
def test_refused_files(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as error:
        read_csv(content, file="d.csv")
    assert str(error.value) == sentence


def test_lines_are_those_of_the_file() -> None:
    columns = read_csv('\ufeffid,note\n\na,"two\nlines"\nb,x\n'.encode())
    assert columns.column("id").tolist() == ["a", "b"]
    assert columns.lines.tolist() == [3, 5]
    assert (columns.n_rows, len(columns.sha256)) == (2, 64)


BAD_NUMBERS = [
    ("4o", 'a number is expected here, not "4o"; if it means missing, add it to [data] missing.'),
    ("3,5", 'a number is expected here, not "3,5"; write decimals with a point.'),
    ("inf", "an infinite value cannot be analysed."),
    ("-Infinity", "an infinite value cannot be analysed."),
    ("1e999", "this number is too large."),
    ("-1e101", "this number is too large."),
    ("1_000", 'a number is expected here, not "1_000"; if it means missing, add it to [data] missing.'),
    ("x" * 50, f'a number is expected here, not "{"x" * 37}…"; if it means missing, add it to [data] missing.'),
]


@pytest.mark.parametrize(("cell", "sentence"), BAD_NUMBERS)
def test_text_in_a_column_of_numbers(cell: str, sentence: str) -> None:
    columns = columns_from({"age": ["30", None, cell]})
    with pytest.raises(InputError) as error:
        columns.numbers("age")
    assert str(error.value) == f"line 4, column age: {sentence}"


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"there is no column burnot\. Did you mean burnout\?"):
        columns_from({"id": [1], "burnout": [2]}).column("burnot")
    with pytest.raises(InputError, match=r"there is no column x\. Known are id, burnout\."):
        columns_from({"id": [1], "burnout": [2]}).column("x")


def test_columns_in_memory() -> None:
    columns = columns_from({"id": [1, 2], "score": [0.1, None], "arm": ["c", "t"]})
    typed = columns.typed(["score", "arm"])
    assert columns.column("id").tolist() == ["1", "2"]
    assert np.array_equal(typed["score"], [0.1, np.nan], equal_nan=True)
    assert typed["arm"].tolist() == ["c", "t"]
    assert columns.sha256 == columns_from({"id": [1, 2], "score": [0.1, None], "arm": ["c", "t"]}).sha256
    with pytest.raises(InputError, match="do not have the same number of rows"):
        columns_from({"id": [1, 2], "arm": ["c"]})

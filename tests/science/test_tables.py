"""Cells print alike everywhere, and refuse what cannot be."""

from math import nan

import pytest

from confrere.science.tables import (
    Cell,
    Column,
    Count,
    Empty,
    Interval,
    Number,
    PValue,
    Row,
    Spread,
    Table,
    TableError,
    Words,
)

CELLS: list[tuple[Cell, str]] = [
    (Words("plain"), "plain"),
    (Empty("no baseline"), "–"),
    (Number(-21.648, 1), "−21.6"),
    (Number(-0.04, 1), "0.0"),
    (Number(12.5, 1, "%"), "12.5%"),
    (Count(52, 67), "52 (77.6)"),
    (Count(0, 0), "0"),
    (Count(0, 67), "0"),
    (Count(43, 47, of_total=True), "43/47 (91.5)"),
    (Count(0, 47, of_total=True), "0/47"),
    (Spread(3.37, 1.524), "3.37 (1.52)"),
    (Spread(3.37, nan), "3.37 (–)"),
    (Interval(-0.79, -1.27, -0.32), "−0.79 (−1.27 to −0.32)"),
    (Interval(5, 4, 6, 0, "%"), "5% (4 to 6)"),
    (PValue(0.0004), "<.001"),
    (PValue(0.0014), ".001"),
    (PValue(0.00996), ".01"),
    (PValue(0.046), ".046"),
    (PValue(0.0496), ".0496"),
    (PValue(0.05), ".05"),
    (PValue(0.0504), ".0504"),
    (PValue(0.18), ".18"),
    (PValue(0.994), ">.99"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_text(cell: Cell, text: str) -> None:
    assert cell.text() == text


def test_a_cell_of_no_kind_has_no_text() -> None:
    with pytest.raises(NotImplementedError):
        Cell().text()


def test_parts_larger_than_the_whole() -> None:
    with pytest.raises(TableError, match="53 of 52 is not a part of a whole"):
        Count(53, 52)


def test_estimate_outside_its_interval() -> None:
    with pytest.raises(TableError, match="lies outside"):
        Interval(1, 2, 3)


def test_no_probability() -> None:
    with pytest.raises(TableError, match=r"1\.2 is not a P value"):
        PValue(1.2)


def test_a_row_with_too_few_cells_is_named() -> None:
    with pytest.raises(TableError, match="Row Burnout of Changes has 1 cells for 2 columns"):
        Table("t", "Changes", "Outcome", (Column("a"), Column("b")), (Row("Burnout", (Words("x"),)),))


def test_groups_of_columns() -> None:
    columns = (Column("a", "one"), Column("b", "one"), Column("c", "two"))
    assert Table("t", "T", "S", columns, (Row("heading"),)).groups == (("one", 2), ("two", 1))


def test_footnotes_get_letters_in_the_order_of_reading() -> None:
    rows = (
        Row("x", (Words("1", footnotes=("third",)), Empty("fourth")), footnotes=("second",)),
        Row("y", (Words("2", footnotes=("third", "first")), Words("3"))),
    )
    table = Table("t", "T", "S", (Column("a", footnotes=("first",)), Column("b")), rows)
    assert table.footnotes == (("a", "first"), ("b", "second"), ("c", "third"), ("d", "fourth"))
    assert table.letters(("third", "first")) == "a,c"
    assert table.letters(()) == ""


def test_more_footnotes_than_letters() -> None:
    rows = tuple(Row(f"{i}", (Words("x", footnotes=(f"{i}",)),)) for i in range(27))
    with pytest.raises(TableError, match="T has 27 footnotes"):
        Table("t", "T", "S", (Column("a"),), rows).footnotes  # noqa: B018

"""Before rows become public: small groups, coarser columns, new numbers, identifiers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.analysis import InputError
from confrere.analysis.export import Choice, Finding, Table, Variable, identifiers_in, recoded, renumbered, small_cells

ID = Variable("id", "Participant", "id", "text")
ARM = Variable("arm", "Group", "arm", "code", (("c", "Control"), ("t", "Coaching")))
SEX = Variable("sex", "Sex", "fact", "code", (("m", "Man"), ("n", "Nonbinary"), ("w", "Woman")))
SEEN = Variable("seen", "Sessions", "fact", "number")


def rows_of(*cells: tuple[object, ...]) -> Table:
    return Table((ID, SEX, SEEN), tuple((f"p{i}", *row) for i, row in enumerate(cells)))  # type: ignore[arg-type]  # cells of the test


def test_the_smallest_groups_are_named() -> None:
    table = rows_of(*[("w", 1.0)] * 5, *[("m", 1.0)] * 2, (None, 2.5))
    found = small_cells(table, ["sex", "seen"])
    assert [(one.values, one.count) for one in found] == [
        ((("Sex", "missing"), ("Sessions", "2.5")), 1),
        ((("Sex", "m"), ("Sessions", "1")), 2),
    ]
    assert not small_cells(table, [])
    assert small_cells(rows_of(("w", 1.0)), [])[0].count == 1


def test_a_missing_value_hides_in_no_value_of_that_name() -> None:
    table = rows_of(*[("missing", 1.0)] * 5, (None, 1.0))
    assert [one.count for one in small_cells(table, ["sex"])] == [1]


def test_a_course_counts_as_the_value() -> None:
    rows = [(f"p{i}", "w", float(wave * (i == 0))) for i in range(6) for wave in (0, 1)]
    found = small_cells(Table((ID, SEX, SEEN), tuple(rows)), ["seen"])
    assert [(one.values, one.count) for one in found] == [((("Sessions", "0, 1"),), 1)]


CELLS = st.lists(st.tuples(st.sampled_from(["m", "n", "w", None]), st.sampled_from([0.0, 1.0, 6.0])), max_size=40)


@given(CELLS, st.integers(1, 8))
def test_a_table_without_small_cells_has_none_by_any_part_of_its_columns(
    cells: list[tuple[str | None, float]], smallest: int
) -> None:
    table = rows_of(*cells)
    blocked = small_cells(table, ["sex", "seen"], smallest=smallest)
    assert {one.count for one in blocked} <= set(range(1, smallest))
    assert bool(blocked) == any(n < smallest for n in Counter(cells).values())
    if not blocked:
        for known in (["sex"], ["seen"], []):
            assert not small_cells(table, known, smallest=smallest)


def test_columns_are_left_out_put_together_and_banded() -> None:
    table = rows_of(("w", 0.0), ("n", 3.0), (None, 6.0), ("m", None))
    coarse = recoded(table, {"sex": Choice(merge={"n": "other", "m": "other"}), "seen": Choice(cuts=(4, 1))})
    assert coarse.column("sex") == ["w", "other", None, "other"]
    assert coarse.variables[1].codes == (("other", "Other"), ("w", "Woman"))
    assert coarse.column("seen") == ["below 1", "1 to below 4", "4 or more", None]
    assert coarse.variables[2].kind == "code"
    assert [one.name for one in recoded(table, {"sex": Choice(keep=False)}).variables] == ["id", "seen"]
    assert recoded(table, {}) == table


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"sx": Choice()}, "column sx: there is no such column. Did you mean sex?"),
        ({"sex": Choice(merge={"x": "y"})}, 'column sex: "x" is no value here. Known are m, n, w.'),
        (
            {"seen": Choice(merge={"1": "y"})},
            "column seen: only named values can be put together; give a number bands.",
        ),
        ({"sex": Choice(cuts=(1,))}, "column sex: only numbers have bands; put named values together."),
    ],
)
def test_choices_that_fit_no_column(choices: dict[str, Choice], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        recoded(rows_of(("w", 0.0)), choices)
    assert str(error.value) == sentence


def test_new_numbers_leave_no_code() -> None:
    table = Table((ID, SEX), tuple((f"p{i}", "w") for i in range(10) for _ in range(2)))
    found = renumbered(table, [f"p{i}" for i in reversed(range(10))])
    assert found.column("id") == [f"{i:02d}" for i in range(1, 11) for _ in range(2)]
    assert not any("p" in f"{cell}" for row in found.rows for cell in row)


def test_identifiers_are_found_in_names_of_columns_and_in_texts() -> None:
    variables = (ID, Variable("birth_date", "B", "fact", "text"), Variable("note", "N", "fact", "text"))
    more = Variable("number", "N", "fact", "number")
    table = Table(
        (*variables, more), (("p1", "2001-02-03", "write to a@b.org", 5551234567.0), ("p2", None, "fine", 3.0))
    )
    assert identifiers_in(table) == (
        Finding("birth_date", "birth_date", "a column that holds such a thing"),
        Finding("birth_date", "2001-02-03", "date"),
        Finding("note", "write to a@b.org", "email"),
        Finding("number", "5551234567", "number"),
    )
    assert not identifiers_in(Table((ID, ARM, SEX, SEEN), (("20010203", "c", "w", 95.5), ("b", "t", "m", None))))

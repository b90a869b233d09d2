"""Parquet files are read like CSV files; what is neither is refused."""

import io
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from confrere.analysis import Columns, InputError, plan_from, read_data, run, table3

from .conftest import OURS, PLAN, TABLE


def stored(table: Any) -> bytes:
    target = io.BytesIO()
    parquet.write_table(table, target)
    return target.getvalue()


def read(**columns: list[Any]) -> Columns:
    return read_data(stored(pa.table(columns)), file="d.parquet")


def test_the_same_trial_from_either_kind_of_file() -> None:
    content = (OURS / "kiser_sim.csv").read_bytes()
    frame = pd.read_csv(io.BytesIO(content))
    plan = plan_from(
        {
            "columns": {"id": "id", "arm": "arm", "wave": "time"},
            "arms": {"control": "control", "intervention": "coaching"},
            "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
            "sets": [{"name": "mitt", "keep": "mitt == 1"}],
            "outcomes": [{"name": "burnout"}],
        }
    )
    target = io.BytesIO()
    frame.to_parquet(target)
    one, two = (run(plan, read_data(file)) for file in (content, target.getvalue()))
    assert table3(one).rows == table3(two).rows
    assert one.data_sha256 != two.data_sha256


def test_cells_become_what_a_data_file_would_hold() -> None:
    found = read(
        whole=[1, None, 3],
        gap=[1.0, None, 2.5],
        large=[1e300, float("nan"), float("-inf")],
        yes=[True, None, False],
        day=[date(2026, 3, 1), None, date(2026, 3, 2)],
        moment=[datetime(2026, 3, 1, 8, 30), None, None],  # noqa: DTZ001 - a file holds wall times without a zone
        text=["a", None, ""],
    )
    assert {name: list(cells) for name, cells in found.texts.items()} == {
        "whole": ["1", None, "3"],
        "gap": ["1", None, "2.5"],
        "large": ["1e+300", None, "-inf"],
        "yes": ["1", None, "0"],
        "day": ["2026-03-01", None, "2026-03-02"],
        "moment": ["2026-03-01T08:30:00", None, None],
        "text": ["a", None, ""],
    }
    assert found.lines.tolist() == [2, 3, 4]


def test_an_infinite_value_is_refused_with_its_place() -> None:
    table = TABLE | {"score": [3.0, float("inf"), *TABLE["score"][2:]]}
    with pytest.raises(InputError) as caught:
        run(plan_from(PLAN), read(**table))
    assert str(caught.value) == "d.parquet, line 3, column score: an infinite value cannot be analysed."


def test_what_is_refused() -> None:
    for content, sentence in (
        (b"PAR1 and no more", "d.parquet: this Parquet file is damaged and cannot be read."),
        (stored(pa.table({"a": pa.array([], pa.int64())})), "d.parquet: the file has no rows."),
        (
            stored(pa.table({"a": [None, [1]]})),
            "d.parquet, line 3, column a: a text, a number or a day is expected here.",
        ),
        (
            stored(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])),
            "d.parquet, column a: two columns have this name.",
        ),
    ):
        with pytest.raises(InputError) as caught:
            read_data(content, file="d.parquet")
        assert str(caught.value) == sentence

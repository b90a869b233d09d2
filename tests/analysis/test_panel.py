"""The data behind a plan: layouts, carrying, codes, scores, and every contradiction in one sentence."""

from collections.abc import Callable
from typing import Any

import pytest

from confrere.analysis import Columns, InputError, Plan, columns_from, run
from confrere.analysis.arrange import arrange
from confrere.analysis.panel import make_panel

Make = Callable[..., Any]
N = 11

REFUSED: list[tuple[dict[str, Any], dict[str, list[Any]], str]] = [
    ({"outcomes": [{"name": "scor"}]}, {}, "there is no column scor. Did you mean score?"),
    ({"model": {"covariates": ["gender"]}}, {}, "there is no column gender. Known are id, arm, wave, score, age, sex."),
    ({"data": {"carry": ["site"]}}, {}, "there is no column site. Known are id, arm, wave, score, age, sex."),
    ({}, {"arm": ["c"] * N}, 'column arm: nobody is in the arm "t".'),
    ({}, {"arm": ["c"] * 10 + ["x"]}, 'line 12, column arm: "x" is not in the plan. Known are c, t.'),
    (
        {},
        {"arm": ["c"] * 6 + ["t"] * 4 + [None]},
        (
            "line 12, column arm: a value is missing here "
            "(a column that stands on one row of a participant belongs to [data] carry)."
        ),
    ),
    (
        {},
        {"arm": ["c", "t"] + ["c"] * 4 + ["t"] * 5},
        "line 3, column arm: participant a is in t here and in c in line 2.",
    ),
    (
        {},
        {"wave": ["0", "0"] + ["0", "3"] * 4 + ["0"]},
        "line 3, column wave: participant a has wave 0 here and already in line 2.",
    ),
    ({}, {"wave": ["1"] * N}, 'column wave: no row is at a wave of the plan; the file has "1".'),
    ({}, {"id": list("abcdefghijk"), "wave": ["0"] * N}, 'column wave: no row is at the wave "3".'),
    ({}, {"score": [None] * N}, "column score: every value is missing."),
    ({}, {"score": [None] * 6 + [1, 2, 3, 4, 5]}, 'column score: nobody in the arm "c" has a value to analyse.'),
    (
        {},
        {"score": [1, 2, "three", *[4] * 8]},
        'line 4, column score: a number is expected here, not "three"; if it means missing, add it to [data] missing.',
    ),
    ({}, {"score": [1, 2, "inf", *[4] * 8]}, "line 4, column score: an infinite value cannot be analysed."),
    (
        {},
        {"score": [4.0] * N},
        "score: The outcome has no variation left beside the fixed effects; there is nothing to test.",
    ),
    (
        {"model": {"covariates": ["age"]}},
        {"age": [30, 30, "4o", *[50] * 8]},
        'line 4, column age: "4o" stands among numbers; if age is a factor, list its levels in [model] levels.',
    ),
    (
        {"model": {"covariates": ["sex"], "levels": {"sex": ["w"]}}},
        {},
        'line 4, column sex: "m" is no level; they are w.',
    ),
    ({"sets": [{"name": "s", "keep": "age >"}]}, {}, None),  # type: ignore[list-item]
    ({"sets": [{"name": "s", "keep": "age > 100"}]}, {}, '[[sets]] keep of "s": no row is left.'),
    ({"sets": [{"name": "s", "keep": "agee > 100"}]}, {}, None),  # type: ignore[list-item]
    ({"data": {"codes": {"sex": {"w": "woman"}}}}, {}, 'line 4, column sex: the code "m" is not in [data] codes.'),
    (
        {"data": {"carry": ["age"]}},
        {"age": [30, 31, *[50] * 9]},
        'line 3, column age: participant a has "31" here and "30" in line 2.',
    ),
    ({"data": {"score": {"s": "pfii:burnout_items"}}}, {}, None),  # type: ignore[list-item]
    ({"data": {"score": {"s": "pfi:burnout_items"}}}, {}, None),  # type: ignore[list-item]
    (
        {"outcomes": [{"name": "score", "tests": ["fisher"]}]},
        {},
        "column score: score: Fisher's test needs values of 0 and 1 only.",
    ),
]


@pytest.mark.parametrize(("tables", "columns", "sentence"), REFUSED)
def test_refused(
    tables: dict[str, Any], columns: dict[str, list[Any]], sentence: str | None, plan: Make, data: Make
) -> None:
    with pytest.raises(InputError) as error:
        run(plan(**tables), data(**columns))
    if sentence is None:  # the sentence comes from the room below; here it only has to say where
        assert str(error.value).startswith(("[[sets]] keep of", "[data] score s: "))
    else:
        assert str(error.value) == sentence


def test_one_participant(plan: Make) -> None:
    with pytest.raises(InputError, match="there is only one participant, a"):
        run(plan(), columns_from({"id": ["a", "a"], "arm": ["c", "c"], "wave": ["0", "3"], "score": [1, 2]}))


def test_rows_at_other_waves_are_left_out_and_said(plan: Make, data: Make) -> None:
    found = make_panel(plan(), data(wave=["0", "3"] * 5 + ["9"]))
    assert found.warnings == ("1 row at other waves was left out: 9.",)
    assert len(found.people) == 5


LINEAR = {"waves": {"baseline": 0}, "model": {"time": "linear"}}


def test_linear_time_takes_the_waves_from_the_file(plan: Make, data: Make) -> None:
    found = make_panel(plan(**LINEAR), data(wave=[0, 6] * 5 + [12]))
    assert (found.waves, found.times.tolist()) == (("0", "6", "12"), [0, 6, 12])


LINEAR_REFUSED = [
    ([1, 3] * 5 + [1], 'column wave: no row is at the baseline "0". Known are 1, 3.'),
    (["0", "3.0"] * 5 + ["3"], "column wave: one time is written in two ways."),
    (["0"] * N, "line 3, column wave: participant a has wave 0 here and already in line 2."),
]


@pytest.mark.parametrize(("wave", "sentence"), LINEAR_REFUSED)
def test_linear_time_refused(wave: list[Any], sentence: str, plan: Make, data: Make) -> None:
    with pytest.raises(InputError) as error:
        make_panel(plan(**LINEAR), data(wave=wave))
    assert str(error.value) == sentence


def test_one_wave_only(plan: Make) -> None:
    table = {"id": ["a", "b"], "arm": ["c", "t"], "wave": ["0", "0"], "score": [1, 2]}
    with pytest.raises(InputError, match="all rows are at one wave; a change needs two"):
        make_panel(plan(**LINEAR), columns_from(table))


def arranged(plan: Plan, columns: Columns, name: str) -> list[str | None]:
    cells: list[str | None] = arrange(plan, columns).column(name).tolist()
    return cells


WIDE = {
    "id": list("abcd"),
    "arm": ["c", "c", "t", "t"],
    "s0": [1, 2, 3, 5],
    "s3": [2, 2.5, 1, 2],
    "o3": [1, 1, 1, 1],
}


def test_wide_files_become_long(plan: Make) -> None:
    spec = {"layout": "wide", "wide": {"score": {"0": "s0", "3": "s3"}, "other": {"3": "o3"}}}
    columns = columns_from({"id": ["a", "b"], "arm": ["c", "t"], "s0": [1, 2], "s3": [3, None], "o3": [5, 6]})
    wide = plan(columns={"id": "id", "arm": "arm"}, data=spec)
    assert arranged(wide, columns, "id") == ["a", "a", "b", "b"]
    assert arranged(wide, columns, "wave") == ["0", "3", "0", "3"]
    assert arranged(wide, columns, "score") == ["1", "3", "2", None]
    assert arranged(wide, columns, "other") == [None, "5", None, "6"]
    assert arrange(wide, columns).lines.tolist() == [2, 2, 3, 3]
    assert run(wide, columns_from(WIDE)).sets[0].outcomes[0].n_obs == 8
    with pytest.raises(InputError, match=r"\[data\] wide makes score, but the file has a column of this name"):
        arrange(wide, columns_from({"id": ["a"], "score": [2], "s0": [1], "s3": [1], "o3": [1]}))
    with pytest.raises(InputError, match="a wide file has no wave column, but this one has wave"):
        arrange(wide, columns_from({"id": ["a"], "wave": ["0"], "s0": [1], "s3": [1], "o3": [1]}))


def test_missing_marks_codes_and_carrying(plan: Make, data: Make) -> None:
    spec = {
        "missing": ["-99", "NA"],
        "codes": {"arm": {"0": "c", "1": "t"}},
        "carry": ["arm", "sex"],
    }
    columns = data(
        arm=["0", "-99", "0", "", "0", "NA", "1", None, "1", "", " 1 "],
        sex=[None] * 10 + ["w"],
    )
    assert arranged(plan(data=spec), columns, "arm") == ["c"] * 6 + ["t"] * 5
    assert arranged(plan(data=spec), columns, "sex") == [None] * 10 + ["w"]


def test_a_score_is_made_from_its_items(plan: Make, data: Make) -> None:
    items = {f"pfi_{i}": [2.0] * 10 + [None] for i in range(1, 17)}
    names = arranged(plan(), data(**items), "pfi_1")
    assert names[:2] == ["2.0", "2.0"]
    spec = {"score": {"burnout": "pfi:burnout_items"}}
    assert arranged(plan(data=spec), data(**items), "burnout") == ["5.0"] * 10 + [None]

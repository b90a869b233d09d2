"""Errors planted into finished numbers and cells are found, and nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from math import nan
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import Results, plan_from, read_csv, run, table1, table2, table3
from confrere.analysis.checks import CheckError, check_results
from confrere.analysis.report import make_report
from confrere.analysis.results import Change, Contrast, Mean
from confrere.analysis.table_checks import check_tables
from confrere.analysis.write import write_report
from confrere.science.mixed import Estimate
from confrere.science.tables import Count, Interval, PValue, Spread, Table, Words

from .conftest import OURS

PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "model": {"covariates": ["gender"], "levels": {"gender": ["woman", "man", "prefer_not_to_say"]}},
    "outcomes": [
        {"name": "burnout", "role": "primary", "multiplicity": "holm"},
        {"name": "fulfilled", "kind": "binary", "level": 0.9},
    ],
}
RESULTS = run(plan_from(PLAN), read_csv((OURS / "kiser_sim.csv").read_bytes()))
FIRST = RESULTS.sets[0].outcomes[0]

Edit = Callable[[Results], Results]


def outcome(**changed: Any) -> Results:
    """The results with the first outcome's fields replaced."""
    one = RESULTS.sets[0]
    return replace(RESULTS, sets=(replace(one, outcomes=(replace(FIRST, **changed), *one.outcomes[1:])),))


def analysis_set(**changed: Any) -> Results:
    """The results with the set's fields replaced."""
    return replace(RESULTS, sets=(replace(RESULTS.sets[0], **changed),))


def value(found: Mean | Change | Contrast) -> Estimate:
    assert found.value is not None
    return found.value


def changed(place: int, **parts: Any) -> Results:
    """One change within an arm with parts of its estimate replaced."""
    one = FIRST.changes[place]
    made = replace(one, value=replace(value(one), **parts))
    return outcome(changes=(*FIRST.changes[:place], made, *FIRST.changes[place + 1 :]))


def contrasted(**parts: Any) -> Results:
    return outcome(contrasts=(replace(FIRST.contrasts[0], **parts),))


def moved(by: float, of: Estimate) -> Estimate:
    """The whole estimate shifted with its interval, its P value and statistic made to fit."""
    return replace(of, estimate=of.estimate + by, lower=of.lower + by, upper=of.upper + by, statistic=nan)


def test_true_numbers_pass() -> None:
    check_results(RESULTS)
    make_report(RESULTS)


DIFFERENCE = value(FIRST.contrasts[0])
PLANTED: list[tuple[Results, str]] = [
    (analysis_set(n_by_arm=(71, 66)), "all: its arms hold 137, the set 138."),
    (
        analysis_set(characteristics=(replace(RESULTS.sets[0].characteristics[0], missing=(1, 0)),)),
        "all, gender in control: 71 answers and 1 without are not 71.",
    ),
    (changed(0, lower=1.0), "change of control at month3: .* lies outside its interval 1 to"),
    (changed(0, se=1.0), "all, burnout, change of control at month3: .* x 1 is not"),
    (changed(0, p=0.5), "P is 0.5, but its statistic and df give"),
    (changed(1, upper=0.2), "all, burnout, change of coaching at month3: P = .* contradicts the interval"),
    (
        outcome(changes=(replace(FIRST.changes[0], value=moved(0.1, value(FIRST.changes[0]))), FIRST.changes[1])),
        "the change of control at month3 is .*, its means give",
    ),
    (
        outcome(changes=(replace(FIRST.changes[0], percent=5.0), FIRST.changes[1])),
        "control at month3 changed by 5 percent, its numbers give",
    ),
    (
        contrasted(value=moved(0.01, DIFFERENCE), standardized=None),
        "the difference of coaching at month3 is .*, its changes give",
    ),
    (contrasted(standardized=0.4), "coaching at month3 is 0.4 standard deviations, its numbers give -0."),
    (contrasted(p_adjusted=0.0), "the adjusted P of coaching at month3, 0, is below P"),
    (outcome(n_participants=137), "all, burnout: 137 analysed, 138 by arm, 138 in the set."),
    (
        outcome(
            descriptions=(
                replace(FIRST.descriptions[0], values=replace(FIRST.descriptions[0].values, n=72)),
                *FIRST.descriptions[1:],
            )
        ),
        "0 changed, 72 answered of 71 in control at baseline",
    ),
]


@pytest.mark.parametrize(("wrong", "sentence"), PLANTED)
def test_a_planted_error_in_the_numbers(wrong: Results, sentence: str) -> None:
    with pytest.raises(CheckError, match=sentence):
        make_report(wrong)


def test_what_the_data_cannot_tell_is_not_compared() -> None:
    none = replace(FIRST.changes[0], value=None, percent=None)
    check_results(outcome(changes=(none, FIRST.changes[1])))
    check_results(outcome(means=FIRST.means[:1]))
    check_results(outcome(changes=tuple(replace(one, percent=None) for one in FIRST.changes)))


def with_cell(table: Table, label: str, place: int, cell: Any) -> Table:
    """The table with one cell replaced."""
    rows = [
        replace(row, cells=(*row.cells[:place], cell, *row.cells[place + 1 :])) if row.label == label else row
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


ONE, TWO, THREE = table1(RESULTS), table2(RESULTS), table3(RESULTS)
CELLS: list[tuple[Table, str]] = [
    (
        with_cell(ONE, "Man", 0, Count(15, 67)),
        r"Gender, No. \(%\), Coaching \(n = 67\): the counts add up to 68, the percentages are of 67.",
    ),
    (
        with_cell(
            with_cell(with_cell(ONE, "Man", 0, Count(13, 66)), "Woman", 0, Count(52, 66)),
            "Prefer not to say",
            0,
            Count(1, 66),
        ),
        "66 and 0 without an answer are not 67",
    ),
    (with_cell(TWO, "Baseline", 0, Words("66")), r"Baseline: 12 \(17.9\) is of 67, not 66"),
    (
        with_cell(THREE, "Burnout", 4, Interval(-0.5, -0.9, -0.1)),
        r"Burnout: the difference is −0.50 \(−0.90 to −0.10\), the changes give -0.7",
    ),
    (with_cell(THREE, "Burnout", 5, PValue(0.2)), r"Burnout: P .20 contradicts −0.72 \("),
]


@pytest.mark.parametrize(("wrong", "sentence"), CELLS)
def test_a_planted_error_in_a_cell(wrong: Table, sentence: str) -> None:
    check_tables(RESULTS, (ONE, TWO, THREE), chosen=0)
    with pytest.raises(CheckError, match=sentence):
        check_tables(RESULTS, (wrong,), chosen=0)


def test_cells_that_the_data_cannot_fill_are_not_compared() -> None:
    empty = with_cell(THREE, "Burnout", 4, Words("–"))
    numbers = replace(ONE, rows=tuple(replace(row, cells=(Spread(1, 2), Spread(1, 2))) for row in ONE.rows[:1]))
    check_tables(RESULTS, (empty, numbers, replace(ONE, name="table4")), chosen=0)


def test_an_outcome_of_another_level_says_so_and_is_checked_by_its_own() -> None:
    assert THREE.rows[1].footnotes[-1] == "Intervals of this outcome are 90% CIs."
    assert not THREE.rows[0].footnotes


def test_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="The report contradicts itself, so nothing was written"):
        write_report(contrasted(standardized=0.4), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []

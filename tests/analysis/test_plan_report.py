"""What a plan says about its report: labels, further characteristics, Table 4, places of CONSORT items."""

from collections.abc import Callable
from typing import Any

import pytest

from confrere.analysis import InputError, plan_from, run, table1, table4
from confrere.analysis.consort import ITEMS, checklist
from confrere.analysis.page import report_html
from confrere.analysis.plan import Answers, Labels, ReportSpec
from confrere.analysis.report import make_report
from confrere.science.tables import Empty, Words

from .conftest import PLAN

Make = Callable[..., Any]

REPORT = {
    "characteristics": ["sex"],
    "answers": {"wave": "3", "columns": ["again", "themes___1"]},
    "consort": {"2": "NCT00000000"},
}
SAID: dict[str, list[Any]] = {
    "again": [None, 1, None, 0, None, None, None, 1, None, 1, None],
    "themes___1": [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0],
}


def test_labels_and_report_are_read(plan: Make) -> None:
    found = plan(report=REPORT, labels={"arms": {"t": "coaching"}})
    assert found.labels == Labels({"t": "coaching"}, {}, {}, {})
    assert found.report == ReportSpec(("sex",), Answers("3", ("again", "themes___1"), ("c", "t")), {"2": "NCT00000000"})
    assert plan().report == ReportSpec()


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"labels": {"arm": {}}}, "[labels] arm: there is no such key. Did you mean arms?"),
        ({"labels": {"arms": {"t": 1}}}, "[labels] arms: texts by text are expected here."),
        ({"labels": {"levels": {"sex": "x"}}}, "[labels] levels: texts by text are expected here."),
        ({"labels": {"arms": {"t": "\x00"}}}, "[labels] arms: a text without control characters is expected here."),
        ({"report": {"consort": {"2b": "x"}}}, '[report] consort: CONSORT 2025 has no item "2b". Did you mean 24b?'),
        (
            {"report": {"answers": {"wave": "4", "columns": ["x"]}}},
            '[report.answers] wave: "4" is no wave. Known are 0, 3.',
        ),
        (
            {"report": {"answers": {"wave": "3", "columns": ["x"], "arms": ["u"]}}},
            '[report.answers] arms: "u" is no arm. Known are c, t.',
        ),
        ({"report": {"tables": 1}}, "[report] tables: there is no such key."),
    ],
)
def test_what_is_refused(tables: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        plan_from(PLAN | tables)
    assert str(caught.value).startswith(sentence)


def test_further_characteristics_stand_in_table_1(plan: Make, data: Make) -> None:
    labels = {"levels": {"sex": {"w": "Woman", "m": "Man"}}, "columns": {"sex": "gender"}}
    found = table1(run(plan(report=REPORT, labels=labels), data(**SAID)))
    assert [(row.label, [cell.text() for cell in row.cells]) for row in found.rows] == [
        ("Gender, No. (%)", []),
        ("Man", ["1 (33.3)", "1 (33.3)"]),
        ("Woman", ["2 (66.7)", "2 (66.7)"]),
    ]
    assert not any("P" in column.title for column in found.columns)


def test_table_4_counts_those_who_answered(plan: Make, data: Make) -> None:
    labels = {"arms": {"t": "coaching", "c": "control"}, "columns": {"themes___1": "self-care"}}
    results = run(plan(report=REPORT, labels=labels), data(**SAID))
    found = table4(results)
    assert found.title == "Table 4. Answers about the coaching at 3"
    assert [column.title for column in found.columns] == ["Control, No./total (%)", "Coaching, No./total (%)"]
    assert [(row.label, [cell.text() for cell in row.cells]) for row in found.rows] == [
        ("Again", ["1/2 (50.0)", "2/2 (100.0)"]),
        ("Self-care", ["1/3 (33.3)", "2/2 (100.0)"]),
    ]
    assert "Answers about the coaching" in report_html(make_report(results))


def test_a_question_that_nobody_answered(plan: Make, data: Make) -> None:
    asked = {"answers": {"wave": "3", "columns": ["again"], "arms": ["t"]}}
    found = table4(run(plan(report=asked), data(again=[1] * 6 + [None] * 5)))
    assert [row.cells for row in found.rows] == [(Empty("Nobody answered."),)]
    assert found.footnotes == (("a", "Nobody answered."),)


def test_answers_are_0_and_1_and_their_columns_exist(plan: Make, data: Make) -> None:
    with pytest.raises(InputError, match="line 3, column again: Table 4 counts answers of 0 and 1 only"):
        run(plan(report=REPORT), data(**SAID | {"again": [None, 2, *SAID["again"][2:]]}))
    with pytest.raises(InputError, match="there is no column again"):
        run(plan(report=REPORT), data())
    linear = {"baseline": "0"}
    with pytest.raises(InputError, match='"4" is no wave'):
        run(
            plan(waves=linear, model={"time": "linear"}, report={"answers": {"wave": "4", "columns": ["again"]}}),
            data(**SAID),
        )


def test_the_checklist_has_every_item_of_consort_2025() -> None:
    assert len({item.number.rstrip("abcd") for item in ITEMS}) == 30
    assert [int(item.number.rstrip("abcd")) for item in ITEMS] == sorted(
        int(item.number.rstrip("abcd")) for item in ITEMS
    )


def test_the_checklist_says_where_an_item_is() -> None:
    table = checklist({"table1", "flow", "methods"}, {"2": "NCT00000000", "22b": "protocol, page 3"})
    where = {row.label: row.cells[1] for row in table.rows if row.cells}
    assert where["2"] == Words("NCT00000000")
    assert where["1a"] == Words("Not in this report")
    assert where["25"] == Words("Table 1")
    assert where["26"] == Words("Not in this report")
    assert where["22b"] == Words("Counts in the flow; reasons elsewhere; protocol, page 3")


def test_a_report_of_one_set_without_covariates_claims_neither_table_1_nor_more(plan: Make, data: Make) -> None:
    report = make_report(run(plan(), data()))
    names = [table.name for section in report.parts for table in section.tables]
    assert names == ["table3", "table2", "consort"]
    where = {row.label: row.cells[1].text() for row in report.shared[-1].tables[0].rows if row.cells}
    assert (where["25"], where["28"]) == ("Not in this report", "Not in this report")


def test_missing_answers_of_a_model_with_the_baseline_as_covariate(plan: Make, data: Make) -> None:
    found = make_report(run(plan(model={"baseline_as": "covariate"}), data()))
    assert any("a later answer counts where there is a baseline" in line for line in found.methods)

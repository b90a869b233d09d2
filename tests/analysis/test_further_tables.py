"""The tables of what stands beside the models, cell by cell."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from confrere.analysis import Results, plan_from, read_csv, run
from confrere.analysis.further_tables import further_tables
from confrere.analysis.report import make_report
from confrere.science.tables import Table

DATA = Path(__file__).parents[1] / "data" / "estimands"
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3", "month6"], "untreated_until": "month3"},
    "model": {"covariates": ["gender"], "levels": {"gender": ["woman", "man"]}},
    "outcomes": [
        {"name": "burnout", "better": "lower", "responder": "change <= -0.8"},
        {"name": "strained", "kind": "binary"},
    ],
    "sensitivity": [
        {"method": "mi", "imputations": 2},
        {"method": "jump-to-reference", "imputations": 2},
        {"method": "tipping", "imputations": 2, "outcomes": ["burnout"]},
        {"method": "cace", "received": "sessions > 0", "outcomes": ["burnout"]},
    ],
    "subgroups": [{"column": "gender"}],
}


def analysed(**tables: Any) -> Results:
    columns = read_csv((DATA / "coaches.csv").read_bytes())
    columns = columns.take(np.flatnonzero(columns.column("arm") != "group"))
    return run(plan_from(PLAN | tables), columns)


@pytest.fixture(scope="module")
def results() -> Results:
    return analysed()


def table(results: Results, name: str) -> Table:
    (found,) = [one for one in further_tables(results) if one.name == name]
    return found


def texts(one: Table) -> dict[str, list[str]]:
    return {row.label: [cell.text() for cell in row.cells] for row in one.rows}


def test_sensitivity(results: Results) -> None:
    one = table(results, "sensitivity")
    labels = [(row.label, row.indent) for row in one.rows[:8]]
    assert labels == [
        ("Burnout", 0),
        ("Coaching at month 3, as planned", 1),
        ("Multiple imputation", 2),
        ("Jump to reference", 2),
        ("Imputed, no shift", 2),
        ("Among those who begin, observed", 2),
        ("Among those who begin, like controls", 2),
        ("Among those who begin, no change", 2),
    ]
    value = results.sets[0].outcomes[0].contrasts[0].value
    assert value is not None
    assert one.rows[1].cells[0].text().startswith(f"−{abs(value.estimate):.2f} (")
    assert one.rows[2].footnotes[0].startswith("Missing answers are taken to be like those of participants")
    assert any("is no longer clear of zero once the unseen answers of coaching are" in note for note in one.notes)
    assert any("whatever those who never began would have done" in note for note in one.notes)
    assert (
        "Strained, jump to reference: Jump to reference is defined for continuous outcomes; this one is yes or no."
        in (one.notes)
    )


def test_subgroups(results: Results) -> None:
    one = table(results, "subgroups")
    assert [row.label for row in one.rows[:4]] == ["Burnout", "Gender, coaching at month 3", "Woman", "Man"]
    assert [cell.text() for cell in one.rows[2].cells][:2] == ["34", "30"]
    assert one.rows[1].cells[3].text().startswith(".")
    assert one.rows[7].footnotes == ("In percentage points.",)


def test_responders(results: Results) -> None:
    one = table(results, "responders")
    row = texts(one)["Change ≤ −0.8, coaching at month 3"]
    share = results.sets[0].outcomes[0].responders[0].shares[1]
    assert row[0].startswith(f"{share.count}/{share.n} (")
    assert len(row) == 5


def test_durability(results: Results) -> None:
    one = table(results, "durability")
    part = results.sets[0].outcomes[0].attenuations[0]
    assert part.ratio is not None
    assert texts(one)["Coaching at month 6"][0].count("%") == 1
    assert one.notes[0].endswith("This is before and after, no control.")


def test_what_the_data_cannot_tell() -> None:
    """Without anybody of coaching at month 6 or, in one level, at all."""
    kept = "not (arm == 'coaching' and (wave == 'month6' or gender == 'man'))"
    found = analysed(sets=[{"name": "part", "keep": kept}])
    sensitivity, subgroups = table(found, "sensitivity"), table(found, "subgroups")
    row = next(row for row in sensitivity.rows if row.label == "Coaching at month 6, as planned")
    assert [cell.text() for cell in row.cells] == ["–", "–"]
    assert [cell.text() for cell in subgroups.rows[1].cells] == ["", "", "", "–"]
    responders = texts(table(found, "responders"))["Change ≤ −0.8, coaching at month 6"]
    assert responders == ["–", responders[1], "–", "–", "–"]
    assert texts(table(found, "durability"))["Coaching at month 6"] == ["–"]


def test_in_the_report(results: Results) -> None:
    report = make_report(results)
    names = [one.name for one in report.sections[0].tables]
    assert names[-4:] == ["sensitivity", "subgroups", "responders", "durability"]
    assert any(
        line.startswith("All participants: all rows of the file. Everybody randomized") for line in report.methods
    )


def test_nothing_was_asked() -> None:
    waves = {"baseline": "baseline", "order": ["baseline", "month3"]}
    found = analysed(sensitivity=[], subgroups=[], outcomes=[{"name": "burnout"}], waves=waves)
    assert further_tables(found) == ()


def test_an_effect_that_nothing_varies_around(results: Results) -> None:
    one = results.sets[0].outcomes[0]
    value = one.contrasts[0].value
    assert value is not None
    still = replace(value, se=0.0, p=float("nan"), lower=value.estimate, upper=value.estimate)
    outcome = replace(one, contrasts=(replace(one.contrasts[0], value=still),))
    found = replace(results, sets=(replace(results.sets[0], outcomes=(outcome,)),))
    assert [cell.text() for cell in table(found, "sensitivity").rows[1].cells][1] == "–"

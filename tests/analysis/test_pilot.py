"""A trial analysed by raw changes alone, as the pilot of 2019 was: means and SDs of change, change of rates, tests.

The data are simulated; R's numbers are in ``tests/data/estimands/pilot.json``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import as_json, plan_from, read_csv, run
from confrere.analysis.results import OutcomeResult

DATA = Path(__file__).parents[1] / "data" / "estimands"
THEIRS = json.loads((DATA / "pilot.json").read_text())
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "month0", "order": ["month0", "month6"]},
    "data": {
        "layout": "wide",
        "wide": {
            "exhaustion": {"month0": "ee_0", "month6": "ee_6"},
            "quality": {"month0": "qol_0", "month6": "qol_6"},
            "high": {"month0": "high_0", "month6": "high_6"},
        },
    },
    "model": {"covariates": ["site"], "levels": {"site": ["site1", "site2", "site3", "site4"]}},
    "outcomes": [
        {"name": "exhaustion", "better": "lower", "tests": ["welch", "wilcoxon"]},
        {"name": "quality", "better": "higher", "tests": ["welch", "wilcoxon"]},
        {"name": "high", "kind": "binary", "better": "lower", "tests": ["welch", "wilcoxon", "fisher"]},
    ],
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, OutcomeResult]:
    results = run(plan_from(PLAN), read_csv((DATA / "pilot.csv").read_bytes()))
    return {one.outcome.name: one for one in results.sets[0].outcomes}


@pytest.mark.parametrize(("name", "key"), [("exhaustion", "ee"), ("quality", "qol"), ("high", "high")])
def test_changes_and_their_tests(name: str, key: str, outcomes: dict[str, OutcomeResult]) -> None:
    ours, theirs = outcomes[name], THEIRS[key]
    changes = [one.changes for one in ours.descriptions if one.wave == "month6"]
    assert [one.n for one in changes] == theirs["n"]
    assert [one.mean for one in changes] == pytest.approx(theirs["mean"], rel=1e-12)
    assert [one.sd for one in changes] == pytest.approx(theirs["sd"], rel=1e-12)
    welch, wilcoxon = (one.test for one in ours.tests[:2])
    assert (welch.estimate, welch.df, welch.p) == pytest.approx(
        (theirs["welch"]["estimate"], theirs["welch"]["df"], theirs["welch"]["p"]), rel=1e-9
    )
    assert [welch.lower, welch.upper] == pytest.approx(theirs["welch"]["ci"], rel=1e-9)
    assert (wilcoxon.statistic, wilcoxon.p) == pytest.approx(
        (theirs["wilcoxon"]["W"], theirs["wilcoxon"]["p"]), rel=1e-9
    )


def test_rates(outcomes: dict[str, OutcomeResult]) -> None:
    later = [one.values for one in outcomes["high"].descriptions if one.wave == "month6"]
    assert [round(one.mean * one.n) for one in later] == THEIRS["high_6"]
    assert outcomes["high"].tests[2].test.p == pytest.approx(THEIRS["fisher_p"], rel=1e-9)


def test_the_published_form() -> None:
    found = as_json(run(plan_from(PLAN), read_csv((DATA / "pilot.csv").read_bytes())))["sets"][0]["outcomes"][2]
    row = found["descriptives"][3]
    assert (row["arm"], row["wave"], row["count"]) == ("coaching", "month6", THEIRS["high_6"][1])
    assert row["change_mean"] == pytest.approx(THEIRS["high"]["mean"][1])

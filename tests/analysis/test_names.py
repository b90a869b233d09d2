"""No name of a plan or a file appears in a report: a label does, else the name as words."""

from collections.abc import Callable
from typing import Any

import pytest

from confrere.analysis.names import (
    arm_words,
    column_words,
    level_words,
    outcome_words,
    rule_words,
    set_words,
    spoken,
    wave_words,
    were_left_out,
)
from confrere.analysis.plan import AnalysisSet, Plan

Make = Callable[..., Plan]

LABELS: dict[str, Any] = {
    "arms": {"t": "peer coaching"},
    "waves": {"3": "month 3"},
    "columns": {"dom": "department of medicine"},
    "levels": {"dom": {"1": "In the department"}},
}


@pytest.mark.parametrize(
    ("wave", "words"),
    [
        ("baseline", "baseline"),
        ("month3", "month 3"),
        ("Month_12", "month 12"),
        ("weeks 6", "week 6"),
        ("month3_arm_1", "month 3"),
        ("enrollment_arm_2", "enrollment"),
        ("3", "3"),
        ("follow_up", "follow up"),
    ],
)
def test_waves_without_a_label(wave: str, words: str, plan: Make) -> None:
    assert wave_words(plan(), wave) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("modified_itt", "modified intention-to-treat"),
        ("ITT", "intention-to-treat"),
        ("per_protocol", "per-protocol"),
        ("all", "all participants"),
        ("night_shifts", "night shifts"),
    ],
)
def test_sets_without_a_title(name: str, words: str) -> None:
    assert set_words(AnalysisSet(name, None)) == words
    assert set_words(AnalysisSet(name, None, title="those we saw")) == "those we saw"


def test_labels_stand_as_the_plan_writes_them(plan: Make) -> None:
    found = plan(labels=LABELS, outcomes=[{"name": "x_y", "title": "Overall burnout (PFI)"}, {"name": "x_z"}])
    assert (arm_words(found, "t"), arm_words(found, "c")) == ("peer coaching", "c")
    assert wave_words(found, "3") == "month 3"
    assert [outcome_words(one) for one in found.outcomes] == ["Overall burnout (PFI)", "x z"]
    assert (column_words(found, "dom"), column_words(found, "a_b")) == ("department of medicine", "a b")
    assert level_words(found, "dom", "1") == "In the department"
    assert level_words(found, "gender", "prefer_not_to_say") == "Prefer not to say"


def test_warnings_are_spoken_in_these_words(plan: Make) -> None:
    model = {"covariates": ["gender", "dom", "years_in_practice"]}
    named = {"control": "wait_list", "intervention": "t"}
    waves = {"baseline": "baseline", "order": ["baseline", "month3"]}
    labels = {"arms": LABELS["arms"], "columns": LABELS["columns"], "levels": LABELS["levels"]}
    made = plan(model=model, arms=named, waves=waves, labels=labels)
    lines = {
        "gender[prefer_not_to_say] has two only.": "“Gender: Prefer not to say” has two only.",
        "dom[1] occurs nowhere.": "“Department of medicine: In the department” occurs nowhere.",
        "arm[t]:time[month3] was dropped.": "“Peer coaching”:“Month 3” was dropped.",
        "There is no mean of wait_list at month3.": "There is no mean of wait list at month 3.",
        "The levels of years_in_practice (a[1]) of t.": "The levels of years in practice (a[1]) of peer coaching.",
    }
    assert {line: spoken(made, line) for line in lines} == lines
    assert spoken(plan(), "gender[man] at 3") == "gender[man] at 3"


def test_a_rule_is_printed_with_the_signs_of_print() -> None:
    assert rule_words("change <= -0.8 and value >= 2") == "change ≤ −0.8 and value ≥ 2"
    assert rule_words("value - baseline < 1-2") == "value - baseline < 1-2"


def test_the_verb_keeps_step_with_the_count() -> None:
    assert were_left_out(1, "at other waves") == "1 row at other waves was left out"
    assert were_left_out(3, "at other waves") == "3 rows at other waves were left out"

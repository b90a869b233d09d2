"""Everything in the published tables that follows from other published numbers is recomputed."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from confrere.science.consistency import (
    Group,
    Printed,
    difference,
    interval_and_p,
    midpoint,
    percentage,
    pooled_mean,
    relative_change,
    same_number,
    sum_of_parts,
)
from confrere.science.instruments import find

type Table = Callable[[str], list[dict[str, str]]]
type Read = Callable[[str], Printed]
SHARED_LEVELS = {"race_ethnicity"}
"""Several answers are possible, so the parts may exceed the whole."""


def test_table_1_percentages(table: Table, groups: dict[str, int], read: Read) -> None:
    checked, wrong = 0, {}
    for row in table("table1_baseline_demographics"):
        for group, total in groups.items():
            printed = row[f"{group}_pct"]
            finding = percentage(int(row[f"{group}_n"]), total, read(printed))
            checked += 1
            if finding.verdict == "disagrees":
                wrong[row["level"], group] = printed
    assert checked == 99
    assert wrong == {("white", "received_coaching"): "63.7", ("full_time", "control"): "86.0"}


def test_table_1_parts(table: Table, groups: dict[str, int]) -> None:
    parts: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in table("table1_baseline_demographics"):
        for group in groups:
            parts[row["characteristic"], group].append(int(row[f"{group}_n"]))
    exclusive = {key: counts for key, counts in parts.items() if len(counts) > 1 and key[0] not in SHARED_LEVELS}
    wrong = [
        (name, group)
        for (name, group), counts in exclusive.items()
        if sum_of_parts(groups[group], counts).verdict == "disagrees"
    ]
    assert len(exclusive) == 21
    assert wrong == [("gender", "received_coaching")]


def test_table_2_burnout_is_the_item_mean(table: Table, groups: dict[str, int], read: Read) -> None:
    """Both rules are linear in the subscales: their weights come from the instrument itself."""
    means = {row["outcome"]: row for row in table("table2_baseline_scores")}
    verdicts = {}
    for rule in ("burnout_items", "burnout_subscales"):
        weight = exhaustion_weight(rule)
        for group in groups:
            exhaustion, disengagement, burnout = (
                read(means[name][f"{group}_mean"])
                for name in ("work_exhaustion", "interpersonal_disengagement", "overall_burnout")
            )
            low = weight * exhaustion.low + (1 - weight) * disengagement.low
            high = weight * exhaustion.high + (1 - weight) * disengagement.high
            verdicts[rule, group] = burnout.may_be(low, high)
    assert {rule: [verdicts[rule, group] for group in groups] for rule, _ in verdicts} == {
        "burnout_items": [True, True, True],
        "burnout_subscales": [False, False, False],
    }


def exhaustion_weight(rule: str) -> float:
    """How much a point of work exhaustion adds to overall burnout."""
    pfi = find("pfi")
    answers = {item: 4.0 * (item in {"pfi_7", "pfi_8", "pfi_9", "pfi_10"}) for item in pfi.item_ids}
    scores = pfi.score(answers, rule=rule)
    return float(scores["overall_burnout"] / scores["work_exhaustion"])


def test_both_rules_give_the_figures_named_in_the_notes(table: Table, groups: dict[str, int]) -> None:
    means = {row["outcome"]: row for row in table("table2_baseline_scores")}
    for rule, expected in {
        "burnout_items": [3.374, 3.278, 3.496],
        "burnout_subscales": [3.525, 3.415, 3.645],
    }.items():
        weight = exhaustion_weight(rule)
        made = [
            weight * float(means["work_exhaustion"][f"{group}_mean"])
            + (1 - weight) * float(means["interpersonal_disengagement"][f"{group}_mean"])
            for group in groups
        ]
        assert [round(value, 3) for value in made] == expected


def test_table_2_stays_inside_the_scales(table: Table, groups: dict[str, int]) -> None:
    for row in table("table2_baseline_scores"):
        low, high = float(row["score_min"]), float(row["score_max"])
        for group in groups:
            mean, sd = float(row[f"{group}_mean"]), float(row[f"{group}_sd"])
            assert low <= mean <= high
            assert sd**2 <= (mean - low) * (high - mean) * 1.02


@pytest.mark.parametrize(("arm", "baseline"), [("intervention", "received_coaching"), ("control", "control")])
def test_table_3_relative_changes_are_proportions(table: Table, read: Read, arm: str, baseline: str) -> None:
    """The baseline is that of the analysed participants; read as percent, eight of ten rows cannot be."""
    means = {row["outcome"]: read(row[f"{baseline}_mean"]) for row in table("table2_baseline_scores")}
    verdicts: dict[str, list[str]] = {"proportion": [], "percent": []}
    for row in table("table3_changes_at_3_months"):
        numbers = read(row[f"{arm}_relative"]), read(row[f"{arm}_change"]), means[row["outcome"]]
        verdicts["proportion"].append(relative_change(*numbers, unit="proportion").verdict)
        verdicts["percent"].append(relative_change(*numbers, unit="percent").verdict)
    assert verdicts["proportion"] == ["agrees"] * 10
    assert verdicts["percent"].count("disagrees") >= 8


def test_table_3_differences_intervals_and_p(table: Table, read: Read) -> None:
    for row in table("table3_changes_at_3_months"):
        estimate, low, high, p = (
            read(row[name]) for name in ("difference", "difference_ci_low", "difference_ci_high", "p")
        )
        changes = read(row["intervention_change"]), read(row["control_change"])
        assert difference(estimate, *changes).verdict == "agrees"
        assert midpoint(estimate, low, high).verdict == "agrees"
        assert interval_and_p(estimate, low, high, p, n=123).verdict == "agrees"
        for arm, change in zip(("intervention", "control"), changes, strict=True):
            bounds = read(row[f"{arm}_ci_low"]), read(row[f"{arm}_ci_high"])
            assert midpoint(change, *bounds).verdict == "agrees"


def test_table_4_percentages(table: Table, read: Read) -> None:
    rows = table("table4_themes")
    assert len(rows) == 14
    assert [percentage(int(row["n"]), 47, read(row["pct"])).verdict for row in rows] == ["agrees"] * 14


def test_the_flow_adds_up(table: Table) -> None:
    flow = {row["step"]: row for row in table("flow")}
    for step in ("randomized", "analysed_modified_itt", "completed_3_month_survey"):
        row = flow[step]
        assert sum_of_parts(int(row["total"]), [int(row["intervention"]), int(row["control"])]).verdict == "agrees"
    coached = [
        int(flow[step]["intervention"])
        for step in ("started_at_least_one_session", "lost_after_randomization_no_session")
    ]
    assert sum_of_parts(67, coached).verdict == "agrees"
    assert flow["enrolled_consented_baseline_complete"]["total"] == flow["randomized"]["total"]


@pytest.mark.parametrize(("count", "printed"), [(43, "91.5"), (41, "87.2"), (46, "97.9"), (47, "100")])
def test_fidelity_percentages_of_the_text(count: int, printed: str, read: Read) -> None:
    assert percentage(count, 47, read(printed)).verdict == "agrees"


@pytest.mark.parametrize(("printed", "change", "baseline"), [("-21.6", "-0.71", "3.28"), ("2.5", "0.09", "3.50")])
def test_percent_changes_of_the_text(printed: str, change: str, baseline: str, read: Read) -> None:
    assert relative_change(read(printed), read(change), read(baseline), unit="percent").verdict == "agrees"


def test_years_in_practice_of_everybody(table: Table, groups: dict[str, int], read: Read) -> None:
    years = {row["group"]: row for row in table("table1_years_in_practice")}
    made = [
        Group(groups[name], read(years[name]["mean"]), read(years[name]["sd"]))
        for name in ("randomized_intervention", "control")
    ]
    assert pooled_mean(read("12.0"), made).verdict == "agrees"
    assert same_number(read(years["control"]["mean"]), read("11.7")).verdict == "agrees"

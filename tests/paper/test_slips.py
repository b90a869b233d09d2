"""Each slip of the published papers is found by code, and so is what it should have been."""

from collections.abc import Callable

import pytest

from confrere.science.consistency import (
    Group,
    Printed,
    change_of_proportion,
    exclusions_in_every_arm,
    from_column,
    interval_and_p,
    midpoint,
    one_stage,
    percentage,
    pooled_sd,
    possible_totals,
    power_claim,
    printed_range,
    relative_change,
    sum_of_parts,
)
from confrere.science.instruments import find

type Table = Callable[[str], list[dict[str, str]]]
read = Printed.read


@pytest.mark.parametrize(("level", "count", "exact"), [("black", 3, "2.2"), ("hispanic_latinx_spanish", 9, "6.5")])
def test_not_below_a_tenth_of_a_percent(table: Table, level: str, count: int, exact: str) -> None:
    row = next(row for row in table("table1_baseline_demographics") if row["level"] == level)
    assert int(row["randomized_intervention_n"]) + int(row["control_n"]) == count
    assert percentage(count, 138, read("<0.1%")).verdict == "disagrees"
    assert percentage(count, 138, read(exact)).verdict == "agrees"


def test_29_men_in_the_text_are_27_in_table_1(table: Table) -> None:
    men = next(row for row in table("table1_baseline_demographics") if row["level"] == "man")
    finding = sum_of_parts(29, [int(men["randomized_intervention_n"]), int(men["control_n"])])
    assert (finding.verdict, finding.reason) == ("disagrees", "The parts add up to 27; 29 is printed.")


def test_genders_of_the_coached_add_up_to_51_of_52(table: Table) -> None:
    rows = [row for row in table("table1_baseline_demographics") if row["characteristic"] == "gender"]
    finding = sum_of_parts(52, [int(row["received_coaching_n"]) for row in rows])
    assert (finding.verdict, finding.reason) == ("disagrees", "The parts add up to 51; 52 is printed.")


@pytest.mark.parametrize(
    ("count", "total", "printed", "exact"),
    [(128, 138, "93.0", "92.8"), (45, 47, "95.8", "95.7"), (33, 52, "63.7", "63.5"), (61, 71, "86.0", "85.9")],
)
def test_percentages_that_are_a_little_off(count: int, total: int, printed: str, exact: str) -> None:
    assert percentage(count, total, read(printed)).verdict == "disagrees"
    assert percentage(count, total, read(exact)).verdict == "agrees"


@pytest.mark.parametrize(("count", "printed"), [(57, "46.3"), (48, "39.0")])
def test_percentages_of_the_123_analysed_among_138(count: int, printed: str) -> None:
    finding = percentage(count, 138, read(printed), other_totals=[110, 123])
    assert finding.verdict == "disagrees"
    assert finding.reason.endswith("It is the percentage of 123.")


def test_years_of_the_intervention_group_are_those_of_the_coached(table: Table) -> None:
    columns = {row["group"]: [read(row["mean"]), read(row["sd"])] for row in table("table1_years_in_practice")}
    finding = from_column([read("12.8"), read("8.9")], named="randomized_intervention", columns=columns)
    assert finding.verdict == "disagrees"
    assert finding.reason.endswith("is said to be randomized_intervention and is received_coaching.")


def test_the_overall_sd_cannot_come_from_its_groups(table: Table) -> None:
    years = {row["group"]: row for row in table("table1_years_in_practice")}
    groups = [
        Group(n, read(years[name]["mean"]), read(years[name]["sd"]))
        for name, n in (("randomized_intervention", 67), ("control", 71))
    ]
    finding = pooled_sd(read("9.7"), groups)
    assert finding.verdict == "disagrees"
    assert "9.643" in finding.reason


def test_30_percent_lost_its_minus(table: Table) -> None:
    rows = {row["outcome"]: row for row in table("table3_changes_at_3_months")}
    change = read(rows["interpersonal_disengagement"]["intervention_change"])
    finding = relative_change(read("30.1"), change, read("2.73"), unit="percent")
    assert finding.verdict == "disagrees"
    assert finding.reason.endswith("Its sign is turned.")
    control = read(rows["interpersonal_disengagement"]["control_change"])
    assert relative_change(read("4.1"), control, read("2.90"), unit="percent").verdict == "agrees"


def test_the_percent_column_holds_proportions(table: Table) -> None:
    row = next(row for row in table("table3_changes_at_3_months") if row["outcome"] == "overall_burnout")
    finding = relative_change(
        read(row["intervention_relative"]), read(row["intervention_change"]), read("3.28"), unit="percent"
    )
    assert finding.verdict == "disagrees"
    assert finding.reason.endswith("It fits as a proportion.")


def test_table_3_heads_analysed_beside_completers(table: Table) -> None:
    flow = {row["step"]: row for row in table("flow")}
    stages = {
        name: [int(flow[step]["intervention"]), int(flow[step]["control"])]
        for name, step in (("analysed", "analysed_modified_itt"), ("completers", "completed_3_month_survey"))
    }
    finding = one_stage([52, 63], stages)
    assert (finding.verdict, finding.reason) == ("disagrees", "[52, 63] mix stages: analysed, completers.")


def test_the_footnote_of_0_to_10_is_not_for_two_single_items(table: Table) -> None:
    printed = {"emotional_exhaustion", "depersonalization"}
    scores = {score.name: score for score in find("mmbi").all_scores()}
    assert printed == set(scores)
    for name in printed:
        score = scores[name]
        finding = printed_range(0, 10, of=name, true_low=score.low, true_high=score.high)
        assert finding.verdict == "disagrees"
    for row in table("table2_baseline_scores"):
        if row["outcome"] in printed:
            low, high = float(row["score_min"]), float(row["score_max"])
            score = scores[row["outcome"]]
            assert printed_range(low, high, of="", true_low=score.low, true_high=score.high).verdict == "agrees"


def test_items_0_to_6_are_1_to_6() -> None:
    """Six, four and six items make sixteen; seven would make seventeen."""
    assert sum_of_parts(16, [len(range(7)), 4, 6]).verdict == "disagrees"
    assert sum_of_parts(16, [len(range(1, 7)), 4, 6]).verdict == "agrees"


def test_exclusions_after_randomization_in_one_arm_only(table: Table) -> None:
    flow = {row["step"]: row for row in table("flow")}
    counts = [
        {arm: int(flow[step][arm]) for arm in ("intervention", "control")}
        for step in ("randomized", "analysed_modified_itt")
    ]
    finding = exclusions_in_every_arm(counts[0], counts[1])
    assert finding.verdict == "disagrees"
    assert finding.reason == "Left out after randomization: intervention 15, control 0."


@pytest.mark.parametrize(
    ("baseline_as", "needed"), [("covariate", "a correlation of 0.47"), ("response", "a correlation of 0.61")]
)
def test_the_power_claim_needs_a_correlation_it_does_not_state(baseline_as: str, needed: str) -> None:
    finding = power_claim(
        n_first=50,
        n_second=50,
        effect_sd=0.5,
        wanted=0.8,
        stated_correlation=None,
        baseline_as="covariate" if baseline_as == "covariate" else "response",
    )
    assert finding.verdict == "disagrees"
    assert needed in finding.reason


@pytest.mark.parametrize(
    ("estimate", "low", "high", "changes"),
    [("-29.3", "-34.0", "-24.6", (-19.5, 9.8)), ("-22.0", "-25.2", "-18.7", (-17.1, 4.9))],
)
def test_the_pilot_s_proportions_are_surer_than_anyone_can_be(
    estimate: str, low: str, high: str, changes: tuple[float, float]
) -> None:
    finding = change_of_proportion(
        read(estimate), read(low), read(high), n_first=44, n_second=44, changes=changes, adjusted=False
    )
    assert finding.verdict == "disagrees"


def test_the_pilot_s_percentages_are_of_41() -> None:
    assert possible_totals([read("19.5"), read("17.1")], most=48) == [41]
    assert possible_totals([read("9.8"), read("4.9")], most=48) == [41]


def test_the_pilot_s_quality_of_life_and_resilience() -> None:
    quality = interval_and_p(read("1.1"), read("0.04"), read("2.1"), read(".005"), n=88)
    assert quality.verdict == "disagrees"
    resilience = midpoint(read("0.7"), read("0.0"), read("3.0"))
    assert (resilience.verdict, resilience.reason) == (
        "disagrees",
        "The middle lies between 1.45 and 1.55; 0.7 is printed.",
    )

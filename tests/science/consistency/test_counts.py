"""Counts, percentages, stages of the flow and ranges of scales."""

from confrere.science.consistency import (
    Printed,
    exclusions_in_every_arm,
    from_column,
    one_stage,
    percentage,
    possible_totals,
    printed_range,
    same_number,
    share_of,
    sum_of_parts,
)

read = Printed.read


def test_a_percentage_names_the_total_that_it_is_of() -> None:
    assert percentage(52, 67, read("77.6")).verdict == "agrees"
    finding = percentage(57, 138, read("46.3"), other_totals=[0, 110, 123])
    assert finding.verdict == "disagrees"
    assert finding.reason == "57 of 138 is 41.3 %; 46.3 is printed. It is the percentage of 123."
    assert percentage(57, 138, read("50.0"), other_totals=[123]).reason.endswith("50.0 is printed.")


def test_parts_and_repeated_numbers() -> None:
    assert sum_of_parts(71, [57, 13, 0, 1]).verdict == "agrees"
    assert sum_of_parts(52, [40, 10, 0, 1]).reason == "The parts add up to 51; 52 is printed."
    assert same_number(read("3.4"), read("3.37")).verdict == "agrees"
    assert same_number(read("29"), read("27")).verdict == "disagrees"


def test_a_column_taken_for_another_is_named() -> None:
    columns = {"a": [read("12.4"), read("9.2")], "b": [read("12.8"), read("8.9")]}
    assert from_column([read("12.8"), read("8.9")], named="b", columns=columns).verdict == "agrees"
    wrong = from_column([read("12.8"), read("8.9")], named="a", columns=columns)
    assert (wrong.verdict, wrong.reason) == ("disagrees", "12.8, 8.9 is said to be a and is b.")
    nowhere = from_column([read("1"), read("2")], named="a", columns=columns)
    assert nowhere.reason == "1, 2 is said to be a and stands nowhere in the table."


def test_counts_of_the_arms_belong_to_one_stage() -> None:
    stages = {"analysed": [52, 71], "answered": [47, 63]}
    assert one_stage([47, 63], stages).verdict == "agrees"
    assert one_stage([52, 63], stages).reason == "[52, 63] mix stages: analysed, answered."
    assert one_stage([52, 60], stages).reason == "[52, 60] mix stages: analysed, at no stage."


def test_exclusions_fall_on_every_arm_or_on_none() -> None:
    assert exclusions_in_every_arm({"a": 5, "b": 6}, {"a": 5, "b": 6}).verdict == "agrees"
    assert exclusions_in_every_arm({"a": 5, "b": 6}, {"a": 4, "b": 5}).verdict == "agrees"
    assert exclusions_in_every_arm({"a": 5, "b": 6}, {"a": 4, "b": 6}).verdict == "disagrees"


def test_a_scale_has_one_range() -> None:
    assert printed_range(0, 6, of="mMBI", true_low=0, true_high=6).verdict == "agrees"
    assert printed_range(0, 10, of="mMBI", true_low=0, true_high=6).verdict == "disagrees"


def test_percentages_pin_their_total() -> None:
    assert possible_totals([read("-19.5"), read("-17.1")], most=48) == [41]
    assert possible_totals([read("50")], most=4) == [2, 4]
    assert possible_totals([read("33.4")], most=10) == []


def test_a_percentage_has_a_count() -> None:
    assert share_of(41, read("19.5")).verdict == "agrees"
    finding = share_of(44, read("-19.5"), adjusted=False)
    assert (finding.verdict, finding.reason) == (
        "disagrees",
        "No count of 44 is -19.5 %. It is a share of 41, for one.",
    )
    assert share_of(3, read("20"), adjusted=False).reason == "No count of 3 is 20 %."
    assert share_of(44, read("19.5"), adjusted=True).verdict == "undecidable"

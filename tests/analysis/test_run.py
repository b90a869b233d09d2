"""What an analysis says beside its numbers: warnings, missing answers, words, and what it refuses to guess."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.analysis.conftest import TABLE as MADE_UP

from confrere.analysis import Results, as_json, columns_from, run
from confrere.analysis.changes_table import table3
from confrere.analysis.results import OutcomeResult
from confrere.analysis.tables import table1, table2

Make = Callable[..., Any]


def first(results: Results) -> OutcomeResult:
    return results.sets[0].outcomes[0]


def test_the_same_data_give_the_same_results_in_any_order(plan: Make, data: Make) -> None:
    columns = data()
    turned = columns.take(columns.lines[::-1].astype(int) - 2)
    straight, reverse = first(run(plan(), columns)), first(run(plan(), turned))
    assert straight.contrasts[0].value.estimate == pytest.approx(  # type: ignore[union-attr]
        reverse.contrasts[0].value.estimate,  # type: ignore[union-attr]
        rel=1e-9,
    )


def test_the_published_form(plan: Make, data: Make) -> None:
    found = as_json(run(plan(outcomes=[{"name": "score", "tests": ["welch", "wilcoxon"]}]), data()))
    json.dumps(found, allow_nan=False)
    one = found["sets"][0]
    assert (one["name"], one["n_participants"], one["n_rows"]) == ("all", 6, 11)
    outcome = one["outcomes"][0]
    assert list(outcome) == [
        *("name", "kind", "role", "n_obs", "n_participants", "converged", "warnings", "loglik", "variance"),
        *("covariance", "coefficients", "descriptives", "means", "changes", "contrasts", "joint_tests"),
        *("joint_tests_type_2", "tests"),
        *("responders", "attenuation", "before_after", "sensitivity", "subgroups"),
    ]
    assert [c["term"] for c in outcome["coefficients"]] == ["(Intercept)", "arm[t]", "time[3]", "arm[t]:time[3]"]
    assert outcome["descriptives"][3] == {
        "arm": "t",
        "wave": "3",
        "n": 2,
        "mean": 2.0,
        "sd": 0.0,
        "median": 2.0,
        "q1": 2.0,
        "q3": 2.0,
        "change_n": 2,
        "change_mean": -1.75,
        "change_sd": pytest.approx(0.35355339),
        "count": None,
        "proportion": None,
    }
    assert [(t["test"], t["arm"], t["wave"]) for t in outcome["tests"]] == [("welch", "t", "3"), ("wilcoxon", "t", "3")]


def test_levels_are_ordered_with_a_warning(plan: Make, data: Make) -> None:
    found = first(run(plan(model={"covariates": ["sex", "age"]}), data()))
    assert "sex[w]" in [one.term for one in found.coefficients]
    assert found.warnings[0] == (
        "The levels of sex were ordered alphabetically (m, w); the first is the reference. List them in [model] levels."
    )
    assert found.warnings[1] == "sex[m] has two participants only; its coefficient says little."


def test_one_person_of_a_level_and_rows_without_a_covariate(plan: Make, data: Make) -> None:
    sex = ["w", "w", "m", "m", "w", "w", "w", "w", "w", "w", None]
    found = first(run(plan(model={"covariates": ["sex"], "levels": {"sex": ["w", "m", "x"]}}), data(sex=sex)))
    assert found.warnings == (
        "1 row with a missing covariate was left out.",
        "sex[m] has one participant only; its coefficient says little.",
        "sex[x] occurs nowhere in the analysed rows and was left out.",
    )
    assert (found.n_obs, found.n_participants) == (10, 5)


def test_a_covariate_that_says_the_same_as_the_arm_is_dropped_and_named(plan: Make, data: Make) -> None:
    copy = ["x"] * 6 + ["y"] * 5
    found = first(run(plan(model={"covariates": ["sex"], "levels": {"sex": ["x", "y"]}}), data(sex=copy)))
    assert "sex[y] was dropped: the earlier columns say the same." in found.warnings
    assert "There is no joint test of arm: some of its cells have no data." in found.warnings
    assert found.contrasts[0].value is not None


def test_an_arm_that_nobody_answered_for_at_a_wave(plan: Make, data: Make) -> None:
    score = [3.0, 3.5, 4.0, 3.5, 2.0, 2.5, 4.0, None, 3.5, None, 3.0]
    found = first(run(plan(), data(score=score)))
    assert "There is no mean of t at 3: the data cannot tell." in found.warnings
    assert [change.value is None for change in found.changes] == [False, True]
    assert found.contrasts[0].label == "From 0 to 3, the change in score with t against c: the data cannot tell."
    assert found.changes[1].label == "From 0 to 3, score with t: the data cannot tell."
    published = as_json(run(plan(), data(score=score)))["sets"][0]["outcomes"][0]
    assert (published["changes"][1]["estimate"], published["contrasts"][0]["ci"]) == (None, None)
    secondary = {"outcomes": [{"name": "score"}], "model": {"multiplicity": "holm"}}
    assert first(run(plan(**secondary), data(score=score))).contrasts[0].p_adjusted is None
    cells = [cell.text() for cell in table3(run(plan(), data(score=score))).rows[0].cells]
    assert cells[0:2] == ["–", "–"]
    assert cells[4:] == ["–", "–"]


def test_a_baseline_of_zero_has_no_percent_change_and_one_near_zero_no_interval(plan: Make, data: Make) -> None:
    score = [0.5, 1.5, -0.5, 0.25, 0.0, 2.0, 1.0, 4.0, -1.0, 2.0, 0.3]
    found = first(run(plan(), data(score=score)))
    assert [change.percent is None for change in found.changes] == [True, False]
    assert [change.percent_interval for change in found.changes] == [None, None]
    assert found.warnings == (
        "No interval for the percent change of t at 3: the baseline is not clearly away from zero.",
    )


def test_people_who_do_not_differ(plan: Make, data: Make) -> None:
    score = [3.0, 4.0, 4.0, 3.0, 3.0, 4.0, 4.0, 3.0, 3.0, 4.0, 3.5]
    found = first(run(plan(), data(score=score)))
    assert found.variance["id"] == 0
    assert found.converged
    assert found.warnings[0].startswith("The variance between participants is estimated as zero")


def test_baseline_as_a_covariate(plan: Make, data: Make) -> None:
    found = first(
        run(
            plan(model={"baseline_as": "covariate"}),
            data(score=[None, 3.5, 4.0, 3.0, 2.0, 2.5, 4.0, 2.0, 3.5, 2.2, 3.0]),
        )
    )
    assert found.warnings == (
        "1 row without a baseline value was left out.",
        "Everybody has one row, so the model has no random participant effect.",
    )
    assert [(mean.arm, mean.wave) for mean in found.means] == [("c", "3"), ("t", "3")]
    assert found.changes[0].percent is not None
    assert found.changes[0].percent_interval is not None


THREE = {
    "id": [p for p in "abcdefgh" for _ in range(3)],
    "arm": ["c"] * 12 + ["t"] * 12,
    "wave": ["0", "3", "6"] * 8,
    "score": [
        3.0,
        3.5,
        3.2,
        4.0,
        3.5,
        3.6,
        2.0,
        2.5,
        2.2,
        5,
        4.5,
        4.4,
        4.0,
        2.0,
        2.9,
        3.5,
        2.0,
        2.2,
        3.0,
        1.9,
        2.5,
        4,
        3,
        3,
    ],
}
WAVES = {"baseline": "0", "order": ["0", "3", "6"], "untreated_until": "3"}


@pytest.mark.parametrize("baseline_as", ["response", "constrained", "covariate"])
@pytest.mark.parametrize("time", ["factor", "linear"])
def test_every_baseline_with_every_time(baseline_as: str, time: str, plan: Make) -> None:
    found = first(run(plan(waves=WAVES, model={"baseline_as": baseline_as, "time": time}), columns_from(THREE)))
    assert found.converged
    assert [one.wave for one in found.contrasts] == ["3", "6"]
    assert found.contrasts[0].value is not None
    if time == "linear" and baseline_as != "covariate":
        assert found.contrasts[1].value.estimate == pytest.approx(2 * found.contrasts[0].value.estimate)  # type: ignore[union-attr]
    if baseline_as == "constrained":
        assert found.means[0].value.estimate == pytest.approx(found.means[1].value.estimate)  # type: ignore[union-attr]


def test_after_the_crossover_it_is_no_randomized_comparison(plan: Make) -> None:
    results = run(plan(waves=WAVES), columns_from(THREE))
    labels = [one.label for one in first(results).contrasts]
    assert [("not a randomized comparison" in label) for label in labels] == [False, True]
    assert "After 3 this is not a randomized comparison with no coaching." in table3(results).rows[2].footnotes
    assert table3(results).rows[1].footnotes == ()
    linear = {"baseline": 0, "untreated_until": "4.5"}
    labels = [
        one.label for one in first(run(plan(waves=linear, model={"time": "linear"}), columns_from(THREE))).contrasts
    ]
    assert [("not a randomized comparison" in label) for label in labels] == [False, True]


def test_direction_in_words(plan: Make) -> None:
    columns = columns_from(THREE)
    good = first(run(plan(waves=WAVES), columns))
    assert good.contrasts[0].label == (
        "From 0 to 3, the change in score was 1.40 points lower with t than with c (95% CI 0.76 to 2.04 lower); "
        "lower is better, so this favours t."
    )
    bad = first(run(plan(waves=WAVES, outcomes=[{"name": "score", "better": "higher"}]), columns))
    assert bad.contrasts[0].label.endswith("higher is better, so this favours c.")
    silent = first(run(plan(waves=WAVES, outcomes=[{"name": "score"}]), columns))
    assert silent.contrasts[0].label.endswith("the plan does not say which direction is better.")
    turned = plan(waves=WAVES, arms={"control": "t", "intervention": "c"})
    assert (
        "1.40 points higher with c than with t (95% CI 0.76 to 2.04 higher)"
        in first(run(turned, columns)).contrasts[0].label
    )
    assert good.changes[1].label == "From 0 to 3, score with t fell by 1.40 (95% CI 0.95 to 1.85)."
    assert "no change is compatible with the data" in good.changes[0].label


IMPORTANT = [
    (0.7, "All of the interval reaches the minimally important difference of 0.70."),
    (1.5, "The interval lies on both sides of the minimally important difference of 1.50."),
    (2.1, "All of the interval is smaller than the minimally important difference of 2.10."),
]


@pytest.mark.parametrize(("mcid", "sentence"), IMPORTANT)
def test_the_minimally_important_difference(mcid: float, sentence: str, plan: Make) -> None:
    found = first(run(plan(waves=WAVES, outcomes=[{"name": "score", "mcid": mcid}]), columns_from(THREE)))
    assert found.contrasts[0].label.endswith(sentence)


def test_holm_and_hochberg_over_secondary_outcomes(plan: Make) -> None:
    table = THREE | {"other": [x + 0.3 * i for i, x in enumerate(THREE["score"])], "third": THREE["score"][::-1]}
    names = [{"name": "score", "role": "primary"}, {"name": "other"}, {"name": "third"}]
    for rule in ("holm", "hochberg"):
        found = (
            run(plan(waves=WAVES, outcomes=names, model={"multiplicity": rule}), columns_from(table)).sets[0].outcomes
        )
        assert found[0].contrasts[0].p_adjusted is None
        pairs = [(one.contrasts[0].value.p, one.contrasts[0].p_adjusted) for one in found[1:]]  # type: ignore[union-attr]
        (low, low_adjusted), (high, high_adjusted) = sorted(pairs)
        expected = (min(2 * low, 1), max(2 * low, high)) if rule == "holm" else (min(2 * low, high), high)
        assert (low_adjusted, high_adjusted) == pytest.approx(expected)


def test_a_standard_deviation_from_the_plan(plan: Make, data: Make) -> None:
    found = first(run(plan(outcomes=[{"name": "score", "sd": 2}]), data()))
    assert found.contrasts[0].standardized == pytest.approx(found.contrasts[0].value.estimate / 2)  # type: ignore[union-attr]


def test_fisher_of_zeros_and_ones(plan: Make, data: Make) -> None:
    found = first(
        run(plan(outcomes=[{"name": "score", "tests": ["fisher"]}]), data(score=[0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0]))
    )
    assert [raw.test.test for raw in found.tests] == ["fisher"]


def test_tests_that_need_more_values_are_left_out(plan: Make, data: Make) -> None:
    score = [3.0, 3.5, 4.0, 3.5, 2.0, 2.5, 4.0, 2.0, 3.5, None, 3.0]
    assert first(run(plan(outcomes=[{"name": "score", "tests": ["welch"]}]), data(score=score))).tests == ()


def test_tables_put_interventions_first_and_every_number_under_its_arm(plan: Make, data: Make) -> None:
    results = run(
        plan(model={"covariates": ["sex", "age"], "levels": {"sex": ["w", "m"]}}),
        data(age=[None, None, 41, 41, 52, 52, 35, 35, 46, 46, 50]),
    )
    one = table1(results)
    assert [column.title for column in one.columns] == ["T (n = 3)", "C (n = 3)"]
    rows = {row.label: [cell.text() for cell in row.cells] for row in one.rows}
    assert rows == {
        "Sex, No. (%)": [],
        "W": ["2 (66.7)", "2 (66.7)"],
        "M": ["1 (33.3)", "1 (33.3)"],
        "Age, mean (SD)": ["43.67 (7.77)", "46.50 (7.78)"],
        "No answer, No.": ["0", "1"],
    }
    two = table2(results)
    assert [(row.label, [cell.text() for cell in row.cells]) for row in two.rows] == [
        ("Score", []),
        ("0", ["3", "3.50 (0.50)", "3", "3.00 (1.00)"]),
        ("3", ["2", "2.00 (0.00)", "3", "3.17 (0.58)"]),
        ("Change to 3", ["2", "−1.75 (0.35)", "3", "0.17 (0.58)"]),
    ]


def test_table_3_with_two_interventions_and_two_waves(plan: Make) -> None:
    table = THREE | {"arm": ["c"] * 12 + ["t"] * 6 + ["u"] * 6}
    two = plan(waves=WAVES, arms={"control": "c", "interventions": ["t", "u"]})
    found = table3(run(two, columns_from(table)))
    assert [(name, n) for name, n in found.groups] == [
        ("T (n = 2)", 2),
        ("U (n = 2)", 2),
        ("C (n = 4)", 2),
        ("T minus c", 2),
        ("U minus c", 2),
    ]
    assert [(row.label, row.indent, len(row.cells)) for row in found.rows] == [
        ("Score", 0, 0),
        ("3", 1, 10),
        ("6", 1, 10),
    ]


def test_notes_name_the_outcomes_whose_models_differ(plan: Make) -> None:
    names = [{"name": "score"}, {"name": "again", "column": "score", "df": "residual", "multiplicity": "holm"}]
    table = table3(run(plan(waves=WAVES, outcomes=names), columns_from(THREE)))
    notes = table.notes
    assert notes[0].startswith("Score: linear mixed model")
    assert notes[1].endswith("degrees of freedom: residual.")
    assert table.columns[5].footnotes == (
        "P values are two-sided and not adjusted for multiple outcomes; adjusted after Holm in the results file.",
    )


def test_acronyms_stay_as_they_are(plan: Make, data: Make) -> None:
    arms = {"control": "TAU", "intervention": "BtheB"}
    results = run(plan(arms=arms), data(arm=["TAU"] * 6 + ["BtheB"] * 5))
    assert [name for name, _ in table3(results).groups] == ["BtheB (n = 3)", "TAU (n = 3)", "BtheB minus TAU"]


def test_several_sets(plan: Make, data: Make) -> None:
    sets = [{"name": "young", "keep": "age < 50"}, {"name": "all", "keep": "age > 0"}]
    results = run(plan(sets=sets), data())
    assert [(one.name, one.n_participants, one.n_by_arm) for one in results.sets] == [
        ("young", 4, (2, 2)),
        ("all", 6, (3, 3)),
    ]
    assert [box.count for box in results.flow.arms[1].boxes] == [3, 2]
    assert [(one.label, one.count) for one in results.flow.arms[1].analysed] == [("Young", 2), ("All participants", 3)]


def test_what_has_no_empirical_standard_error_is_left_out_with_its_reason(plan: Make) -> None:
    """Only one person is in the control arm, so nothing is left of their residuals; the other numbers stand."""
    rows = [0, 1, 6, 7, 8, 9, 10]
    table = {name: [cells[row] for row in rows] for name, cells in MADE_UP.items()}
    found = run(plan(model={"se": "cr2"}), columns_from(table)).sets[0].outcomes[0]
    values = {one.term: one.value for one in found.coefficients}
    assert [term for term, value in values.items() if value is None] == ["(Intercept)", "time[3]"]
    assert [one.value is None for one in found.changes] == [True, False]
    assert found.contrasts[0].value is not None
    reason = "The residuals say nothing about this contrast, so it has no empirical standard error."
    assert found.warnings.count(reason) == 1


def test_a_subgroup_without_an_empirical_standard_error(plan: Make) -> None:
    rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    table = {name: [cells[row] for row in rows] for name, cells in MADE_UP.items()}
    table["id"], table["arm"] = table["id"] + ["g", "g"], table["arm"] + ["t", "t"]
    table["wave"], table["score"] = table["wave"] + ["0", "3"], table["score"] + [2.0, 1.0]
    table["age"], table["sex"] = table["age"] + [40, 40], table["sex"] + ["w", "w"]
    asked = plan(model={"se": "cr2"}, subgroups=[{"column": "sex"}])
    found = run(asked, columns_from(table)).sets[0].outcomes[0].subgroups[0]
    assert [one.value is None for one in found.effects] == [True, False]

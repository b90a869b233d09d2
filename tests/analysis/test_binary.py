"""Binary outcomes against exact maximum likelihood (R: adaptive Gauss-Hermite with 61 nodes, full information)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import Columns, InputError, as_json, columns_from, read_csv, run, table2, table3
from confrere.analysis.changes_table import PERCENTAGE_POINTS
from confrere.analysis.results import OutcomeResult

DATA = Path(__file__).parents[1] / "data"
MODELS = json.loads((DATA / "kiser_sim.json").read_text())["models"]
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "model": {"covariates": ["woman", "department_of_medicine"], "levels": {"department_of_medicine": ["no", "yes"]}},
    "sets": [{"name": "mitt", "keep": "mitt == 1"}],
}
GENDER = {
    "covariates": ["gender", "department_of_medicine"],
    "levels": {"gender": ["woman", "man", "prefer_not_to_say"], "department_of_medicine": ["no", "yes"]},
}
Make = Callable[..., Any]


def kiser() -> Columns:
    """The simulated trial with ``woman`` as 0 or 1, as the reference has it."""
    columns = read_csv((DATA / "kiser_sim.csv").read_bytes())
    woman = columns_from({"woman": [int(gender == "woman") for gender in columns.column("gender")]})
    return columns.with_texts({"woman": woman.column("woman")})


def analysed(make: Make, **outcome: Any) -> OutcomeResult:
    found: OutcomeResult = run(make(**TRIAL, outcomes=[{"kind": "binary", **outcome}]), kiser()).sets[0].outcomes[0]
    return found


REFERENCE = [("burnout_high", "mitt_logit_burnout_regular"), ("fulfilled", "mitt_logit_fulfilled")]


@pytest.mark.parametrize(("column", "model"), REFERENCE)
def test_against_exact_maximum_likelihood(column: str, model: str, plan: Make) -> None:
    theirs, ours = MODELS[model]["exact_ML"], analysed(plan, name=column)
    assert ours.loglik == pytest.approx(theirs["logLik"], abs=1e-5)
    assert ours.variance["id"] ** 0.5 == pytest.approx(theirs["sigma_b"], rel=1e-4)
    for one, row in zip(ours.coefficients, theirs["fixed"], strict=True):
        assert one.value is not None
        assert (one.value.estimate, one.value.se) == pytest.approx((row["estimate"], row["se"]), rel=1e-4)
    cells = {cell["cell"]: cell for cell in theirs["marginal"]["cells"]}
    for mean in ours.means:
        cell = cells[f"{mean.arm}|{mean.wave}"]
        assert mean.value is not None
        assert (mean.value.estimate, mean.value.se) == pytest.approx((cell["prob"], cell["se_delta"]), rel=1e-4)
    for change, row in zip(ours.changes, theirs["marginal"]["change_from_baseline"], strict=True):
        assert change.value is not None
        assert (change.value.estimate, change.percent) == pytest.approx(
            (row["change"], row["percent_change"]), rel=1e-4
        )
        assert change.value.se == pytest.approx(row["se_delta"], rel=1e-4)
    row = theirs["marginal"]["difference_in_change"][0]
    value = ours.contrasts[0].value
    assert value is not None
    assert (value.estimate, value.se) == pytest.approx((row["estimate"], row["se_delta"]), rel=1e-4)


def test_separation_is_said_and_the_rest_is_the_limit(plan: Make) -> None:
    """R's fit stops at 32.4 for the infinite coefficient; its other numbers are the limit that we compute."""
    theirs = MODELS["mitt_logit_burnout_SEPARATION"]["exact_ML"]
    ours = analysed(plan, name="burnout_high", **GENDER)
    assert ours.loglik == pytest.approx(theirs["logLik"], abs=1e-5)
    for one, row in zip(ours.coefficients, theirs["fixed"], strict=True):
        if row["name"] == "genderprefer_not_to_say":
            assert (one.term, one.value) == ("gender[prefer_not_to_say]", None)
        else:
            assert one.value is not None
            assert one.value.estimate == pytest.approx(row["estimate"], rel=1e-3)
    cells = {cell["cell"]: cell["prob"] for cell in theirs["marginal"]["cells"]}
    assert [mean.value.estimate for mean in ours.means if mean.value] == pytest.approx(
        [cells[f"{mean.arm}|{mean.wave}"] for mean in ours.means], rel=1e-4
    )
    assert ours.warnings[1:] == (
        (
            "Separation: gender[prefer_not_to_say] predicts the answer of 4 rows without exception, so there is "
            "no finite estimate; these rows were kept as certain."
        ),
        "There is no joint test of gender: some of its cells have no data.",
    )
    assert [mean.conditional for mean in ours.means] == [None] * 4


def test_separated_rows_can_be_dropped(plan: Make) -> None:
    ours = analysed(plan, name="burnout_high", separation="drop", **GENDER)
    assert (ours.n_obs, ours.n_participants) == (229, 121)
    assert [one.term for one in ours.coefficients if one.value is None] == []
    assert any("these rows were left out" in line for line in ours.warnings)


def test_other_margins(plan: Make) -> None:
    """Everybody has two rows in the set, so rows and participants give the same; equal levels do not."""
    usual, rows, equal = (
        analysed(plan, name="fulfilled", weights=weights).means[0].value
        for weights in ("observed-participants", "observed-rows", "equal")
    )
    assert usual is not None
    assert rows is not None
    assert equal is not None
    assert usual.estimate == pytest.approx(rows.estimate, rel=1e-12)
    assert abs(usual.estimate - equal.estimate) > 1e-3


def test_the_published_form(plan: Make) -> None:
    results = run(plan(**TRIAL, outcomes=[{"name": "fulfilled", "kind": "binary", "better": "higher"}]), kiser())
    found = as_json(results)["sets"][0]["outcomes"][0]
    json.dumps(found, allow_nan=False)
    assert (found["kind"], found["descriptives"][0]["count"]) == ("binary", 9)
    assert found["descriptives"][0]["proportion"] == pytest.approx(9 / 71)
    assert found["means"][0]["marginal"] == found["means"][0]["estimate"]
    assert found["means"][0]["conditional"] < found["means"][0]["marginal"]
    low, high = found["contrasts"][0]["odds_ratio_ci"]
    assert low < found["contrasts"][0]["odds_ratio"] < high
    assert found["changes"][1]["odds_ratio"] > 1
    assert found["coefficients"][0]["df"] is None
    assert [cell.text() for cell in table2(results).rows[1].cells] == ["52", "9 (17.3)", "71", "9 (12.7)"]
    cells = [cell.text() for cell in table3(results).rows[0].cells]
    assert cells[4:] == ["13.1 (−4.6 to 30.8)", ".15"]
    assert table3(results).rows[0].footnotes == (PERCENTAGE_POINTS,)
    assert "percentage points" in results.sets[0].outcomes[0].contrasts[0].label
    assert table3(results).notes[0].startswith("Logistic mixed model with a random participant intercept")


def test_changes_of_proportions_in_words(plan: Make) -> None:
    ours = analysed(plan, name="burnout_high", better="lower")
    assert ours.changes[1].label == (
        "From baseline to month 3, burnout high with coaching fell by 24.7 percentage points (95% CI 11.0 to 38.3)."
    )
    assert ours.changes[0].label == (
        "From baseline to month 3, burnout high with control changed by −1.9 percentage points "
        "(95% CI −13.3 to 9.4); no change is compatible with the data."
    )


PEOPLE = 12
SMALL: dict[str, list[Any]] = {
    "id": [f"p{i}" for i in range(2 * PEOPLE) for _ in range(2)],
    "arm": ["c"] * 2 * PEOPLE + ["t"] * 2 * PEOPLE,
    "wave": ["0", "3"] * 2 * PEOPLE,
    "yes": [0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1] * 4,
}


def small(make: Make, *, model: dict[str, Any] | None = None, **columns: list[Any]) -> OutcomeResult:
    table = make(outcomes=[{"name": "yes", "kind": "binary"}], model=model or {})
    found: OutcomeResult = run(table, columns_from(SMALL | columns)).sets[0].outcomes[0]
    return found


def changed(arm: str, wave: str, answer: int | None) -> list[Any]:
    """The answers with those of one cell replaced."""
    cells = zip(SMALL["arm"], SMALL["wave"], SMALL["yes"], strict=True)
    return [answer if (a, w) == (arm, wave) else yes for a, w, yes in cells]


def test_people_who_do_not_differ(plan: Make) -> None:
    ours = small(plan)
    assert ours.variance == {"id": 0.0}
    assert ours.warnings == ("The variance between participants is estimated as zero (a boundary).",)


def test_other_values_than_0_and_1(plan: Make) -> None:
    with pytest.raises(InputError) as error:
        small(plan, yes=[2, *SMALL["yes"][1:]])
    assert str(error.value) == "line 2, column yes: 0 or 1 is expected here, not 2."


def test_a_cell_whose_answers_are_all_alike(plan: Make) -> None:
    """Arm t answers 0 at wave 3: its coefficient is infinite, its proportion 0 and certain."""
    ours = small(plan, yes=changed("t", "3", 0))
    assert ours.warnings[0].startswith("Separation: arm[t]:time[3] predicts the answer of 12 rows")
    last = ours.means[3].value
    assert last is not None
    assert (ours.means[3].arm, ours.means[3].wave, last.estimate, last.se) == ("t", "3", 0.0, 0.0)
    assert ours.contrasts[0].odds is None
    assert "odds_ratio" not in as_json_contrast(plan, changed("t", "3", 0))


def as_json_contrast(make: Make, answers: list[Any]) -> dict[str, Any]:
    table = make(outcomes=[{"name": "yes", "kind": "binary"}])
    found = as_json(run(table, columns_from(SMALL | {"yes": answers})))
    contrast: dict[str, Any] = found["sets"][0]["outcomes"][0]["contrasts"][0]
    return contrast


def test_a_baseline_of_nobody_has_no_percent_change(plan: Make) -> None:
    ours = small(plan, yes=changed("c", "0", 0))
    assert [change.percent is None for change in ours.changes] == [True, False]


def test_everything_is_decided(plan: Make) -> None:
    with pytest.raises(InputError, match="predict every answer without exception"):
        small(plan, yes=[int(arm == "t") for arm in SMALL["arm"]])


def test_a_cell_without_answers_and_a_column_that_says_the_same(plan: Make) -> None:
    age = [30 if arm == "c" else 40 for arm in SMALL["arm"]]
    ours = small(plan, model={"covariates": ["age"]}, yes=changed("t", "3", None), age=age)
    assert ours.means[3].value is None
    assert "There is no proportion of t at 3: the data cannot tell." in ours.warnings
    assert "age was dropped: the earlier columns say the same." in ours.warnings
    assert (ours.changes[1].value, ours.contrasts[0].value) == (None, None)


def test_a_model_that_the_data_do_not_allow(plan: Make) -> None:
    alike = [int(i % 3 == 0) for i in range(2 * PEOPLE) for _ in range(2)]
    with pytest.raises(InputError, match="yes: Given the covariates everybody answers alike"):
        small(plan, yes=alike)


THREE = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
    "waves": {
        "baseline": "baseline",
        "order": ["baseline", "month3", "month6", "month12"],
        "untreated_until": "month3",
    },
    "outcomes": [{"name": "strained", "kind": "binary", "better": "lower"}],
}


def test_durability_of_proportions(plan: Make) -> None:
    columns = read_csv((DATA / "estimands" / "coaches.csv").read_bytes())
    ours = run(plan(**THREE), columns).sets[0].outcomes[0]
    contrasts = {(one.arm, one.wave): one.value for one in ours.contrasts}
    for one in ours.attenuations:
        later, first = contrasts[one.arm, one.wave], contrasts[one.arm, "month3"]
        assert later is not None
        assert first is not None
        assert one.ratio == pytest.approx(later.estimate / first.estimate, rel=1e-12)
        assert one.interval is not None
    assert ours.before_after[0].label.startswith("From month 3 to month 6, strained with delayed fell by")
    published = as_json(run(plan(**THREE), columns))["sets"][0]["outcomes"][0]
    assert published["attenuation"][2]["since"] == "month3"
    assert published["before_after"][1]["start"] == "month3"


def test_durability_of_what_the_data_cannot_tell(plan: Make) -> None:
    table: dict[str, list[Any]] = {name: [] for name in ("id", "arm", "wave", "yes")}
    for i in range(36):
        arm = "ct"[i % 2]
        for w, wave in enumerate(("0", "3", "6")):
            answer = None if (arm, wave) in {("t", "6"), ("c", "6")} and i > 1 else (i * 7 + w * w * 5) % 11 % 2
            row = (f"p{i}", arm, wave, None if arm == "t" and wave == "6" else answer)
            for name, cell in zip(table, row, strict=True):
                table[name].append(cell)
    waves = {"baseline": "0", "order": ["0", "3", "6"], "untreated_until": "3"}
    ours = run(plan(outcomes=[{"name": "yes", "kind": "binary"}], waves=waves), columns_from(table)).sets[0].outcomes[0]
    assert ours.attenuations[0].ratio is None
    assert ours.attenuations[0].label.startswith(
        "The difference in yes between t and c at 6 as a part of that at 3: the data cannot tell."
    )


def test_when_separation_leaves_everybody_one_answer(plan: Make) -> None:
    """After three months everybody says yes; the baseline alone cannot show how people differ."""
    table = {
        "id": [f"p{i // 2}" for i in range(24)],
        "arm": ["c" if i < 12 else "t" for i in range(24)],
        "wave": ["0", "3"] * 12,
        "score": [int(i % 2 or i % 3 == 0) for i in range(24)],
    }
    found = run(plan(outcomes=[{"name": "score", "kind": "binary"}]), columns_from(table)).sets[0].outcomes[0]
    shares = [one.value.estimate for one in found.means if one.value is not None]
    assert shares == pytest.approx([1 / 3, 1 / 3, 1.0, 1.0])
    assert found.variance == {"id": 0.0}
    assert any("everybody has one left" in said for said in found.warnings)

"""Sensitivity analyses of a whole plan, on the simulated trial and on small ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from confrere.analysis import InputError, as_json, columns_from, plan_from, read_csv, run
from confrere.analysis.findings import Sensitivity
from confrere.analysis.results import OutcomeResult

DATA = Path(__file__).parents[1] / "data" / "estimands"
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "model": {"covariates": ["gender", "years"], "levels": {"gender": ["woman", "man"]}},
    "sets": [{"name": "two_arms", "keep": "arm != 'group'"}],
    "outcomes": [{"name": "burnout", "better": "lower"}],
}


def trial(sensitivity: list[dict[str, Any]], **tables: Any) -> OutcomeResult:
    """Two arms and two waves of the simulated trial."""
    columns = read_csv((DATA / "coaches.csv").read_bytes())
    columns = columns.take(np.flatnonzero(columns.column("arm") != "group"))
    return run(plan_from(TRIAL | {"sensitivity": sensitivity} | tables), columns).sets[0].outcomes[0]


def only(asked: dict[str, Any], **tables: Any) -> Sensitivity:
    (one,) = trial([asked], **tables).sensitivity
    return one


def test_multiple_imputation_agrees_with_the_model_under_the_same_assumption() -> None:
    """The mixed model with everything observed at baseline answers for missing at random too, arms pooled."""
    outcome = trial([{"method": "mi", "imputations": 60}])
    one, usual = outcome.sensitivity[0].contrasts[0], outcome.contrasts[0].value
    assert one.value is not None
    assert usual is not None
    assert one.value.estimate == pytest.approx(usual.estimate, abs=0.05)
    assert one.value.se == pytest.approx(usual.se, rel=0.1)
    assert one.value.df < usual.df + 15
    assert one.missing_information is not None
    assert 0.02 < one.missing_information < 0.3
    assert outcome.sensitivity[0].assumption == (
        "Missing answers are taken to be like those of participants of the same arm with the same other answers and "
        "gender, years (missing at random)."
    )
    assert one.label.startswith("From baseline to month 3, the change in burnout was 1.")


def test_the_seed_decides() -> None:
    first, again, other = (
        only({"method": "mi", "imputations": 3, "seed": seed}).contrasts[0].value for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_other_covariates_impute() -> None:
    one = only({"method": "mi", "imputations": 3, "covariates": ["sessions"]})
    assert "other answers and sessions (missing" in one.assumption
    assert one.settings == {"imputations": 3, "seed": 1, "filled": 14}
    bare = only({"method": "mi", "imputations": 3, "covariates": []})
    assert "with the same other answers (missing at random)" in bare.assumption


@pytest.mark.parametrize("baseline_as", ["constrained", "covariate"])
def test_other_models(baseline_as: str) -> None:
    model = TRIAL["model"] | {"baseline_as": baseline_as}
    outcome = trial([{"method": "mi", "imputations": 10}], model=model)
    one, usual = outcome.sensitivity[0].contrasts[0].value, outcome.contrasts[0].value
    assert one is not None
    assert usual is not None
    assert one.estimate == pytest.approx(usual.estimate, abs=0.15)


def test_jump_to_reference_is_between_the_effect_and_none() -> None:
    outcome = trial([{"method": "jump-to-reference"}, {"method": "mi"}])
    jumped, random = (one.contrasts[0].value for one in outcome.sensitivity)
    assert jumped is not None
    assert random is not None
    assert random.estimate < jumped.estimate < 0
    assert outcome.sensitivity[0].assumption == (
        "After their last answer, participants of coaching are taken to go on as participants of delayed do: what the "
        "intervention gave them is lost at once (jump to reference)."
    )


def test_three_arms_jump_too() -> None:
    columns = read_csv((DATA / "coaches.csv").read_bytes())
    table = TRIAL | {
        "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
        "waves": {"baseline": "baseline", "order": ["baseline", "month3", "month6"]},
        "sensitivity": [{"method": "jump-to-reference", "imputations": 5}],
        "sets": [],
    }
    (one,) = run(plan_from(table), columns).sets[0].outcomes[0].sensitivity
    assert [(c.arm, c.wave) for c in one.contrasts] == [
        ("coaching", "month3"),
        ("group", "month3"),
        ("coaching", "month6"),
        ("group", "month6"),
    ]
    assert all(c.value is not None for c in one.contrasts)
    assert "participants of coaching and group are taken" in one.assumption


def test_the_tipping_point() -> None:
    one = only({"method": "tipping", "imputations": 10})
    (tip,) = one.tips
    assert tip.delta is not None
    assert tip.delta > 0
    assert len(one.grid) == 9
    estimates = [shifted.value.estimate for shifted in one.grid]
    assert estimates == sorted(estimates)
    assert one.grid[0].value == one.contrasts[0].value
    beyond = only({"method": "tipping", "imputations": 10, "deltas": [tip.delta - 0.01, tip.delta + 0.01]})
    assert [shifted.value.upper < 0 for shifted in beyond.grid] == [True, False]
    assert "points (" in tip.label
    assert tip.label.endswith(" SD) higher.")


def test_shifts_of_both_arms() -> None:
    one = only({"method": "tipping", "imputations": 3, "deltas": [0, 1], "control_deltas": [0, 1]})
    found = {(shifted.delta, shifted.control_delta): shifted.value.estimate for shifted in one.grid}
    assert found[1, 0] > found[0, 0] > found[0, 1]


def test_directions_of_a_shift() -> None:
    """Towards the worse side of the scale; without one, against the effect."""
    turned = {"control": "coaching", "intervention": "delayed"}
    up = only({"method": "tipping", "imputations": 3}, arms=turned, outcomes=[{"name": "burnout"}])
    assert up.grid[1].delta < 0
    assert up.tips[0].delta is not None
    assert up.tips[0].delta < 0
    down = only({"method": "tipping", "imputations": 3}, outcomes=[{"name": "burnout"}])
    assert down.grid[1].delta > 0
    higher = only({"method": "tipping", "imputations": 3}, outcomes=[{"name": "burnout", "better": "higher"}])
    assert higher.grid[1].delta < 0


N = 24
SMALL: dict[str, list[Any]] = {
    "id": [f"p{i:02d}" for i in range(N) for _ in range(2)],
    "arm": ["c"] * N + ["t"] * N,
    "wave": ["0", "3"] * N,
    "score": [((i * 7 + w * 3) % 11) / 4 - 3.0 * w * (i >= N // 2) for i in range(N) for w in range(2)],
    "yes": [int((i * 5 + w * 4 + w * (i >= N // 2)) % 3 > 0) for i in range(N) for w in range(2)],
    "sex": [("w", "m")[i % 2] for i in range(N) for _ in range(2)],
    "began": [int(i >= N // 2 and i % 6 > 0) for i in range(N) for _ in range(2)],
}
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "outcomes": [{"name": "score", "better": "lower"}],
}


def small(asked: dict[str, Any], columns: dict[str, list[Any]] | None = None, **tables: Any) -> Sensitivity:
    plan = plan_from(PLAN | {"sensitivity": [asked]} | tables)
    (one,) = run(plan, columns_from(SMALL | (columns or {}))).sets[0].outcomes[0].sensitivity
    return one


def without(name: str, *places: int) -> list[Any]:
    return [None if i in places else cell for i, cell in enumerate(SMALL[name])]


def scores(effect: float, *places: int) -> dict[str, list[Any]]:
    """The scores with an effect, and without those at the places."""
    values = [((i * 7 + w * 3) % 11) / 4 + effect * w * (i >= N // 2) for i in range(N) for w in range(2)]
    return {"score": [None if i in places else value for i, value in enumerate(values)]}


def test_a_shift_that_never_tips() -> None:
    """One missing answer of forty-eight cannot undo a very large effect, even ten SD away; none cannot at all."""
    asked = {"method": "tipping", "imputations": 3}
    for columns in (scores(-3, 3), scores(-12, 47)):
        one = small(asked, columns)
        assert one.tips[0].delta is None
        assert one.tips[0].label == (
            "At 3, the difference in score between t and c stays clear of zero however the unseen answers of t are "
            "shifted within 10 SD."
        )


def test_a_result_that_was_not_clear() -> None:
    one = small({"method": "tipping", "imputations": 3}, scores(0, 3, 47))
    assert one.tips[0].delta == 0.0
    assert one.tips[0].label.endswith("is not clear of zero even without a shift of the unseen answers.")


def test_nothing_is_missing() -> None:
    one = small({"method": "mi", "imputations": 3})
    assert one.contrasts[0].missing_information == 0.0
    assert one.settings["filled"] == 0


def test_binary_outcomes() -> None:
    outcomes = [{"name": "yes", "kind": "binary"}]
    answers = {"yes": without("yes", 3, 29, 41)}
    one = small({"method": "mi", "imputations": 4}, answers, outcomes=outcomes)
    assert one.contrasts[0].value is not None
    assert abs(one.contrasts[0].value.estimate) < 1
    for method in ("tipping", "jump-to-reference"):
        said = small({"method": method}, answers, outcomes=outcomes)
        assert said.contrasts == ()
        assert said.warnings[0].endswith("defined for continuous outcomes; this one is yes or no.")


def test_covariates_that_are_missing() -> None:
    sex = [None, None, *SMALL["sex"][2:]]
    model = {"covariates": ["sex"], "levels": {"sex": ["w", "m"]}}
    one = small({"method": "mi", "imputations": 3}, {"sex": sex, "score": without("score", 5)}, model=model)
    assert one.warnings == ("1 participants with a missing covariate were left out.",)
    other = small({"method": "mi", "imputations": 3, "covariates": []}, {"sex": sex}, model=model)
    assert other.warnings == one.warnings


def test_too_few_answers_to_impute_from() -> None:
    gone = without("score", *range(29, 48, 2))
    for method in ("mi", "tipping", "jump-to-reference"):
        one = small({"method": method, "imputations": 2}, {"score": gone})
        assert one.warnings == ("There are 2 answers to impute from, and the model needs 4.",)
        assert all(c.value is None for c in one.contrasts)


def test_rows_that_are_absent_and_a_wave_that_one_arm_has_not() -> None:
    kept = [i for i in range(48) if i not in {3, 5, 31}]
    table = {name: [cells[i] for i in kept] for name, cells in SMALL.items()}
    plan = plan_from(PLAN | {"sensitivity": [{"method": "mi", "imputations": 3}]})
    (one,) = run(plan, columns_from(table)).sets[0].outcomes[0].sensitivity
    assert one.settings["filled"] == 3
    never = {"score": without("score", *range(25, 48, 2))}
    said = small({"method": "mi", "imputations": 3}, never)
    assert said.contrasts[0].value is None
    assert said.contrasts[0].label.endswith("the data cannot tell.")
    shifted = small({"method": "tipping", "imputations": 3}, never)
    assert (shifted.tips, shifted.grid) == ((), ())


def test_those_who_begin() -> None:
    one = small({"method": "cace", "received": "began == 1"})
    assert one.settings == {"received": "began == 1", "began t": 10, "never began t": 2}
    assert [c.scenario for c in one.contrasts] == ["observed", "like controls", "no change"]
    (bounds,) = one.bounds
    values = [c.value.estimate for c in one.contrasts if c.value is not None]
    assert bounds.lower <= values[1] <= bounds.upper
    assert one.contrasts[0].label.startswith(
        "Among those who begin, if those who never began changed as the ones of them who answered: from 0 to 3,"
    )
    assert bounds.label.startswith(
        "At 3, whatever those who never began would have done, the difference in change in score among those who begin "
        "t, against c, lies between "
    )
    never_seen = small({"method": "cace", "received": "began == 1"}, {"score": without("score", 25, 37)})
    assert [c.scenario for c in never_seen.contrasts] == ["like controls", "no change"]


def test_those_who_begin_where_little_is_known() -> None:
    nobody = small({"method": "cace", "received": "began == 7"})
    assert nobody.warnings == ("Nobody of t began, so there is no effect among those who begin.",)
    assert nobody.contrasts == ()
    crossed = small({"method": "cace", "received": "began == 1 or id == 'p00'"})
    assert crossed.warnings == ("Some of c began too; this analysis takes it that they cannot.",)
    few = small({"method": "cace", "received": "id == 'p14'"})
    assert [(c.scenario, c.value is None) for c in few.contrasts] == [
        ("like controls", True),
        ("no change", True),
    ]
    assert few.bounds == ()
    with pytest.raises(InputError, match="There is no column begn"):
        small({"method": "cace", "received": "begn == 1"})


def test_two_interventions_of_which_one_nobody_began() -> None:
    arm = ["c"] * 24 + ["t"] * 16 + ["u"] * 8
    began = [int(a == "t") for a in arm]
    waves = {"baseline": "0", "order": ["0", "3"]}
    asked = {"method": "cace", "received": "began == 1"}
    arms = {"control": "c", "interventions": ["t", "u"]}
    one = small(asked, {"arm": arm, "began": began}, arms=arms, waves=waves)
    assert one.warnings == ("Nobody of u began, so there is no effect among those who begin.",)
    assert {c.arm for c in one.contrasts} == {"t"}


def test_chosen_outcomes_and_sets() -> None:
    table = PLAN | {
        "outcomes": [{"name": "score"}, {"name": "again", "column": "score"}],
        "sets": [{"name": "all_rows", "keep": "began >= 0"}, {"name": "women", "keep": "sex == 'w'"}],
        "sensitivity": [
            {"method": "cace", "received": "began == 1", "outcomes": ["again"]},
            {"method": "mi", "imputations": 2, "sets": ["women"]},
        ],
    }
    results = run(plan_from(table), columns_from(SMALL))
    found = {(s.name, o.outcome.name): [x.method for x in o.sensitivity] for s in results.sets for o in s.outcomes}
    assert found == {
        ("all_rows", "score"): [],
        ("all_rows", "again"): ["cace"],
        ("women", "score"): ["mi"],
        ("women", "again"): ["cace", "mi"],
    }
    json.dumps(as_json(results), allow_nan=False)


REFUSED = [
    ({"method": "imputation"}, '"imputation" is not known here'),
    ({"method": "mi", "imputations": 1}, "2 imputations at least are needed."),
    ({"method": "mi", "imputations": 2.5}, "a whole number is expected here."),
    ({"method": "mi", "seed": -1}, "a whole number is expected here."),
    ({"method": "cace"}, "received: this is needed and absent."),
    ({"method": "mi", "outcomes": ["scor"]}, '"scor" is none of the outcomes. Did you mean score'),
    ({"method": "mi", "sets": ["al"]}, '"al" is none of the sets. Did you mean all'),
    ({"method": "mi", "imputation": 3}, "there is no such key. Did you mean imputations"),
    ({"method": "mi", "covariates": ["age"]}, "there is no column age."),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_refused(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        small(asked)
    assert sentence in str(error.value)

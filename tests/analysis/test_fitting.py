"""Coaches and empirical standard errors as a plan asks for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import InputError, as_json, columns_from, plan_from, read_csv, run
from confrere.analysis.changes_table import describe_model
from confrere.analysis.results import OutcomeResult

DATA = Path(__file__).parents[1] / "data" / "estimands"
THEIRS = json.loads((DATA / "nested.json").read_text())
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3", "month6", "month12"]},
    "model": {
        "covariates": ["gender", "years"],
        "levels": {"gender": ["woman", "man"]},
        "df": "kenward-roger-expected",
    },
    "outcomes": [{"name": "burnout", "better": "lower"}],
}
CLUSTER = {"column": "coach", "arm": "coaching"}


def analysed(model: dict[str, Any], **tables: Any) -> OutcomeResult:
    table = TRIAL | tables | {"model": TRIAL["model"] | model}
    return run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes())).sets[0].outcomes[0]


@pytest.mark.parametrize(("rows", "name"), [("all", "all"), ("after-baseline", "after")])
def test_coaches_of_one_arm(rows: str, name: str) -> None:
    ours = analysed({"cluster": CLUSTER | {"rows": rows}})
    assert ours.loglik == pytest.approx(THEIRS[name]["loglik"], abs=1e-8)
    assert ours.variance is not None
    assert list(ours.variance) == ["coach", "id", "residual"]
    found = {one.term: one.value for one in ours.coefficients}["arm[coaching]:time[month3]"]
    (row,) = [row for row in THEIRS[name]["fixed"] if row["name"] == "armcoaching:wavemonth3"]
    assert found is not None
    assert (found.estimate, found.se, found.df) == pytest.approx((row["estimate"], row["kr_se"], row["kr"]), rel=1e-6)
    assert ours.converged


def test_a_coach_who_acts_later_widens_the_interval() -> None:
    """A coach's effect that is there at the baseline cancels from a change; one that begins later does not."""
    plain, always, later = (
        analysed(model).contrasts[0].value
        for model in ({}, {"cluster": CLUSTER}, {"cluster": CLUSTER | {"rows": "after-baseline"}})
    )
    assert plain is not None
    assert always is not None
    assert later is not None
    assert always.se == pytest.approx(plain.se, rel=0.02)
    assert later.se > 1.1 * plain.se


COACHED: dict[str, list[Any]] = {
    "id": [f"p{i:02d}" for i in range(24) for _ in range(2)],
    "arm": ["c"] * 24 + ["t"] * 24,
    "wave": ["0", "3"] * 24,
    "coach": [None] * 24 + [coach for i in range(12) for coach in (f"k{i % 4}", None)],
    "score": [((i * 7 + w * 3) % 11) / 2 - w * (i > 11) for i in range(24) for w in range(2)],
}
SMALL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "model": {"cluster": {"column": "coach", "arm": "t"}},
    "outcomes": [{"name": "score"}],
}


def coached(**columns: list[Any]) -> OutcomeResult:
    return run(plan_from(SMALL), columns_from(COACHED | columns)).sets[0].outcomes[0]


def test_coaches_who_make_no_difference_and_people_without_one() -> None:
    coach = [*COACHED["coach"][:-2], None, None]
    ours = coached(coach=coach)
    assert ours.warnings == (
        "1 participants of t have no coach; they share none.",
        (
            "The variance between coaches is estimated as zero (a boundary): participants of one coach are no more "
            "alike than those of different coaches."
        ),
        (
            "The variance between participants is estimated as zero (a boundary): observations of one person "
            "agree no more than those of different people."
        ),
    )


def test_two_coaches_of_one_participant() -> None:
    with pytest.raises(InputError) as error:
        coached(coach=[*COACHED["coach"][:25], "k3", *COACHED["coach"][26:]])
    assert str(error.value) == "line 27, column coach: participant p12 has two coaches; the model needs one."


def test_one_coach() -> None:
    with pytest.raises(InputError, match="score: A variance between coaches needs two coaches at least"):
        coached(coach=[None] * 24 + ["k0"] * 24)


def test_no_such_column() -> None:
    plan = plan_from(SMALL | {"model": {"cluster": {"column": "coatch", "arm": "t"}}})
    with pytest.raises(InputError, match="there is no column coatch"):
        run(plan, columns_from(COACHED))


def test_empirical_standard_errors() -> None:
    """The numbers themselves are held to clubSandwich in tests/science/mixed/test_empirical.py."""
    usual = analysed({"df": "satterthwaite"}).contrasts[0].value
    found = {}
    for se in ("cr0", "cr2", "cr3"):
        value = analysed({"se": se}).contrasts[0].value
        assert value is not None
        assert usual is not None
        assert value.estimate == usual.estimate
        found[se] = value
    assert found["cr0"].se < found["cr2"].se < found["cr3"].se
    assert found["cr2"].df < 150
    general = analysed({"se": "cr2", "covariance": "unstructured"}).contrasts[0].value
    assert general is not None
    assert general.df < 150


def test_too_few_people_for_a_joint_test() -> None:
    """Six arms of two people each: the residuals are too few for a test of five contrasts at once."""
    people, scores = range(12), [1.0, 2.0, 3.0, 2.5, 4.0, 1.0, 2.0, 1.5, 2.2, 3.1, 0.4, 1.9]
    table: dict[str, list[Any]] = {
        "id": [f"p{i}" for i in people for _ in range(2)],
        "arm": [f"a{i // 2}" for i in people for _ in range(2)],
        "wave": ["0", "3"] * 12,
        "score": [scores[i] + w * scores[-i] / 3 for i in people for w in range(2)],
    }
    arms = {"control": "a0", "interventions": [f"a{k}" for k in range(1, 6)]}
    ours = run(plan_from(SMALL | {"model": {"se": "cr2"}, "arms": arms}), columns_from(table)).sets[0].outcomes[0]
    assert any("too few participants for a joint test" in line for line in ours.warnings)


def test_what_a_logistic_model_does_not_have() -> None:
    outcomes = [{"name": "strained", "kind": "binary"}]
    ours = analysed({"cluster": CLUSTER}, outcomes=outcomes)
    assert "The logistic model has no effect of coaches: participants of one coach count as unrelated." in ours.warnings
    ours = analysed({"se": "cr2"}, outcomes=outcomes)
    assert ours.warnings == (
        "The logistic model's standard errors are model-based; the plan's empirical ones are not used.",
    )


def test_the_published_variance() -> None:
    results = run(plan_from(TRIAL | {"model": {"cluster": CLUSTER}}), read_csv((DATA / "coaches.csv").read_bytes()))
    assert list(as_json(results)["sets"][0]["outcomes"][0]["variance"]) == ["coach", "id", "residual"]


def test_the_model_in_words() -> None:
    with_coaches = plan_from(TRIAL | {"model": {"cluster": CLUSTER}})
    assert describe_model(with_coaches, with_coaches.outcomes[0]).startswith(
        "Linear mixed model with a random participant effect and one of the coach in coaching (REML)"
    )
    robust = plan_from(TRIAL | {"model": {"se": "cr2"}})
    assert describe_model(robust, robust.outcomes[0]).endswith(
        "standard errors: empirical (CR2); degrees of freedom: Satterthwaite's for the empirical covariance."
    )
    counted = plan_from(TRIAL | {"model": {"se": "cr0", "df": "residual"}})
    assert describe_model(counted, counted.outcomes[0]).endswith(
        "standard errors: empirical (CR0); degrees of freedom: residual."
    )

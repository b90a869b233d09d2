"""Yes/no outcomes with the baseline as a covariate or constrained, against R (validation/estimands/binary.R)."""

import json
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import as_json, plan_from, read_csv, run
from confrere.analysis.results import OutcomeResult

DATA = Path(__file__).parents[1] / "data" / "estimands"
THEIRS = json.loads((DATA / "binary.json").read_text())
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
    "waves": {
        "baseline": "baseline",
        "order": ["baseline", "month3", "month6", "month12"],
        "untreated_until": "baseline",
    },
    "model": {"covariates": ["gender", "years"], "levels": {"gender": ["woman", "man"]}},
}
NAMES = {
    "(Intercept)": "(Intercept)",
    "armcoaching": "arm[coaching]",
    "armgroup": "arm[group]",
    "wavemonth3": "time[month3]",
    "wavemonth6": "time[month6]",
    "wavemonth12": "time[month12]",
    "start": "baseline",
    "man": "gender[man]",
    "years": "years",
    "armcoaching:wavemonth6": "arm[coaching]:time[month6]",
    "armgroup:wavemonth12": "arm[group]:time[month12]",
    "wavemonth6:start": "baseline:time[month6]",
}


def analysed(model: dict[str, Any], *, waves: tuple[str, ...] = (), **outcome: Any) -> OutcomeResult:
    table = TRIAL | {"outcomes": [{"name": "strained", "kind": "binary", "better": "lower", **outcome}]}
    table |= {"model": TRIAL["model"] | model}
    if waves:
        table |= {"waves": TRIAL["waves"] | {"order": list(waves)}}
    return run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes())).sets[0].outcomes[0]


def test_one_follow_up_is_an_ordinary_logistic_regression() -> None:
    ours, theirs = analysed({"baseline_as": "covariate"}, waves=("baseline", "month3")), THEIRS["one"]
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-8)
    found = {one.term: one.value for one in ours.coefficients}
    for name, estimate in theirs["fixed"].items():
        value = found[NAMES[name]]
        assert value is not None
        assert (value.estimate, value.se) == pytest.approx((estimate, theirs["se"][name]), rel=1e-6)
    assert [(one.arm, one.wave) for one in ours.means] == [(a, "month3") for a in ("delayed", "coaching", "group")]
    means = [one.value.estimate for one in ours.means if one.value]
    assert means == pytest.approx(theirs["proportions"], rel=1e-8)
    for one, row in zip(ours.contrasts, theirs["contrasts"], strict=True):
        assert one.value is not None
        assert (one.value.estimate, one.value.se) == pytest.approx((row["estimate"], row["se"]), rel=1e-6)
    assert "Everybody has one row, so the model has no random participant effect." in ours.warnings


def test_changes_are_from_the_observed_baseline() -> None:
    ours, theirs = analysed({"baseline_as": "covariate"}, waves=("baseline", "month3")), THEIRS["one"]
    for one, proportion in zip(ours.changes, theirs["proportions"], strict=True):
        assert one.value is not None
        assert one.value.estimate == pytest.approx(proportion - theirs["start"], rel=1e-6)
        assert one.percent == pytest.approx(100 * (proportion / theirs["start"] - 1), rel=1e-6)
        assert one.odds is None
    assert ours.contrasts[0].odds is not None
    assert ours.before_after[0].start == "baseline"
    assert ours.before_after[0].value == ours.changes[0].value


def test_several_follow_ups_have_a_random_intercept() -> None:
    ours, theirs = analysed({"baseline_as": "covariate"}), THEIRS["several"]
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-4)
    assert ours.variance is not None
    assert ours.variance["id"] ** 0.5 == pytest.approx(theirs["sigma"], rel=1e-3)
    found = {one.term: one.value for one in ours.coefficients}
    rows = {row["name"]: row["estimate"] for row in theirs["fixed"]}
    for name in NAMES.keys() & rows.keys():
        value = found[NAMES[name]]
        assert value is not None
        assert value.estimate == pytest.approx(rows[name], rel=2e-3, abs=2e-3)


def test_one_baseline_for_all_arms() -> None:
    ours, theirs = analysed({"baseline_as": "constrained"}), THEIRS["constrained"]
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-4)
    found = {one.term: one.value for one in ours.coefficients}
    rows = {row["name"]: row["estimate"] for row in theirs["fixed"]}
    for name in NAMES.keys() & rows.keys():
        value = found[NAMES[name]]
        assert value is not None
        assert value.estimate == pytest.approx(rows[name], rel=2e-3, abs=2e-3)
    for k, (wave, arm) in enumerate((w, a) for w in ("month3", "month6", "month12") for a in ("coaching", "group")):
        value = found[f"arm[{arm}]:time[{wave}]"]
        assert value is not None
        assert value.estimate == pytest.approx(rows[f"Xpost{k + 1}"], rel=2e-3)
    first, second, third = (one.value for one in ours.means[:3])
    assert first == second == third


@pytest.mark.parametrize("weights", ["observed-rows", "equal"])
def test_other_margins(weights: str) -> None:
    usual, ours = analysed({"baseline_as": "covariate"}), analysed({"baseline_as": "covariate", "weights": weights})
    for one, other in zip(usual.means, ours.means, strict=True):
        assert one.value is not None
        assert other.value is not None
        assert other.value.estimate == pytest.approx(one.value.estimate, abs=0.12)


def test_firths_correction_for_separated_answers() -> None:
    """Nobody of the group arm who was not strained at the baseline was at month 3 in this part of the trial."""
    table = TRIAL | {
        "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
        "model": {"baseline_as": "covariate"},
        "sets": [{"name": "some", "keep": "not (arm == 'group' and wave == 'month3' and strained == 1)"}],
        "outcomes": [
            {"name": "held", "column": "strained", "kind": "binary", "separation": "firth"},
            {"name": "certain", "column": "strained", "kind": "binary"},
        ],
    }
    results = run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes()))
    held, certain = results.sets[0].outcomes
    assert (
        "Separation: arm[group] predicts answers without exception; Firth's correction keeps it finite."
        in held.warnings
    )
    value = {one.term: one.value for one in held.coefficients}["arm[group]"]
    assert value is not None
    assert -10 < value.estimate < -2
    assert {one.term: one.value for one in certain.coefficients}["arm[group]"] is None
    proportion = held.means[2].value
    assert proportion is not None
    assert 0 < proportion.estimate < 0.1
    assert as_json(results)["sets"][0]["outcomes"][0]["changes"][0].get("odds_ratio") is None


def test_firths_correction_without_separation_moves_little() -> None:
    usual, held = (
        analysed({}, waves=("baseline", "month3")),
        analysed({}, waves=("baseline", "month3"), separation="firth"),
    )
    for one, other in zip(usual.contrasts, held.contrasts, strict=True):
        assert one.value is not None
        assert other.value is not None
        assert other.value.estimate == pytest.approx(one.value.estimate, abs=0.03)

"""Three arms, four waves with dropout: margins, changes, percent changes, durability, against R's emmeans and pbkrtest.

``tests/data/estimands/margins.json`` is made by ``validation/estimands/references.R`` from a simulated trial.
"""

import json
from itertools import chain
from typing import Any

import numpy as np
import pytest
from tests.analysis.three_arms import DATA, TRIAL

from confrere.analysis import Columns, as_json, columns_from, plan_from, read_csv, run
from confrere.analysis.results import OutcomeResult

THEIRS = json.loads((DATA / "margins.json").read_text())


def analysed(weights: str = "observed-participants", **outcome: Any) -> OutcomeResult:
    table = TRIAL | {
        "model": TRIAL["model"] | {"weights": weights},
        "outcomes": [{"name": "burnout", "better": "lower", **outcome}],
    }
    return run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes())).sets[0].outcomes[0]


WEIGHTS = {"equal": "equal", "observed-rows": "proportional"}


@pytest.mark.parametrize(("weights", "name"), WEIGHTS.items())
def test_means_changes_and_contrasts(weights: str, name: str) -> None:
    ours, theirs = analysed(weights), THEIRS[name]
    assert ours.loglik == pytest.approx(THEIRS["loglik"], abs=1e-6)
    means = {(one.arm, one.wave): one.value for one in ours.means}
    for row in theirs["means"]:
        value = means[row["arm"], row["wave"]]
        assert value is not None
        assert (value.estimate, value.se, value.df) == pytest.approx((row["emmean"], row["SE"], row["df"]), rel=1e-6)
        assert (value.lower, value.upper) == pytest.approx((row["lower.CL"], row["upper.CL"]), rel=1e-6)
    changes = {(one.arm, f"{one.wave} - baseline"): one.value for one in ours.changes}
    for row in theirs["changes"]:
        change = changes[row["arm"], row["contrast"]]
        assert change is not None
        assert (change.estimate, change.se, change.df, change.p) == pytest.approx(
            (row["estimate"], row["SE"], row["df"], row["p.value"]), rel=1e-5
        )
    contrasts = {(f"{one.arm} - delayed", f"{one.wave} - baseline"): one.value for one in ours.contrasts}
    for row in theirs["contrasts"]:
        contrast = contrasts[row["arm_trt.vs.ctrl"], row["wave_trt.vs.ctrl"]]
        assert contrast is not None
        assert (contrast.estimate, contrast.se, contrast.df, contrast.p) == pytest.approx(
            (row["estimate"], row["SE"], row["df"], row["p.value"]), rel=1e-5
        )


def test_the_average_participant() -> None:
    ours = {(one.arm, one.wave): one.value for one in analysed().means}
    for row in THEIRS["participants"]:
        value = ours[row["arm"], row["wave"]]
        assert value is not None
        assert (value.estimate, value.se, value.df) == pytest.approx((row["estimate"], row["se"], row["df"]), rel=1e-6)


def test_percent_changes_with_fieller() -> None:
    ours = {(one.arm, one.wave): one for one in analysed().changes}
    for row in chain.from_iterable(THEIRS["percent"]):
        change = ours[row["arm"], row["wave"]]
        assert change.percent == pytest.approx(row["percent"], rel=1e-6)
        assert change.percent_interval == pytest.approx(row["ci"], rel=1e-6)


def test_attenuation_with_fieller() -> None:
    ours = {(one.arm, one.wave): one for one in analysed().attenuations}
    assert list(ours) == [(a, w) for a in ("coaching", "group") for w in ("month6", "month12")]
    for row in chain.from_iterable(THEIRS["attenuation"]):
        one = ours[row["arm"], row["wave"]]
        assert one.ratio == pytest.approx(row["ratio"], rel=1e-6)
        assert one.interval == pytest.approx(row["ci"], rel=1e-6)
    assert ours["coaching", "month6"].label == (
        "The difference in burnout between coaching and delayed at month 6 was 66.3% of that at month 3 "
        "(95% CI 28.9% to 110.5%); waves are counted from randomization. This is not a randomized comparison with "
        "no coaching."
    )


def test_standardized_differences() -> None:
    """R: ``eff_size(…, sigma, edf)`` with the SD at baseline pooled over arms; and with an SD that is known."""
    ours = analysed()
    assert ours.baseline_sd == pytest.approx(THEIRS["sigma"], rel=1e-12)
    sizes = {row["contrast"]: row for row in THEIRS["sizes"]}
    for one in ours.contrasts:
        row = sizes[f"({one.wave} - baseline {one.arm} - delayed)"]
        assert one.standardized == pytest.approx(row["effect.size"], rel=1e-6)
        assert one.standardized_interval == pytest.approx((row["lower.CL"], row["upper.CL"]), rel=1e-5)
    named = analysed(sd=2.0).contrasts[0]
    assert named.value is not None
    assert named.standardized_interval == pytest.approx((named.value.lower / 2, named.value.upper / 2), rel=1e-12)


def test_the_delayed_arm_after_it_began() -> None:
    ours = analysed()
    assert [(one.arm, one.start, one.wave) for one in ours.before_after] == [
        ("delayed", "month3", "month6"),
        ("delayed", "month3", "month12"),
    ]
    changes = {one.wave: one.value for one in ours.changes if one.arm == "delayed"}
    first, later, since = changes["month3"], changes["month6"], ours.before_after[0].value
    assert first is not None
    assert later is not None
    assert since is not None
    assert since.estimate == pytest.approx(later.estimate - first.estimate, rel=1e-12)
    assert ours.before_after[0].label.startswith("From month 3 to month 6, burnout with delayed fell by")
    assert ours.before_after[0].label.endswith(" This is before and after, no control.")
    labels = {one.wave: one.label for one in ours.changes if one.arm == "delayed"}
    assert not labels["month3"].endswith("begun the intervention.")
    assert labels["month6"].endswith(" Delayed had then begun the intervention.")


@pytest.mark.parametrize("baseline_as", ["constrained", "covariate"])
def test_durability_with_other_baselines(baseline_as: str) -> None:
    ours = analysed(baseline_as=baseline_as)
    assert all(one.ratio is not None and one.interval is not None for one in ours.attenuations)
    assert all(one.value is not None for one in ours.before_after)


def test_the_delayed_arm_that_may_begin_at_once() -> None:
    """With the baseline as a covariate its mean is a known number to subtract."""
    table = TRIAL | {"waves": TRIAL["waves"] | {"untreated_until": "baseline"}}
    table |= {"model": TRIAL["model"] | {"baseline_as": "covariate"}}
    ours = run(plan_from(table), read_csv((DATA / "coaches.csv").read_bytes())).sets[0].outcomes[0]
    assert [one.start for one in ours.before_after] == ["baseline"] * 3
    assert ours.before_after[0].value == ours.changes[0].value


def test_durability_where_nothing_was_there_or_nothing_can_be_told() -> None:
    columns = read_csv((DATA / "coaches.csv").read_bytes())
    found = run(plan_from(TRIAL | {"sets": [{"name": "some", "keep": "years > 30"}]}), columns).sets[0].outcomes[0]
    assert found.attenuations[0].interval is None
    assert "(no interval: the difference at month 3 is not clearly away from zero)" in found.attenuations[0].label
    kept = "not (wave == 'month12' and arm == 'group') and not (wave == 'month3' and arm == 'coaching')"
    found = run(plan_from(TRIAL | {"sets": [{"name": "some", "keep": kept}]}), columns).sets[0].outcomes[0]
    assert [one.ratio is None for one in found.attenuations] == [True, True, False, True]
    published = as_json(run(plan_from(TRIAL | {"sets": [{"name": "some", "keep": kept}]}), columns))
    assert published["sets"][0]["outcomes"][0]["attenuation"][0]["ci"] is None


def test_responders_adjusted_for_baseline_and_covariates() -> None:
    """R: ``glm(yes ~ arm + start + man + years, binomial)`` at month 3, averaged over its rows, delta method."""
    (one,) = analysed(responder="change <= -0.8").responders
    found = {(c.arm, c.wave): c.adjusted for c in one.contrasts}
    theirs = {"coaching": (0.36097899861, 0.09819096566), "group": (0.4023240805, 0.0938007455)}
    for arm, numbers in theirs.items():
        value = found[arm, "month3"]
        assert value is not None
        assert (value.estimate, value.se) == pytest.approx(numbers, rel=1e-8)


def test_joint_tests_of_type_2() -> None:
    """R: lmerTest 3.1-3, ``anova(model, type = 2, ddf = "Satterthwaite")``."""
    theirs = {
        "arm": (0.4058986865, 2, 145.2827038),
        "time": (39.9679890216, 3, 364.1202967),
        "gender": (6.5690577396, 1, 145.1115561),
        "years": (2.8330117141, 1, 146.5094632),
        "arm:time": (10.2238633084, 6, 364.0774987),
    }
    ours = {one.effect: one.test for one in analysed(df="satterthwaite").joint_tests_2}
    assert ours.keys() == theirs.keys()
    for effect, numbers in theirs.items():
        test = ours[effect]
        assert (test.statistic, test.numerator_df) == pytest.approx(numbers[:2], rel=1e-6)
        # Satterthwaite's df of several contrasts at once depend a little on how their rows are scaled
        assert test.denominator_df == pytest.approx(numbers[2], rel=5e-4)
    linear = run(
        plan_from(
            TRIAL
            | {"model": {"time": "linear"}, "waves": {"baseline": "0"}, "columns": TRIAL["columns"] | {"wave": "month"}}
        ),
        _with_months(),
    )
    assert [one.effect for one in linear.sets[0].outcomes[0].joint_tests_2] == ["arm", "time", "arm:time"]


def _with_months() -> Columns:
    columns = read_csv((DATA / "coaches.csv").read_bytes())
    months = {"baseline": "0", "month3": "3", "month6": "6", "month12": "12"}
    cells = np.array([months[cell] for cell in columns.column("wave")], dtype=object)
    return columns.with_texts({"month": cells})


def test_where_a_baseline_among_the_covariates_is_put() -> None:
    """At its mean over participants, or over rows as `emmeans` and LSMEANS have it: those who stay count more."""
    table = {
        "id": list("aaabbbccdddee"),
        "arm": ["c"] * 8 + ["t"] * 5,
        "wave": ["0", "3", "6", "0", "3", "6", "0", "3", "0", "3", "6", "0", "3"],
        "score": [1.0, 2.0, 2.5, 3.0, 2.0, 1.0, 7.0, 4.0, 2.0, 0.5, 1.0, 4.0, 3.0],
    }
    plan = {
        "trial": {"title": "Made up"},
        "columns": {"id": "id", "arm": "arm", "wave": "wave"},
        "arms": {"control": "c", "intervention": "t"},
        "waves": {"baseline": "0", "order": ["0", "3", "6"]},
        "outcomes": [{"name": "score"}],
    }
    baselines = {"observed-participants": [1, 3, 7, 2, 4], "equal": [1, 1, 3, 3, 7, 2, 2, 4]}
    baselines["observed-rows"] = baselines["equal"]
    for weights, values in baselines.items():
        model = {"baseline_as": "covariate", "weights": weights, "df": "residual"}
        found = run(plan_from(plan | {"model": model}), columns_from(table)).sets[0].outcomes[0]
        mean, change = found.means[0].value, found.changes[0].value
        assert mean is not None
        assert change is not None
        assert mean.estimate - change.estimate == pytest.approx(np.mean(values))

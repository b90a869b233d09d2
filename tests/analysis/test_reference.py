"""Whole analyses against R: emmeans 1.8.4-1 over lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2; mmrm 0.3.18.

`pytest -s` prints the largest relative error per quantity. Tolerances as in the reference's README.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.agreement import Agreement

from confrere.analysis import Results, plan_from, read_csv, run
from confrere.science.mixed import Estimate

TRIALS: dict[str, dict[str, Any]] = {
    "kiser_sim": {
        "columns": {"id": "id", "arm": "arm", "wave": "time"},
        "arms": {"control": "control", "intervention": "coaching"},
        "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
        "model": {
            "covariates": ["gender", "department_of_medicine"],
            "levels": {"gender": ["woman", "man", "prefer_not_to_say"], "department_of_medicine": ["no", "yes"]},
        },
        "outcomes": [{"name": "burnout"}],
    },
    "btheb": {
        "columns": {"id": "subject", "arm": "treatment", "wave": "time"},
        "arms": {"control": "TAU", "intervention": "BtheB"},
        "waves": {"baseline": "m0", "order": ["m0", "m2", "m3", "m5", "m8"]},
        "model": {
            "covariates": ["drug", "length"],
            "levels": {"drug": ["No", "Yes"], "length": ["lt6m", "gt6m"]},
        },
        "outcomes": [{"name": "bdi"}],
    },
    "orthodont": {
        "columns": {"id": "Subject", "arm": "Sex", "wave": "age"},
        "arms": {"control": "Male", "intervention": "Female"},
        "waves": {"baseline": "8", "order": ["8", "10", "12", "14"]},
        "model": {},
        "outcomes": [{"name": "distance"}],
    },
}
CASES = [
    ("kiser_sim", "mitt_lmm", {}),
    ("kiser_sim", "itt_lmm", {}),
    ("kiser_sim", "mitt_fulfilment_lmm", {"outcomes": [{"name": "fulfilment"}]}),
    ("btheb", "repeated_baseline", {}),
    ("orthodont", "factor_age", {}),
]
DF = {"satterthwaite": "satterthwaite", "kenward-roger": "kenward-roger-expected"}
WEIGHTS = {"equal": "equal", "proportional": "observed-rows"}
TOLERANCE = {
    "mean": 1e-6,
    "change": 1e-6,
    "contrast": 1e-6,
    "se": 1e-6,
    "df": 1e-4,
    "p": 1e-5,
    "percent": 1e-5,
    "F": 1e-5,
}


@pytest.fixture(scope="module")
def errors() -> Iterator[Agreement]:
    found = Agreement("whole analyses", TOLERANCE, floor=1e-2)
    yield found
    print(found.table())  # noqa: T201  (what this file is run for by hand)


def analyse(name: str, csv: bytes, *, mitt: bool, model: dict[str, Any], **tables: Any) -> Results:
    table = TRIALS[name] | tables
    table |= {"model": table["model"] | model}
    if mitt:
        table |= {"sets": [{"name": "mitt", "keep": "mitt == 1"}]}
    return run(plan_from(table), read_csv(csv))


def same(errors: Agreement, quantity: str, ours: Estimate | None, theirs: dict[str, Any], key: str) -> None:
    assert ours is not None
    errors.hold(quantity, ours.estimate, theirs[key])
    errors.hold("se", ours.se, theirs["SE"])
    errors.hold("df", ours.df, theirs["df"])
    errors.hold("p", ours.p, theirs["p.value"])
    errors.hold(quantity, ours.lower, theirs["lower.CL"])
    errors.hold(quantity, ours.upper, theirs["upper.CL"])


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("df", DF)
@pytest.mark.parametrize(("name", "model", "tables"), CASES, ids=[model for _, model, _ in CASES])
def test_means_changes_and_contrasts(
    name: str,
    model: str,
    tables: dict[str, Any],
    df: str,
    weights: str,
    reference: Callable[[str], tuple[dict[str, Any], bytes]],
    errors: Agreement,
) -> None:
    models, csv = reference(name)
    theirs = models[model]["contrasts"][f"{df}__{weights}"]
    choice = {"df": DF[df], "weights": WEIGHTS[weights]}
    results = analyse(name, csv, mitt=model.startswith("mitt"), model=choice, **tables)
    ours = results.sets[0].outcomes[0]
    assert [mean.wave for mean in ours.means[:: len(results.plan.arms)]] == list(results.waves)
    for mean, row in zip(ours.means, theirs["emmeans"], strict=True):
        same(errors, "mean", mean.value, row, "emmean")
    arm_key = next(key for key in theirs["emmeans"][0] if key in {"arm", "treatment", "Sex"})
    changes = {(change.arm, change.wave): change for change in ours.changes}
    for row in theirs["change_from_baseline"]:
        wave = row["contrast"].split(" - ")[0].removeprefix("fage")
        same(errors, "change", changes[row[arm_key], wave].value, row, "estimate")
    for contrast, row in zip(ours.contrasts, theirs["difference_in_change"], strict=True):
        same(errors, "contrast", contrast.value, row, "estimate")
    for row in theirs["percent_change"]:
        time = str(row.get("time", row.get("fage")))
        errors.hold("percent", changes[row["group"], time].percent or 0.0, row["percent_change"])


@pytest.mark.parametrize("df", DF)
@pytest.mark.parametrize(("name", "model", "tables"), CASES, ids=[model for _, model, _ in CASES])
def test_joint_tests_of_type_3(
    name: str,
    model: str,
    tables: dict[str, Any],
    df: str,
    reference: Callable[[str], tuple[dict[str, Any], bytes]],
    errors: Agreement,
) -> None:
    models, csv = reference(name)
    theirs = models[model][f"anova_type3_{df.replace('-', '_')}"]
    ours = analyse(name, csv, mitt=model.startswith("mitt"), model={"df": DF[df]}, **tables).sets[0].outcomes[0]
    assert len(theirs) == len(ours.joint_tests)
    for joint, row in zip(ours.joint_tests, theirs, strict=True):
        errors.hold("F", joint.test.statistic, row["F value"])
        errors.hold("df", joint.test.denominator_df, row["DenDF"])
        assert joint.test.numerator_df == row["NumDF"]


def test_linear_time(reference: Callable[[str], tuple[dict[str, Any], bytes]], errors: Agreement) -> None:
    models, csv = reference("orthodont")
    choice = {"time": "linear", "df": "satterthwaite"}
    results = analyse("orthodont", csv, mitt=False, model=choice, waves={"baseline": 8})
    ours = results.sets[0].outcomes[0]
    assert [one.term for one in ours.coefficients] == ["(Intercept)", "arm[Female]", "time", "arm[Female]:time"]
    for one, row in zip(ours.coefficients, models["linear_age"]["fixed"], strict=True):
        errors.hold("contrast", one.value.estimate, row["estimate"])
        errors.hold("df", one.value.df, row["satterthwaite"]["df"])
    for joint, row in zip(ours.joint_tests, models["linear_age"]["anova_type3_satterthwaite"], strict=True):
        errors.hold("F", joint.test.statistic, row["F value"])
    slope = ours.coefficients[3].value.estimate
    assert results.waves == ("8", "10", "12", "14")
    assert [round(c.value.estimate / slope, 9) for c in ours.contrasts if c.value] == [2.0, 4.0, 6.0]


def test_constrained_baseline(reference: Callable[[str], tuple[dict[str, Any], bytes]], errors: Agreement) -> None:
    models, csv = reference("kiser_sim")
    choice = {"baseline_as": "constrained", "df": "kenward-roger-expected"}
    ours = analyse("kiser_sim", csv, mitt=True, model=choice).sets[0].outcomes[0]
    theirs = models["mitt_clda_lmm"]
    assert abs(ours.loglik - theirs["logLik_REML"]) <= 1e-6
    row = next(row for row in theirs["fixed"] if row["name"] == "post_coaching")
    value = ours.contrasts[0].value
    assert value is not None
    errors.hold("contrast", value.estimate, row["estimate"])
    errors.hold("se", value.se, row["kenward_roger"]["se"])
    errors.hold("df", value.df, row["kenward_roger"]["df"])
    first, second = (mean.value for mean in ours.means[:2])
    assert first == second


def test_baseline_as_a_covariate(reference: Callable[[str], tuple[dict[str, Any], bytes]], errors: Agreement) -> None:
    models, csv = reference("kiser_sim")
    ours = analyse("kiser_sim", csv, mitt=True, model={"baseline_as": "covariate"}).sets[0].outcomes[0]
    theirs = {row["name"]: row for row in models["mitt_ancova"]["fixed"]}
    pairs = {"armcoaching": "arm[coaching]", "burnout.baseline": "baseline", "genderman": "gender[man]"}
    found = {one.term: one.value for one in ours.coefficients}
    for name, term in pairs.items():
        errors.hold("contrast", found[term].estimate, theirs[name]["estimate"])
        errors.hold("se", found[term].se, theirs[name]["se"])
        errors.hold("p", found[term].p, theirs[name]["p"])
    assert round(found["arm[coaching]"].df, 9) == models["mitt_ancova"]["residual_df"]
    assert found["arm[coaching]"].estimate == pytest.approx(ours.contrasts[0].value.estimate, rel=1e-12)  # type: ignore[union-attr]
    assert ours.variance.keys() == {"residual"}


def test_sas_flavour(reference: Callable[[str], tuple[dict[str, Any], bytes]], errors: Agreement) -> None:
    """mmrm's linear Kenward-Roger of compound symmetry is the default of this package."""
    models, csv = reference("kiser_sim")
    ours = analyse("kiser_sim", csv, mitt=True, model={}).sets[0].outcomes[0]
    theirs = models["mitt_mmrm_cs"]["Kenward-Roger-Linear"]
    for change, row in zip(ours.changes, theirs["change_from_baseline"], strict=True):
        same(errors, "change", change.value, row, "estimate")
    for contrast, row in zip(ours.contrasts, theirs["difference_in_change"], strict=True):
        same(errors, "contrast", contrast.value, row, "estimate")

"""Covariance structures by the plan: the published form, the post-baseline MMRM, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import InputError, as_json, columns_from, read_csv, run, table3

Make = Callable[..., Any]
DATA = Path(__file__).parents[1] / "data"
KISER: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "sets": [{"name": "mitt", "keep": "mitt == 1"}],
    "outcomes": [{"name": "burnout"}],
}
LEVELS = {
    "covariates": ["gender", "department_of_medicine"],
    "levels": {"gender": ["woman", "man", "prefer_not_to_say"], "department_of_medicine": ["no", "yes"]},
}


def test_unstructured_against_mmrm(plan: Make) -> None:
    theirs = json.loads((DATA / "kiser_sim.json").read_text())["models"]["mitt_mmrm_un"]
    table = plan(**KISER, model=LEVELS | {"covariance": "unstructured"})
    results = run(table, read_csv((DATA / "kiser_sim.csv").read_bytes()))
    ours = results.sets[0].outcomes[0]
    published = as_json(results)["sets"][0]["outcomes"][0]
    assert published["variance"] is None
    for row, other in zip(published["covariance"], theirs["Satterthwaite"]["covariance"]["values"], strict=True):
        assert row == pytest.approx(other, rel=1e-6)
    for change, row in zip(ours.changes, theirs["Kenward-Roger-Linear"]["change_from_baseline"], strict=True):
        assert change.value is not None
        assert (change.value.estimate, change.value.se, change.value.df) == pytest.approx(
            (row["estimate"], row["SE"], row["df"]), rel=1e-5
        )
    assert table3(results).notes[0].startswith("Linear model of repeated measures with an unstructured covariance")


def test_compound_symmetry_publishes_its_two_variances(plan: Make) -> None:
    table = plan(**KISER, model=LEVELS | {"covariance": "compound-symmetry"})
    found = as_json(run(table, read_csv((DATA / "kiser_sim.csv").read_bytes())))["sets"][0]["outcomes"][0]
    assert found["variance"] == pytest.approx({"id": 1.80506, "residual": 0.66525}, rel=1e-4)
    assert found["covariance"] is None


def test_after_baseline_with_the_baseline_as_a_covariate(
    plan: Make, reference: Callable[[str], tuple[dict[str, Any], bytes]]
) -> None:
    """mmrm: bdi ~ bdi_pre * time + treatment * time + drug + length + us(time | subject)."""
    models, csv = reference("btheb")
    theirs = models["mmrm_un_post_baseline_adjusted"]
    table = plan(
        columns={"id": "subject", "arm": "treatment", "wave": "time"},
        arms={"control": "TAU", "intervention": "BtheB"},
        waves={"baseline": "m0", "order": ["m0", "m2", "m3", "m5", "m8"]},
        model={
            "covariates": ["drug", "length"],
            "levels": {"drug": ["No", "Yes"], "length": ["lt6m", "gt6m"]},
            "covariance": "unstructured",
            "baseline_as": "covariate",
            "df": "satterthwaite",
        },
        outcomes=[{"name": "bdi"}],
    )
    ours = run(table, read_csv(csv)).sets[0].outcomes[0]
    assert ours.loglik == pytest.approx(theirs["Satterthwaite"]["logLik_REML"], abs=3e-6)
    found = {one.term: one.value for one in ours.coefficients}
    pairs = {"bdi_pre": "baseline", "treatmentBtheB": "arm[BtheB]", "drugYes": "drug[Yes]", "timem3": "time[m3]"}
    rows = {row["name"]: row for row in theirs["Satterthwaite"]["fixed"]}
    for name, term in pairs.items():
        value = found[term]
        assert value is not None
        row = rows[name]
        assert (value.estimate, value.se, value.df) == pytest.approx((row["estimate"], row["se"], row["df"]), rel=5e-4)


def test_refused(plan: Make) -> None:
    table = {
        "id": list("aabbccdd"),
        "arm": ["c"] * 4 + ["t"] * 4,
        "wave": ["0", "3", "0", "6"] * 2,
        "score": [1, 2, 3, 2, 2, 2.5, 1, 0],
    }
    waves = {"baseline": "0", "order": ["0", "3", "6"]}
    with pytest.raises(InputError, match="score: Nobody was seen at two of the waves"):
        run(plan(waves=waves, model={"covariance": "unstructured"}), columns_from(table))

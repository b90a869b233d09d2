"""The folder with which others repeat the analysis. R itself is run by validation/reproduce/run.py."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from confrere.analysis import plan_from, read_csv, run
from confrere.analysis.plan import Plan
from confrere.analysis.reproduce import primary, reproduction

from .conftest import OURS

DATA = (OURS / "kiser_sim.csv").read_bytes()
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "sets": [{"name": "mitt", "keep": "mitt == 1"}],
    "outcomes": [{"name": "burnout"}],
}
COVARIATES = {"covariates": ["gender"], "levels": {"gender": ["woman", "man", "prefer_not_to_say"]}}


def made(**tables: Any) -> dict[str, str]:
    plan, columns = plan_from(PLAN | tables), read_csv(DATA)
    originals = {"trial.csv": DATA, "plan.toml": b"plan"}
    found = reproduction(plan, columns, run(plan, columns), originals=originals)
    return {name: content.decode() for name, content in found.items()}


def line(script: str, start: str) -> str:
    return next(one for one in script.splitlines() if one.startswith(start))


def test_the_folder_holds_copies_and_hashes_of_everything() -> None:
    files = made(model=COVARIATES)
    assert set(files) == {"given/trial.csv", "given/plan.toml", "rows.csv", "primary.R", "README.md", "SHA256SUMS"}
    assert files["given/trial.csv"].encode() == DATA
    for entry in files["SHA256SUMS"].splitlines():
        digest, name = entry.split("  ")
        assert hashlib.sha256(files[name].encode()).hexdigest() == digest
    assert "`confrere analyze given/trial.csv --plan given/plan.toml --out again`" in files["README.md"]
    assert "- `c1`: gender, `l0` woman, `l1` man, `l2` prefer_not_to_say" in files["README.md"]
    rows = files["rows.csv"].splitlines()
    assert rows[0] == "id,arm,wave,time,value,baseline,c1"
    assert len(rows) == 234


FORMULAS: list[tuple[dict[str, Any], str, str]] = [
    (
        COVARIATES,
        "value ~ arm * wave + c1 + (1 | id)",
        '"(Intercept)", "arma1", "wavew1", "c1l1", "c1l2", "arma1:wavew1"',
    ),
    ({"baseline_as": "constrained"}, "value ~ wave + a1_w1 + (1 | id)", '"(Intercept)", "wavew1", "a1_w1"'),
    ({"baseline_as": "covariate"}, "value ~ arm + baseline", '"(Intercept)", "arma1", "baseline"'),
    (
        {"covariance": "unstructured"},
        "value ~ arm * wave",
        '"(Intercept)", "arma1", "wavew1", "arma1:wavew1"',
    ),
]


@pytest.mark.parametrize(("model", "formula", "terms"), FORMULAS)
def test_the_formula_and_the_names_that_r_gives_its_terms(model: dict[str, Any], formula: str, terms: str) -> None:
    script = made(model=model)["primary.R"]
    assert line(script, "formula") == f"formula <- {formula}"
    assert line(script, "terms") == f"terms <- c({terms})"


def test_linear_time(plan: Callable[..., Plan]) -> None:
    for baseline, formula in (
        ("response", "value ~ arm * time + (1 | id)"),
        ("constrained", "value ~ time + a1_time + (1 | id)"),
    ):
        linear = plan(waves={"baseline": "0"}, model={"time": "linear", "baseline_as": baseline})
        rows = [f"{p},{'c' if p < 4 else 't'},{w},{p % 3 + w * 0.5 + (p * w) % 2}" for p in range(8) for w in (0, 3, 6)]
        columns = read_csv("\n".join(["id,arm,wave,score", *rows]).encode())
        files = reproduction(linear, columns, run(linear, columns), originals={"a": b"", "b": b""})
        script = files["primary.R"].decode()
        assert line(script, "formula") == f"formula <- {formula}"
        assert '"time"' in line(script, "terms")


def test_several_later_waves_with_the_baseline_as_covariate(plan: Callable[..., Plan]) -> None:
    three = plan(waves={"baseline": "0", "order": ["0", "3", "6"]}, model={"baseline_as": "covariate"})
    rows = [f"{p},{'c' if p < 6 else 't'},{w},{(p * 7 + w * p) % 5 + w / 3}" for p in range(12) for w in (0, 3, 6)]
    columns = read_csv("\n".join(["id,arm,wave,score", *rows]).encode())
    found = reproduction(three, columns, run(three, columns), originals={"a": b"", "b": b""})
    script = found["primary.R"].decode()
    assert line(script, "formula") == "formula <- value ~ arm * wave + baseline * wave + (1 | id)"
    assert '"arma1:wavew2", "baseline:wavew2"' in line(script, "terms")


TOLERANCES = [
    ({}, "apart < 1e-4, se_apart < 0.05"),
    ({"df": "kenward-roger-expected"}, "apart < 1e-4, se_apart < 1e-3"),
    ({"se": "cr2"}, "apart < 1e-4, se_apart < Inf"),
    ({"covariance": "unstructured"}, "apart < 1e-3, se_apart < Inf"),
    ({"covariance": "unstructured", "df": "satterthwaite"}, "apart < 1e-3, se_apart < 0.01"),
]


@pytest.mark.parametrize(("model", "stop"), TOLERANCES)
def test_how_closely_r_must_agree(model: dict[str, Any], stop: str) -> None:
    assert stop in line(made(model=model)["primary.R"], "stopifnot")


YES_NO = {"kind": "binary", "name": "fulfilled"}
ONE_ROW = {"baseline_as": "covariate"}
FITS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, YES_NO, "glmer(formula, data = d, family = binomial, nAGQ = 25)"),
    (ONE_ROW, YES_NO, "glm(formula, data = d, family = binomial)"),
    (ONE_ROW, YES_NO | {"separation": "firth"}, "Firth's logistic"),
    (ONE_ROW, {}, "gls(formula, data = d, method = 'REML')"),
    ({"covariance": "toeplitz"}, {}, "corARMA(form = ~ place | id, p = 1),"),
    ({"covariance": "ante-dependence"}, {}, "n <- nrow(d) - TRUE * ncol(X)"),
    ({"covariance": "ante-dependence", "estimation": "ml"}, {}, "n <- nrow(d) - FALSE * ncol(X)"),
    ({"covariance": "unstructured"}, {}, "corSymm(form = ~ place | id), weights = varIdent(form = ~ 1 | wave)"),
]


@pytest.mark.parametrize(("model", "outcome", "call"), FITS)
def test_the_call_of_r(model: dict[str, Any], outcome: dict[str, Any], call: str) -> None:
    files = made(model=model, outcomes=[{"name": "burnout"} | outcome])
    script = files["primary.R"]
    assert call in script
    assert script.startswith("# Repeats the primary model")
    assert ("library(lme4)" in script) == ("glmer" in script)
    assert ("library(nlme)" in script) == ("gls(" in script)
    assert files["rows.csv"].splitlines()[0].endswith(",certain") == (outcome.get("kind") == "binary")


def test_coaches_are_a_random_effect_where_they_act() -> None:
    clustered = {"cluster": {"column": "gender", "arm": "coaching"}}
    files = made(model=clustered)
    assert line(files["primary.R"], "formula") == "formula <- value ~ arm * wave + (1 | id) + (0 + acts | coach)"
    rows = files["rows.csv"].splitlines()
    assert rows[0].endswith("baseline,coach,acts")
    assert rows[1].endswith(",none,0")
    assert any(row.endswith(",k0,1") for row in rows)
    single = made(model=clustered | {"baseline_as": "covariate"})["primary.R"]
    assert line(single, "formula") == "formula <- value ~ arm + baseline + (0 + acts | coach)"


def test_a_model_that_r_cannot_repeat_says_why() -> None:
    files = made(outcomes=[{"name": "fulfilled", "kind": "binary", "separation": "firth"}])
    assert "primary.R" not in files
    assert "no package of R penalizes a logistic model with a random intercept as Firth did." in files["README.md"]


@pytest.mark.parametrize(("separation", "certain"), [("report", 4), ("drop", 0)])
def test_answers_that_the_covariates_decide(separation: str, certain: int) -> None:
    outcome = {"name": "burnout_high", "kind": "binary", "separation": separation}
    files = made(outcomes=[outcome], model=COVARIATES)
    rows = files["rows.csv"].splitlines()
    assert sum(row.endswith(",1") for row in rows[1:]) == certain
    assert len(rows) == 230 + certain
    assert ("d <- droplevels(d[d$certain == 0, ])" in files["primary.R"]) == (certain > 0)
    assert '"c1l1", "arma1:wavew1"' in line(files["primary.R"], "terms")


def test_the_primary_outcome_or_the_first() -> None:
    outcomes = [{"name": "fulfilment"}, {"name": "burnout", "role": "primary"}]
    assert primary(plan_from(PLAN | {"outcomes": outcomes})).name == "burnout"
    assert primary(plan_from(PLAN | {"outcomes": outcomes[:1]})).name == "fulfilment"


def test_a_number_among_the_covariates() -> None:
    files = made(model={"covariates": ["fulfilment"]})
    assert '"c1"' in line(files["primary.R"], "terms")
    assert files["rows.csv"].splitlines()[1].count(".") >= 3

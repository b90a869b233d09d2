"""Reading a plan: TOML to a `Plan`, every key known, every cross-reference checked."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, cast

from confrere.analysis.columns import is_number
from confrere.analysis.errors import InputError, nearest
from confrere.analysis.plan import (
    AnalysisSet,
    Better,
    Clock,
    Cluster,
    DataSpec,
    Model,
    Outcome,
    Plan,
    SensitivityPlan,
    SubgroupPlan,
)
from confrere.analysis.plan_report import read_labels, read_report
from confrere.analysis.reader import Reader
from confrere.analysis.responders import NAMES
from confrere.science.describe import RawTestName
from confrere.science.expression import ExpressionError, compile_expression
from confrere.science.mixed import KINDS, METHODS
from confrere.science.mixed.covariance import STRUCTURES

COVARIANCES = ("random-intercept", *STRUCTURES)
METHODS_OF_SENSITIVITY = ("mi", "tipping", "jump-to-reference", "cace")
TESTS: tuple[RawTestName, ...] = ("welch", "wilcoxon", "fisher")
MODEL_KEYS = (
    "covariates",
    "levels",
    "time",
    "covariance",
    "df",
    "estimation",
    "se",
    "weights",
    "baseline_as",
    "level",
    "multiplicity",
    "cluster",
)
_NAME = re.compile(r"\w[\w-]{0,59}")


def read_plan(text: str, *, file: str = "", absent: Mapping[str, Any] = MappingProxyType({})) -> Plan:
    """The plan in ``text`` (TOML). Raises `InputError` with the line and what was expected.

    ``absent`` holds whole tables for a plan that has none of that name.
    """
    try:
        table = {**absent, **tomllib.loads(text)}
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the plan is not valid TOML: {error}.", file=file) from None
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(_plan(Reader(table, path="", file=file, source=text)), sha256=digest)


def plan_from(table: Mapping[str, Any]) -> Plan:
    """The plan in a nested mapping with the same keys as the TOML file; the hash is of its sorted JSON."""
    digest = hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
    return replace(_plan(Reader(table, path="")), sha256=digest)


def _plan(top: Reader) -> Plan:
    trial = top.table("trial", required=False)
    columns, arms, waves = (top.table(key) for key in ("columns", "arms", "waves"))
    data = _data(top.table("data", required=False))
    model = _model(top.table("model", required=False), Model(), whole=True)
    baseline = waves.text("baseline")
    order = waves.texts("order", ())
    if model.time == "factor" and baseline not in order:
        raise waves.refuse(f'the waves in order must include the baseline "{baseline}".', "order")
    several = arms.has("interventions")
    plan = Plan(
        title=trial.text("title", "Trial"),
        id=columns.text("id"),
        arm=columns.text("arm"),
        wave=columns.text("wave", "wave" if data.layout == "wide" else None),
        control=arms.text("control"),
        interventions=arms.texts("interventions") if several else (arms.text("intervention"),),
        baseline=baseline,
        waves=(baseline, *(wave for wave in order if wave != baseline)) if order else (),
        sets=_sets(top),
        outcomes=_outcomes(top, model),
        data=data,
        subgroups=_subgroups(top),
        sensitivity=_sensitivity(top),
        untreated_until=waves.text("untreated_until") if waves.has("untreated_until") else None,
        clock=cast("Clock", waves.choice("clock", ("randomization", "first-session"), "randomization")),
        labels=read_labels(top.table("labels", required=False)),
    )
    plan = replace(plan, report=read_report(top.table("report", required=False), plan))
    top.has("design")  # what is planned, for `confrere power`
    if not plan.interventions or len(set(plan.arms)) < len(plan.arms):
        raise arms.refuse("a control and at least one other arm are needed.", "control")
    if plan.untreated_until is not None and plan.waves and plan.untreated_until not in plan.waves:
        raise waves.refuse(
            f'"{plan.untreated_until}" is no wave. {nearest(plan.untreated_until, plan.waves)}', "untreated_until"
        )
    if plan.untreated_until is not None and not plan.waves and not is_number(plan.untreated_until):
        raise waves.refuse("where time is linear, a number of the wave column is expected.", "untreated_until")
    for asked in plan.sensitivity:
        known = {"outcomes": [one.name for one in plan.outcomes], "sets": [one.name for one in plan.sets]}
        for key, named in (("outcomes", asked.outcomes), ("sets", asked.sets)):
            for name in named:
                if name not in known[key]:
                    raise top.refuse(f'"{name}" is none of the {key}. {nearest(name, known[key])}', "sensitivity")
    for outcome in plan.outcomes:
        cluster = outcome.model.cluster
        if cluster is not None and cluster.arm not in plan.arms:
            raise top.refuse(f'"{cluster.arm}" is no arm. {nearest(cluster.arm, plan.arms)}', "cluster")
    for reader in (trial, columns, arms, waves, top):
        reader.finish()
    return plan


def _data(reader: Reader) -> DataSpec:
    layout = reader.choice("layout", ("long", "wide"), "long")
    wide = {name: reader.texts_by_text("wide", inner) for name, inner in reader.mapping("wide").items()}
    if (layout == "wide") != bool(wide):
        raise reader.refuse('a wide file needs layout = "wide" and the columns of each wave in [data.wide].', "layout")
    codes = {name: reader.texts_by_text("codes", inner) for name, inner in reader.mapping("codes").items()}
    spec = DataSpec(
        layout=cast("Literal['long', 'wide']", layout),
        wide=wide,
        carry=reader.texts("carry", ()),
        codes=codes,
        missing=reader.texts("missing", DataSpec().missing),
        score=reader.texts_by_text("score", reader.mapping("score")),
    )
    reader.finish()
    return spec


def _model(reader: Reader, base: Model, *, whole: bool) -> Model:
    """``base`` with what this table sets; ``whole`` is False where other keys may stand beside them."""
    covariance = reader.choice("covariance", COVARIANCES, base.covariance)
    cluster = _cluster(reader, base)
    level = reader.number("level", base.level)
    if level is None or not 0.5 <= level < 1:
        raise reader.refuse("a confidence level between 0.5 and 1 is expected, such as 0.95.", "level")
    estimation = reader.choice("estimation", ("reml", "ml"), base.estimation)
    default_df = "satterthwaite" if estimation == "ml" and not reader.has("df") else base.df
    model = Model(
        covariates=reader.texts("covariates", base.covariates),
        levels=_levels(reader, base),
        time=cast("Any", reader.choice("time", ("factor", "linear"), base.time)),
        covariance=covariance,
        df=cast("Any", reader.choice("df", METHODS, default_df)),
        estimation=cast("Any", estimation),
        se=cast("Any", reader.choice("se", ("model", *KINDS), base.se)),
        weights=cast(
            "Any", reader.choice("weights", ("observed-participants", "observed-rows", "equal"), base.weights)
        ),
        baseline_as=cast(
            "Any", reader.choice("baseline_as", ("response", "constrained", "covariate"), base.baseline_as)
        ),
        level=level,
        multiplicity=cast("Any", reader.choice("multiplicity", ("none", "holm", "hochberg"), base.multiplicity)),
        cluster=cluster,
    )
    if estimation == "ml" and model.df.startswith("kenward-roger"):
        raise reader.refuse('Kenward-Roger is defined for REML; use df = "satterthwaite" with ml.', "df")
    if model.cluster is not None:
        _check_cluster(reader, model)
    if whole:
        reader.finish()
    return model


def _cluster(reader: Reader, base: Model) -> Cluster | None:
    if not reader.has("cluster"):
        return base.cluster
    inner = reader.table("cluster")
    rows = inner.choice("rows", ("all", "after-baseline"), "all")
    found = Cluster(inner.text("column"), inner.text("arm"), cast("Any", rows))
    inner.finish()
    return found


def _check_cluster(reader: Reader, model: Model) -> None:
    """Coaches are random effects beside the participants' intercepts, and df by counting are not defined for them."""
    if model.covariance != "random-intercept":
        raise reader.refuse('coaches need covariance = "random-intercept".', "cluster")
    if model.se != "model":
        raise reader.refuse('coaches need se = "model".', "cluster")
    if model.df in {"containment", "between-within", "residual"}:
        raise reader.refuse(
            f'with coaches df = "{model.df}" is not defined; use "kenward-roger" or "satterthwaite".', "df"
        )


def _levels(reader: Reader, base: Model) -> Mapping[str, tuple[str, ...]]:
    given = reader.mapping("levels")
    inner = Reader(given, path="model.levels")
    return dict(base.levels) | {name: inner.texts(name) for name in given}


def _sets(top: Reader) -> tuple[AnalysisSet, ...]:
    sets = []
    for reader in top.tables("sets"):
        name, keep = _name(reader), reader.text("keep")
        sets.append(AnalysisSet(name, keep, reader.text("assumption", ""), reader.text("title", "")))
        reader.finish()
    if len({one.name for one in sets}) < len(sets):
        raise top.refuse("two analysis sets have the same name.", "sets")
    return tuple(sets) or (AnalysisSet("all", None),)


def _subgroups(top: Reader) -> tuple[SubgroupPlan, ...]:
    found = []
    for reader in top.tables("subgroups"):
        cut = reader.numbers("cut") if reader.has("cut") else ()
        if list(cut) != sorted(set(cut)):
            raise reader.refuse("rising numbers are expected here.", "cut")
        found.append(SubgroupPlan(reader.text("column"), reader.texts("levels", ()), cut))
        reader.finish()
    return tuple(found)


def _sensitivity(top: Reader) -> tuple[SensitivityPlan, ...]:
    found = []
    usual = SensitivityPlan("mi")
    for reader in top.tables("sensitivity"):
        method = reader.choice("method", METHODS_OF_SENSITIVITY, "")
        count, seed = (_whole(reader, key, usual_) for key, usual_ in (("imputations", 50), ("seed", 1)))
        if count < 2:
            raise reader.refuse("2 imputations at least are needed.", "imputations")
        found.append(
            SensitivityPlan(
                method=cast("Any", method),
                outcomes=reader.texts("outcomes", ()),
                sets=reader.texts("sets", ()),
                imputations=count,
                seed=seed,
                covariates=reader.texts("covariates") if reader.has("covariates") else None,
                deltas=reader.numbers("deltas") if reader.has("deltas") else (),
                control_deltas=reader.numbers("control_deltas")
                if reader.has("control_deltas")
                else usual.control_deltas,
                received=reader.text("received") if method == "cace" else "",
            )
        )
        reader.finish()
    return tuple(found)


def _whole(reader: Reader, key: str, default: int) -> int:
    value = reader.number(key, default)
    if value is None or value != int(value) or not 0 <= value < 2**32:
        raise reader.refuse("a whole number is expected here.", key)
    return int(value)


def _name(reader: Reader) -> str:
    """A name that can stand in a file name."""
    name = reader.text("name")
    if not _NAME.fullmatch(name):
        raise reader.refuse("a name of letters, digits, _ and - is expected, at most 60 of them.", "name")
    return name


def _outcomes(top: Reader, model: Model) -> tuple[Outcome, ...]:
    outcomes = tuple(_outcome(reader, model) for reader in top.tables("outcomes"))
    if not outcomes:
        raise top.refuse("the plan names no outcome; add [[outcomes]] with a name and a column.")
    if len({outcome.name for outcome in outcomes}) < len(outcomes):
        raise top.refuse("two outcomes have the same name.", "outcomes")
    if len({outcome.model.time for outcome in outcomes}) > 1:
        raise top.refuse('"time" must be the same for all outcomes.', "time")
    return outcomes


def _outcome(reader: Reader, model: Model) -> Outcome:
    kind = reader.choice("kind", ("continuous", "binary"), "continuous")
    separation = reader.choice("separation", ("report", "drop", "firth"), "report")
    name = _name(reader)
    better = reader.choice("better", ("lower", "higher", ""), "")
    sd, mcid = reader.number("sd"), reader.number("mcid")
    if (sd is not None and sd <= 0) or (mcid is not None and mcid <= 0):
        raise reader.refuse("a number above zero is expected.", "sd" if sd is not None and sd <= 0 else "mcid")
    tests = reader.texts("tests", ())
    for test in tests:
        if test not in TESTS:
            raise reader.refuse(f'there is no test "{test}". {nearest(test, TESTS)}', "tests")
    own = _model(reader, model, whole=False)
    if kind == "binary" and own.covariance != "random-intercept":
        raise reader.refuse(
            'a binary outcome has covariance = "random-intercept"; set it under the outcome.', "covariance"
        )
    outcome = Outcome(
        name=name,
        kind=cast("Any", kind),
        separation=cast("Any", separation),
        column=reader.text("column", name),
        model=own,
        role=cast("Any", reader.choice("role", ("primary", "secondary"), "secondary")),
        better=cast("Better", better) if better else None,
        mcid=mcid,
        sd=sd,
        responder=_rule(reader),
        tests=cast("tuple[RawTestName, ...]", tests),
        title=reader.text("title", ""),
    )
    reader.finish()
    return outcome


def _rule(reader: Reader) -> str | None:
    """An expression about one participant's change."""
    if not reader.has("responder"):
        return None
    text = reader.text("responder")
    try:
        compile_expression(text, names=NAMES)
    except ExpressionError as error:
        raise reader.refuse(f"{error}", "responder") from None
    return text

"""Table 3 of a trial's paper: what the models say about changes and differences in change."""

from math import isfinite

from confrere.analysis.names import arm_words, column_words, heading, outcome_words, wave_words
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.results import Change, Contrast, OutcomeResult, Results, SetResult
from confrere.analysis.tables import arm_columns, arm_order, set_title
from confrere.analysis.words import NOT_RANDOMIZED
from confrere.science.mixed import Estimate
from confrere.science.tables import Cell, Column, Empty, Interval, Number, PValue, Row, Table

BASELINES = {
    "response": "the baseline being one of the answers",
    "constrained": "with one baseline mean for all arms",
    "covariate": "with the baseline as a covariate",
}
DF_NAMES = {
    "kenward-roger": "Kenward-Roger (observed information, as SAS)",
    "kenward-roger-expected": "Kenward-Roger (expected information, as pbkrtest)",
    "satterthwaite": "Satterthwaite",
    "containment": "containment",
    "between-within": "between-within",
    "residual": "residual",
}
RELATIVE = "The model-based change of the group over its own baseline mean."
PERCENTAGE_POINTS = "In percentage points of the proportions that the model gives for the groups."


def table3(results: Results, *, chosen: int = 0) -> Table:
    """Changes from the baseline by arm and the differences in change, of one analysis set.

    One row per outcome and later wave; several waves or interventions make further rows, each with its name.
    """
    one, plan = results.sets[chosen], results.plan
    later = results.waves[1:]
    several = len(later) > 1
    rows: list[Row] = []
    for outcome in one.outcomes:
        name = heading(outcome_words(outcome.outcome))
        points = _row_notes(plan, outcome.outcome)
        if several:
            rows.append(Row(name, footnotes=points))
        for wave in later:
            cells = _change_cells(results, outcome, wave)
            notes = (*(() if several else points), *_crossed(plan, outcome, wave))
            label = heading(wave_words(plan, wave)) if several else name
            rows.append(Row(label, cells, indent=int(several), footnotes=notes))
    first, last = wave_words(plan, results.waves[0]), wave_words(plan, later[0])
    title = f"Table 3. Changes from {first}{'' if several else f' to {last}'}, {set_title(results, chosen)}"
    return Table("table3", title, "Outcome", _columns(results, one), tuple(rows), _notes(plan, one))


def _row_notes(plan: Plan, outcome: Outcome) -> tuple[str, ...]:
    """What sets an outcome apart from the heads of the columns: its unit, its confidence level."""
    points = (PERCENTAGE_POINTS,) if outcome.kind == "binary" else ()
    if outcome.model.level == plan.outcomes[0].model.level:
        return points
    return (*points, f"Intervals of this outcome are {100 * outcome.model.level:g}% CIs.")


def describe_model(plan: Plan, outcome: Outcome) -> str:
    """One sentence on how an outcome was modelled."""
    model = outcome.model
    adjusted = " and ".join(column_words(plan, name) for name in model.covariates) or "nothing else"
    if outcome.kind == "binary":
        return (
            "Logistic mixed model with a random participant intercept (maximum likelihood), "
            f"{BASELINES[model.baseline_as]}, adjusted for {adjusted}; changes are in percentage points of marginal "
            "proportions, intervals by the delta method."
        )
    coaches = ""
    if model.cluster is not None:
        coaches = f" and one of the {column_words(plan, model.cluster.column)} in {arm_words(plan, model.cluster.arm)}"
    counting = model.df in {"containment", "between-within", "residual"}
    df = DF_NAMES[model.df] if model.se == "model" or counting else "Satterthwaite's for the empirical covariance"
    se = "" if model.se == "model" else f"standard errors: empirical ({model.se.upper()}); "
    return (
        f"{_covariance_words(model.covariance)}{coaches} ({model.estimation.upper()}), "
        f"{BASELINES[model.baseline_as]}, adjusted for {adjusted}; {se}degrees of freedom: {df}."
    )


def _columns(results: Results, one: SetResult) -> tuple[Column, ...]:
    plan = results.plan
    level = f"{100 * plan.outcomes[0].model.level:g}% CI"
    columns: list[Column] = []
    for head in arm_columns(results, one):
        columns += [Column(f"Change ({level})", head.title), Column("Relative change, %", head.title, (RELATIVE,))]
    for arm in plan.arms[1:]:
        group = f"{heading(arm_words(plan, arm))} minus {arm_words(plan, plan.control)}"
        columns += [Column(f"Difference ({level})", group), Column("P value", group, _p_notes(one))]
    return tuple(columns)


def _change_cells(results: Results, outcome: OutcomeResult, wave: str) -> tuple[Cell, ...]:
    arms = results.plan.arms
    changes = {one.arm: one for one in outcome.changes if one.wave == wave}
    contrasts = {one.arm: one for one in outcome.contrasts if one.wave == wave}
    binary = outcome.outcome.kind == "binary"
    cells: list[Cell] = []
    for a in arm_order(len(arms)):
        change = changes[arms[a]]
        cells += [_interval(change.value, binary=binary), _percent(change)]
    for arm in arms[1:]:
        contrast = contrasts[arm]
        cells += [_interval(contrast.value, binary=binary), _p(contrast)]
    return tuple(cells)


def _interval(value: Estimate | None, *, binary: bool) -> Cell:
    """Scores in points of the scale, proportions in percentage points."""
    if value is None:
        return Empty("The data cannot tell.")
    if binary:
        return Interval(100 * value.estimate, 100 * value.lower, 100 * value.upper, 1)
    return Interval(value.estimate, value.lower, value.upper)


def _percent(change: Change) -> Cell:
    if change.percent is None or not isfinite(change.percent):
        return Empty("There is no baseline to compare with.")
    return Number(change.percent, 1)


def _p(contrast: Contrast) -> Cell:
    return Empty("The data cannot tell.") if contrast.value is None else PValue(contrast.value.p)


def _crossed(plan: Plan, outcome: OutcomeResult, wave: str) -> tuple[str, ...]:
    """The caveat of waves after the control arm began, where the sentence on the difference has it."""
    if plan.untreated_until is None or not any(
        NOT_RANDOMIZED in one.label for one in outcome.contrasts if one.wave == wave
    ):
        return ()
    return (f"After {wave_words(plan, plan.untreated_until)} this is {NOT_RANDOMIZED}.",)


def _p_notes(one: SetResult) -> tuple[str, ...]:
    rules = sorted({found.outcome.model.multiplicity for found in one.outcomes} - {"none"})
    adjusted = (
        f"; adjusted after {' and '.join(rule.capitalize() for rule in rules)} in the results file" if rules else ""
    )
    return (f"P values are two-sided and not adjusted for multiple outcomes{adjusted}.",)


def _notes(plan: Plan, one: SetResult) -> tuple[str, ...]:
    signs = "Negative changes are falls. A negative difference: the change was lower with the first-named group."
    return (*model_notes(plan, tuple(found.outcome for found in one.outcomes)), signs)


def model_notes(plan: Plan, outcomes: tuple[Outcome, ...]) -> tuple[str, ...]:
    """How the outcomes were modelled: once for all that share a model, else with their names."""
    models: dict[str, list[str]] = {}
    for outcome in outcomes:
        models.setdefault(describe_model(plan, outcome), []).append(heading(outcome_words(outcome)))
    if len(models) == 1:
        return tuple(models)
    return tuple(f"{', '.join(names)}: {text[0].lower()}{text[1:]}" for text, names in models.items())


def _covariance_words(covariance: str) -> str:
    if covariance == "random-intercept":
        return "Linear mixed model with a random participant effect"
    article = "an" if covariance[0] in "au" else "a"
    return f"Linear model of repeated measures with {article} {covariance} covariance"

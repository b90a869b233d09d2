"""Tables 1 to 3 of a trial's paper, from the results, as cells."""

from collections.abc import Sequence
from math import isfinite

from confrere.analysis.plan import Outcome
from confrere.analysis.results import (
    Change,
    Characteristic,
    Contrast,
    OutcomeResult,
    Results,
    SetResult,
)
from confrere.analysis.words import NOT_RANDOMIZED, heading, plain
from confrere.science.describe import Summary
from confrere.science.mixed import Estimate
from confrere.science.tables import Cell, Column, Count, Empty, Interval, Number, PValue, Row, Spread, Table, Words

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


def table1(results: Results, *, chosen: int = 0) -> Table:
    """Baseline characteristics by arm of one analysis set."""
    one = results.sets[chosen]
    arms = _arm_columns(results, one)
    rows: list[Row] = []
    for characteristic in one.characteristics:
        rows += _characteristic_rows(characteristic, one.n_by_arm)
    notes = ("Counts with percentages of those who answered; numbers as mean (SD).",)
    title = f"Table 1. Baseline characteristics, {plain(one.name)}"
    return Table("table1", title, "Characteristic", arms, tuple(rows), notes)


def table2(results: Results, *, chosen: int = 0) -> Table:
    """Baseline scores by arm of one analysis set: mean (SD) and how many answered."""
    one = results.sets[chosen]
    rows = []
    for outcome in one.outcomes:
        first = [found for found in outcome.descriptions if found.wave == results.waves[0]]
        binary = outcome.outcome.kind == "binary"
        cells = _arranged([_share(found.values) if binary else _spread(found.values) for found in first])
        rows.append(Row(heading(outcome.outcome.name), cells))
    notes = ("Mean (SD) of those who answered; for yes/no outcomes the count (%).",)
    title = f"Table 2. Baseline scores, {plain(one.name)}"
    return Table("table2", title, "Outcome", _arm_columns(results, one), tuple(rows), notes)


def table3(results: Results, *, chosen: int = 0) -> Table:
    """Changes from the baseline by arm and the differences in change, of one analysis set.

    One row per outcome and later wave; several waves or interventions make further rows, each with its name.
    """
    one, plan = results.sets[chosen], results.plan
    later = results.waves[1:]
    several = len(later) > 1
    columns = [
        Column(title, _head(plain(arm), one.n_by_arm[a]))
        for a, arm in ((a, plan.arms[a]) for a in _order(len(plan.arms)))
        for title in (f"Change ({_level(results)})", "Relative change, %")
    ]
    for arm in plan.arms[1:]:
        group = f"{heading(arm)} against {plain(plan.control)}"
        columns += [Column(f"Difference ({_level(results)})", group), Column("P value", group)]
    rows: list[Row] = []
    for outcome in one.outcomes:
        name = heading(outcome.outcome.name)
        if several:
            rows.append(Row(name))
        for wave in later:
            cells = _change_cells(results, outcome, wave)
            rows.append(Row(plain(wave) if several else name, cells, indent=int(several)))
    title = f"Table 3. Changes from {plain(results.waves[0])}, {plain(one.name)}"
    if not several:
        title = f"Table 3. Changes from {plain(results.waves[0])} to {plain(later[0])}, {plain(one.name)}"
    return Table("table3", title, "Outcome", tuple(columns), tuple(rows), _notes3(results, one))


def _order(arms: int) -> list[int]:
    """Interventions first and the control last, as papers print them."""
    return [*range(1, arms), 0]


def _change_cells(results: Results, outcome: OutcomeResult, wave: str) -> tuple[Cell, ...]:
    arms = results.plan.arms
    changes = {one.arm: one for one in outcome.changes if one.wave == wave}
    contrasts = {one.arm: one for one in outcome.contrasts if one.wave == wave}
    binary = outcome.outcome.kind == "binary"
    cells: list[Cell] = []
    for a in _order(len(arms)):
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
        return Interval(100 * value.estimate, 100 * value.lower, 100 * value.upper, 1, "%")
    return Interval(value.estimate, value.lower, value.upper)


def _percent(change: Change) -> Cell:
    if change.percent is None or not isfinite(change.percent):
        return Empty("There is no baseline to compare with.")
    return Number(change.percent, 1)


def _p(contrast: Contrast) -> Cell:
    return Empty("The data cannot tell.") if contrast.value is None else PValue(contrast.value.p)


def _notes3(results: Results, one: SetResult) -> tuple[str, ...]:
    plan = results.plan
    models: dict[str, list[str]] = {}
    for found in one.outcomes:
        models.setdefault(describe_model(found.outcome), []).append(heading(found.outcome.name))
    notes = [
        text if len(models) == 1 else f"{', '.join(names)}: {text[0].lower()}{text[1:]}"
        for text, names in models.items()
    ]
    notes.append("Relative change: the model-based change of the arm over its own baseline mean.")
    rules = sorted({found.outcome.model.multiplicity for found in one.outcomes} - {"none"})
    adjusted = (
        f"; adjusted after {' and '.join(rule.capitalize() for rule in rules)} in the results file" if rules else ""
    )
    notes.append(f"P values are two-sided and not adjusted for multiple outcomes{adjusted}.")
    if plan.untreated_until is not None and plan.untreated_until != results.waves[-1]:
        notes.append(f"After {plain(plan.untreated_until)} this is {NOT_RANDOMIZED}.")
    return tuple(notes)


def describe_model(outcome: Outcome) -> str:
    """One sentence on how an outcome was modelled."""
    model = outcome.model
    adjusted = ", ".join(plain(name) for name in model.covariates) or "nothing else"
    if outcome.kind == "binary":
        return (
            "Logistic mixed model with a random participant intercept (maximum likelihood), "
            f"{BASELINES[model.baseline_as]}, adjusted for {adjusted}; changes are in percentage points of marginal "
            "proportions, intervals by the delta method."
        )
    coaches = "" if model.cluster is None else f" and one of the {plain(model.cluster.column)} in {model.cluster.arm}"
    counting = model.df in {"containment", "between-within", "residual"}
    df = DF_NAMES[model.df] if model.se == "model" or counting else "Satterthwaite's for the empirical covariance"
    se = "" if model.se == "model" else f"standard errors: empirical ({model.se.upper()}); "
    return (
        f"{_covariance_words(model.covariance)}{coaches} ({model.estimation.upper()}), "
        f"{BASELINES[model.baseline_as]}, adjusted for {adjusted}; {se}degrees of freedom: {df}."
    )


def _covariance_words(covariance: str) -> str:
    if covariance == "random-intercept":
        return "Linear mixed model with a random participant effect"
    article = "an" if covariance[0] in "au" else "a"
    return f"Linear model of repeated measures with {article} {covariance} covariance"


def _characteristic_rows(one: Characteristic, totals: tuple[int, ...]) -> list[Row]:
    name = heading(one.name)
    if one.summaries:
        rows = [Row(name, _arranged([_spread(summary) for summary in one.summaries]))]
    else:
        answered = [n - lost for n, lost in zip(totals, one.missing, strict=True)]
        rows = [Row(name)]
        for level in one.levels:
            counts = [Count(n, total) for n, total in zip(level.counts, answered, strict=True)]
            rows.append(Row(plain(level.name), _arranged(counts), indent=1))
    if any(one.missing):
        rows.append(Row("No answer", _arranged([Words(str(lost)) for lost in one.missing]), indent=1))
    return rows


def _arranged(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """One cell per arm of the plan (control first), in the order in which the arms are printed."""
    return tuple(cells[a] for a in _order(len(cells)))


def _spread(summary: Summary) -> Cell:
    return Spread(summary.mean, summary.sd) if summary.n else Empty("No values.")


def _share(summary: Summary) -> Cell:
    return Count(round(summary.mean * summary.n), summary.n) if summary.n else Empty("No values.")


def _arm_columns(results: Results, one: SetResult) -> tuple[Column, ...]:
    return tuple(Column(_head(plain(results.plan.arms[a]), one.n_by_arm[a])) for a in _order(len(results.plan.arms)))


def _head(arm: str, n: int) -> str:
    return f"{heading(arm)} (n = {n})"


def _level(results: Results) -> str:
    return f"{100 * results.plan.outcomes[0].model.level:g}% CI"

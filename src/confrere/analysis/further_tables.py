"""Tables of what stands beside the models: other assumptions, subgroups, responders, durability; each only if asked."""

from collections.abc import Iterator
from math import isfinite

from confrere.analysis.findings import Responders, Share, Subgroup
from confrere.analysis.names import (
    arm_words,
    column_words,
    heading,
    level_words,
    outcome_words,
    rule_words,
    wave_words,
)
from confrere.analysis.plan import Plan
from confrere.analysis.results import OutcomeResult, Results, SetResult
from confrere.analysis.tables import set_title
from confrere.science.mixed import Estimate
from confrere.science.risk_difference import RiskDifference
from confrere.science.tables import Cell, Column, Count, Empty, Interval, PValue, Row, Table, Words

METHODS = {
    "mi": "Multiple imputation",
    "jump-to-reference": "Jump to reference",
    "tipping": "Imputed, no shift",
    "cace": "Among those who begin",
}
_UNKNOWN = "The data cannot tell."
_POINTS = "In percentage points."


def further_tables(results: Results, *, chosen: int = 0) -> tuple[Table, ...]:
    """Those that one analysis set has something for."""
    one = results.sets[chosen]
    made = (_sensitivity, _subgroups, _responders, _durability)
    return tuple(table for make in made if (table := make(results, one, set_title(results, chosen))).rows)


def _sensitivity(results: Results, one: SetResult, title: str) -> Table:
    plan = results.plan
    rows: list[Row] = []
    notes: list[str] = []
    for outcome in (found for found in one.outcomes if found.sensitivity):
        name = heading(outcome_words(outcome.outcome))
        rows.append(Row(name, footnotes=_points(outcome)))
        for contrast in outcome.contrasts:
            at = heading(_place(plan, contrast.arm, contrast.wave))
            rows.append(Row(f"{at}, as planned", _estimate(outcome, contrast.value), indent=1))
            for analysis in outcome.sensitivity:
                for found in analysis.contrasts:
                    if (found.arm, found.wave) == (contrast.arm, contrast.wave):
                        words = METHODS[analysis.method]
                        words += f", {found.scenario}" if analysis.method == "cace" else ""
                        cells = _estimate(outcome, found.value)
                        rows.append(Row(words, cells, indent=2, footnotes=(analysis.assumption,)))
        for analysis in outcome.sensitivity:
            notes += [tip.label for tip in analysis.tips] + [bounds.label for bounds in analysis.bounds]
            notes += [f"{name}, {METHODS[analysis.method].lower()}: {heading(line)}" for line in analysis.warnings]
    columns = (Column(f"Difference in change ({_level(plan)})"), Column("P value"))
    heads = f"Further table. Differences in change under other assumptions, {title}"
    return Table("sensitivity", heads, "Analysis", columns, tuple(rows), tuple(notes))


def _subgroups(results: Results, one: SetResult, title: str) -> Table:
    plan = results.plan
    rows: list[Row] = []
    notes = ["Exploratory: the trial was not sized for these comparisons, and their P values are not adjusted."]
    for outcome in (found for found in one.outcomes if found.subgroups):
        rows.append(Row(heading(outcome_words(outcome.outcome)), footnotes=_points(outcome)))
        for subgroup in outcome.subgroups:
            rows += _subgroup_rows(plan, outcome, subgroup)
            notes += [f"{heading(outcome_words(outcome.outcome))}: {line}" for line in subgroup.warnings]
    columns = (
        Column("No."),
        Column("No. of controls"),
        Column(f"Difference in change ({_level(plan)})"),
        Column("P for interaction"),
    )
    heads = f"Further table. Differences in change by subgroup, {title}"
    return Table("subgroups", heads, "Subgroup", columns, tuple(rows), tuple(dict.fromkeys(notes)))


def _subgroup_rows(plan: Plan, outcome: OutcomeResult, subgroup: Subgroup) -> Iterator[Row]:
    tests = {one.wave: one.test for one in subgroup.interactions}
    for arm, wave in dict.fromkeys((one.arm, one.wave) for one in subgroup.effects):
        words = f"{heading(column_words(plan, subgroup.column))}, {_place(plan, arm, wave)}"
        test = tests[wave]
        p: Cell = Empty(_UNKNOWN) if test is None else PValue(test.p)
        yield Row(words, (Words(""), Words(""), Words(""), p), indent=1)
        for one in subgroup.effects:
            if (one.arm, one.wave) == (arm, wave):
                cells = (Words(str(one.n)), Words(str(one.n_control)), _estimate(outcome, one.value)[0], Words(""))
                yield Row(level_words(plan, subgroup.column, one.level), cells, indent=2)


def _responders(results: Results, one: SetResult, title: str) -> Table:
    plan = results.plan
    rows: list[Row] = []
    for outcome in (found for found in one.outcomes if found.responders):
        rows.append(Row(heading(outcome_words(outcome.outcome))))
        for rule in outcome.responders:
            rows += _responder_rows(plan, rule)
    columns = (
        Column("No./total (%)"),
        Column("Control, No./total (%)"),
        Column(f"Difference, % ({_level(plan)})", footnotes=("Newcombe's interval.",)),
        Column("P value", footnotes=("Fisher's exact test.",)),
        Column(
            f"Adjusted difference, % ({_level(plan)})",
            footnotes=("For the baseline value and the covariates, from a logistic regression.",),
        ),
    )
    notes = ("Of those who answered both times.",)
    heads = f"Further table. Participants who responded, {title}"
    return Table("responders", heads, "Rule", columns, tuple(rows), notes)


def _responder_rows(plan: Plan, rule: Responders) -> Iterator[Row]:
    shares = {(share.arm, share.wave): share for share in rule.shares}
    for one in rule.contrasts:
        cells = (
            _count(shares[one.arm, one.wave]),
            _count(shares[plan.control, one.wave]),
            _percentage(one.difference),
            Empty(_UNKNOWN) if one.fisher_p is None else PValue(min(one.fisher_p, 1.0)),
            _percentage(one.adjusted),
        )
        yield Row(f"{heading(rule_words(rule.rule))}, {_place(plan, one.arm, one.wave)}", cells, indent=1)


def _durability(results: Results, one: SetResult, title: str) -> Table:
    plan = results.plan
    rows: list[Row] = []
    notes: list[str] = []
    for outcome in (found for found in one.outcomes if found.attenuations):
        rows.append(Row(heading(outcome_words(outcome.outcome))))
        for part in outcome.attenuations:
            cell: Cell = Empty("The first difference is not clearly away from zero.")
            if part.ratio is not None and part.interval is not None:
                low, high = part.interval
                cell = Interval(100 * part.ratio, 100 * low, 100 * high, 1, "%")
            rows.append(Row(heading(_place(plan, part.arm, part.wave)), (cell,), indent=1))
        notes += [part.label for part in outcome.before_after]
    since = wave_words(plan, results.waves[1])
    columns = (Column(f"Of the difference at {since} ({_level(plan)})", footnotes=("Fieller's interval.",)),)
    heads = f"Further table. How much of a difference is left later, {title}"
    return Table("durability", heads, "Outcome", columns, tuple(rows), tuple(notes))


def _place(plan: Plan, arm: str, wave: str) -> str:
    return f"{arm_words(plan, arm)} at {wave_words(plan, wave)}"


def _points(outcome: OutcomeResult) -> tuple[str, ...]:
    return (_POINTS,) if outcome.outcome.kind == "binary" else ()


def _estimate(outcome: OutcomeResult, value: Estimate | None) -> tuple[Cell, Cell]:
    """In points of the scale, or in percentage points; with its P value."""
    if value is None:
        return Empty(_UNKNOWN), Empty(_UNKNOWN)
    p: Cell = PValue(value.p) if isfinite(value.p) else Empty("Nothing varies that it could be tested against.")
    if outcome.outcome.kind == "binary":
        return _percentage(value), p
    return Interval(value.estimate, value.lower, value.upper), p


def _percentage(value: Estimate | RiskDifference | None) -> Cell:
    if value is None:
        return Empty(_UNKNOWN)
    return Interval(100 * value.estimate, 100 * value.lower, 100 * value.upper, 1)


def _count(share: Share) -> Cell:
    return Count(share.count, share.n, of_total=True) if share.n else Empty("Nobody answered both times.")


def _level(plan: Plan) -> str:
    return f"{100 * plan.outcomes[0].model.level:g}% CI"

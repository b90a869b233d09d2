"""Tables 1, 2 and 4 of a trial's paper, from the results, as cells. Table 3 has its own module."""

from collections.abc import Sequence

from confrere.analysis.names import arm_words, column_words, heading, level_words, outcome_words, set_words, wave_words
from confrere.analysis.results import Characteristic, OutcomeResult, Results, SetResult
from confrere.science.describe import Summary
from confrere.science.tables import Cell, Column, Count, Empty, Row, Spread, Table, Words

_ANSWERED = "Percentages are of those who answered."


def table1(results: Results, *, chosen: int = 0) -> Table:
    """Baseline characteristics by arm of one analysis set; never a P value, as differences are chance."""
    one = results.sets[chosen]
    rows: list[Row] = []
    for characteristic in one.characteristics:
        rows += _characteristic_rows(results, characteristic, one.n_by_arm)
    title = f"Table 1. Baseline characteristics, {set_title(results, chosen)}"
    return Table("table1", title, "Characteristic", arm_columns(results, one), tuple(rows))


def table2(results: Results, *, chosen: int = 0) -> Table:
    """What was answered, before any model: mean (SD) or count (%) at every wave, and the raw changes."""
    one = results.sets[chosen]
    columns = [
        Column(title, column.title)
        for column in arm_columns(results, one)
        for title in ("Answered", "Mean (SD) or No. (%)")
    ]
    rows: list[Row] = []
    for outcome in one.outcomes:
        rows += _described_rows(results, outcome)
    notes = ("Raw values of those who answered; changes are of those who answered both times.",)
    title = f"Table 2. Scores as they were answered, {set_title(results, chosen)}"
    return Table("table2", title, "Outcome", tuple(columns), tuple(rows), notes)


def table4(results: Results) -> Table:
    """Yes/no answers about the coaching at one wave (themes, fidelity, satisfaction), of those who answered."""
    asked = results.plan.report.answers
    arms = list(dict.fromkeys(one.arm for one in results.answers))
    names = list(dict.fromkeys(one.column for one in results.answers))
    known = {(one.arm, one.column): one for one in results.answers}
    columns = tuple(Column(f"{heading(arm_words(results.plan, arm))}, No./total (%)") for arm in arms)
    rows = []
    for name in names:
        found = [known[arm, name] for arm in arms]
        cells: list[Cell] = [
            Count(one.count, one.total, of_total=True) if one.total else Empty("Nobody answered.") for one in found
        ]
        rows.append(Row(heading(column_words(results.plan, name)), tuple(cells)))
    wave = wave_words(results.plan, asked.wave) if asked else ""
    return Table("table4", f"Table 4. Answers about the coaching at {wave}", "Answer", columns, tuple(rows))


def arm_order(arms: int) -> list[int]:
    """Interventions first and the control last, as papers print them."""
    return [*range(1, arms), 0]


def arm_columns(results: Results, one: SetResult) -> tuple[Column, ...]:
    """A column for each arm with how many of it are in the set."""
    arms = results.plan.arms
    return tuple(
        Column(f"{heading(arm_words(results.plan, arms[a]))} (n = {one.n_by_arm[a]})") for a in arm_order(len(arms))
    )


def set_title(results: Results, chosen: int) -> str:
    """The words for an analysis set inside a title."""
    return set_words(results.plan.sets[chosen])


def _characteristic_rows(results: Results, one: Characteristic, totals: tuple[int, ...]) -> list[Row]:
    name = heading(column_words(results.plan, one.name))
    lost = any(one.missing)
    notes = (_ANSWERED,) if lost and not one.summaries else ()
    if one.summaries:
        rows = [Row(f"{name}, mean (SD)", _arranged([_spread(summary) for summary in one.summaries]))]
    else:
        answered = [n - without for n, without in zip(totals, one.missing, strict=True)]
        rows = [Row(f"{name}, No. (%)", footnotes=notes)]
        for level in one.levels:
            counts = [Count(n, total) for n, total in zip(level.counts, answered, strict=True)]
            rows.append(Row(level_words(results.plan, one.name, level.name), _arranged(counts), indent=1))
    if lost:
        rows.append(Row("No answer, No.", _arranged([Words(str(without)) for without in one.missing]), indent=1))
    return rows


def _described_rows(results: Results, outcome: OutcomeResult) -> list[Row]:
    """A heading, a line for each wave, and a line for the raw change to each later wave."""
    plan, shown = results.plan, outcome.outcome
    binary = shown.kind == "binary"
    rows = [Row(heading(outcome_words(shown)))]
    for wave in results.waves:
        found = [one.values for one in outcome.descriptions if one.wave == wave]
        cells = [cell for one in _ordered(found) for cell in _answered(one, _share(one) if binary else _spread(one))]
        rows.append(Row(heading(wave_words(plan, wave)), tuple(cells), indent=1))
    if not binary:
        for wave in results.waves[1:]:
            found = [one.changes for one in outcome.descriptions if one.wave == wave]
            cells = [cell for one in _ordered(found) for cell in _answered(one, _spread(one))]
            rows.append(Row(f"Change to {wave_words(plan, wave)}", tuple(cells), indent=1))
    return rows


def _answered(summary: Summary, cell: Cell) -> tuple[Cell, Cell]:
    return Words(str(summary.n)), cell


def _ordered(found: Sequence[Summary]) -> list[Summary]:
    return [found[a] for a in arm_order(len(found))]


def _arranged(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """One cell per arm of the plan (control first), in the order in which the arms are printed."""
    return tuple(cells[a] for a in arm_order(len(cells)))


def _spread(summary: Summary) -> Cell:
    return Spread(summary.mean, summary.sd) if summary.n else Empty("No values.")


def _share(summary: Summary) -> Cell:
    return Count(round(summary.mean * summary.n), summary.n) if summary.n else Empty("No values.")

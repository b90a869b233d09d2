"""What a report says, once, for every format: sentences first, then figures, tables, and how it was computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from confrere.analysis.changes_table import model_notes, table3
from confrere.analysis.checks import check_results
from confrere.analysis.consort import checklist
from confrere.analysis.figures import forest_svg, trajectories_svg
from confrere.analysis.flow_figure import flow_svg
from confrere.analysis.further_tables import further_tables
from confrere.analysis.individual_figure import individual_svg
from confrere.analysis.names import heading, outcome_words, set_words, spoken, wave_words
from confrere.analysis.plan import Outcome
from confrere.analysis.results import Results, SetResult
from confrere.analysis.table_checks import check_tables
from confrere.analysis.tables import table1, table2, table4
from confrere.science.tables import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption and the words that stand for it where it is not seen."""

    name: str
    caption: str
    svg: str
    alternative: str
    leading: bool = True
    """Whether it stands before the tables; the courses of secondary outcomes follow them."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: what was found, in sentences, figures and tables, and what to beware of."""

    title: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: a section for each analysis set, then the parts that are of no set, then the methods."""

    title: str
    sections: tuple[Section, ...]
    methods: tuple[str, ...]
    shared: tuple[Section, ...] = ()
    """The flow of participants, answers about the coaching, the CONSORT checklist."""

    @property
    def parts(self) -> tuple[Section, ...]:
        """All sections in the order in which they are printed."""
        return (*self.sections, *self.shared)


def make_report(results: Results) -> Report:
    """The report of all analysis sets, in the plan's order.

    Raises `confrere.analysis.checks.CheckError` where two of its numbers contradict each other.
    """
    check_results(results)
    sections = tuple(_section(results, chosen) for chosen in range(len(results.sets)))
    for chosen, section in enumerate(sections):
        check_tables(results, section.tables, chosen=chosen)
    return Report(results.plan.title, sections, _methods(results), _shared(results, sections))


def suffix(chosen: int, name: str) -> str:
    """What is added to the names of a set's files: nothing for the first set."""
    return f"-{name}" if chosen else ""


def _section(results: Results, chosen: int) -> Section:
    one, plan = results.sets[chosen], results.plan
    ordered = sorted(one.outcomes, key=lambda found: found.outcome.role != "primary")
    sentences = tuple(contrast.label for found in ordered for contrast in found.contrasts)
    said = [(found.outcome, spoken(plan, line)) for found in one.outcomes for line in found.warnings]
    tables = [table3(results, chosen=chosen), table2(results, chosen=chosen)]
    if one.characteristics:
        tables.insert(1, table1(results, chosen=chosen))
    return Section(
        title=f"{heading(set_words(plan.sets[chosen]))} ({one.n_participants} participants)",
        sentences=sentences,
        figures=_figures(results, one, suffix(chosen, one.name)),
        tables=(*tables, *further_tables(results, chosen=chosen)),
        notes=_said_once(said, len(one.outcomes)),
    )


def _figures(results: Results, one: SetResult, ending: str) -> tuple[Figure, ...]:
    figures = []
    for found in one.outcomes:
        words = heading(outcome_words(found.outcome))
        name = f"means-{found.outcome.name}{ending}"
        caption = f"{words}: model-based means and their confidence intervals."
        leading = found.outcome.role == "primary" or len(one.outcomes) <= 2
        figures.append(_figure(name, caption, trajectories_svg(results, found, name=name), leading=leading))
    name = f"differences{ending}"
    wave = wave_words(results.plan, results.waves[-1])
    caption = f"Differences in change at {wave} in standard deviations, with confidence intervals."
    figures.append(_figure(name, caption, forest_svg(results, one, name=name)))
    outcomes = {found.outcome.name: found.outcome for found in one.outcomes}
    for each in one.individual:
        outcome = outcomes[each.outcome]
        name = f"individual-{each.outcome}{ending}"
        caption = f"{heading(outcome_words(outcome))}: raw change of each participant who answered both times."
        figures.append(_figure(name, caption, individual_svg(results, outcome, each, name=name), leading=False))
    return tuple(figures)


def _figure(name: str, caption: str, svg: str, *, leading: bool = True) -> Figure:
    """The figure with its own description, so that every format says the same."""
    return Figure(name, caption, svg, svg.partition('-desc">')[2].partition("</desc>")[0], leading)


def _shared(results: Results, sections: Sequence[Section]) -> tuple[Section, ...]:
    svg = flow_svg(results.flow, name="flow")
    flow = _figure("flow", "Everybody in the data file, by group, to the analysis sets.", svg)
    parts = [Section("Flow of participants", (), (flow,), (), ())]
    if results.answers:
        parts.append(Section("Answers about the coaching", (), (), (table4(results),), ()))
    known = {"flow", "methods", *(table.name for section in sections for table in section.tables)}
    further = {"sensitivity", "subgroups", "responders", "durability"} & known
    known |= {"further"} if len(sections) > 1 or further else set()
    listed = checklist(known, results.plan.report.consort)
    parts.append(Section("What CONSORT 2025 asks, and where it is", (), (), (listed,), ()))
    return tuple(parts)


def _said_once(said: Sequence[tuple[Outcome, str]], everyone: int) -> tuple[str, ...]:
    """Each line once, with the outcomes of which it was said, or with "All outcomes"."""
    about: dict[str, dict[str, None]] = {}
    for outcome, line in said:
        about.setdefault(line, {})[heading(outcome_words(outcome))] = None
    every = everyone if everyone > 1 else None
    return tuple(
        f"{'All outcomes' if len(names) == every else ', '.join(names)}: {heading(line)}"
        for line, names in about.items()
    )


def _methods(results: Results) -> tuple[str, ...]:
    plan = results.plan
    sets = [
        f"{heading(set_words(one))}: {'all rows of the file' if one.keep is None else f'rows where {one.keep}'}. "
        f"{found.assumption}"
        for one, found in zip(plan.sets, results.sets, strict=True)
    ]
    return (
        *model_notes(plan, plan.outcomes),
        *sets,
        _missing(plan.outcomes),
        (
            f"Computed by confrère {results.version}. Plan SHA-256 {plan.sha256 or 'not from a file'}; "
            f"data SHA-256 {results.data_sha256}."
        ),
    )


def _missing(outcomes: tuple[Outcome, ...]) -> str:
    """How missing answers are treated by the models themselves."""
    if any(outcome.model.baseline_as == "covariate" for outcome in outcomes):
        return (
            "Missing answers: a later answer counts where there is a baseline; nothing was filled in. This assumes "
            "that who is missing depends on nothing but the baseline, the group and the covariates."
        )
    return (
        "Missing answers: everybody with at least one answer is in the model; nothing was filled in. This assumes "
        "that who is missing depends on nothing but what was answered, the group and the covariates."
    )

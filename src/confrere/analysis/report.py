"""What a report says, once, for every format: sentences first, then figures, tables, and how it was computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from confrere.analysis.figures import forest_svg, trajectories_svg
from confrere.analysis.flow_figure import flow_svg
from confrere.analysis.results import Results, SetResult
from confrere.analysis.tables import describe_model, table1, table2, table3
from confrere.analysis.words import heading, plain
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
    """One analysis set: what was found, in sentences, figures and tables, and what to beware of."""

    title: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    sections: tuple[Section, ...]
    methods: tuple[str, ...]


def make_report(results: Results) -> Report:
    """The report of all analysis sets, in the plan's order."""
    sections = tuple(_section(results, chosen) for chosen in range(len(results.sets)))
    return Report(results.plan.title, sections, _methods(results))


def suffix(chosen: int, name: str) -> str:
    """What is added to the names of a set's files: nothing for the first set."""
    return f"-{name}" if chosen else ""


def _section(results: Results, chosen: int) -> Section:
    one = results.sets[chosen]
    ordered = sorted(one.outcomes, key=lambda found: found.outcome.role != "primary")
    sentences = tuple(contrast.label for found in ordered for contrast in found.contrasts)
    notes = _said_once([(found.outcome.name, line) for found in one.outcomes for line in found.warnings], one.outcomes)
    return Section(
        title=f"Analysis set: {plain(one.name)} ({one.n_participants} participants)",
        sentences=sentences,
        figures=_figures(results, one, suffix(chosen, one.name)),
        tables=(table3(results, chosen=chosen), table1(results, chosen=chosen), table2(results, chosen=chosen)),
        notes=notes,
    )


def _figures(results: Results, one: SetResult, ending: str) -> tuple[Figure, ...]:
    figures = []
    for found in one.outcomes:
        name = f"means-{found.outcome.name}{ending}"
        svg = trajectories_svg(results, found, name=name)
        caption = f"{heading(found.outcome.name)}: model-based means and their confidence intervals."
        leading = found.outcome.role == "primary" or len(one.outcomes) <= 2
        figures.append(Figure(name, caption, svg, _description(svg), leading))
    svg = forest_svg(results, one, name=f"differences{ending}")
    figures.append(Figure(f"differences{ending}", "Standardized differences in change.", svg, _description(svg)))
    svg = flow_svg(one.flow, name=f"flow{ending}")
    figures.append(Figure(f"flow{ending}", "Flow of participants.", svg, _description(svg)))
    return tuple(figures)


def _description(svg: str) -> str:
    """The figure's own description, so that every format says the same."""
    return svg.partition('-desc">')[2].partition("</desc>")[0]


def _said_once(said: Sequence[tuple[str, str]], everyone: Sequence[object]) -> tuple[str, ...]:
    """Each line once, with the outcomes of which it was said, or with "All outcomes"."""
    about: dict[str, dict[str, None]] = {}
    for name, line in said:
        about.setdefault(line, {})[name] = None
    every = len(everyone) if len(everyone) > 1 else None
    return tuple(
        f"{'All outcomes' if len(names) == every else ', '.join(map(heading, names))}: {line}"
        for line, names in about.items()
    )


def _methods(results: Results) -> tuple[str, ...]:
    plan = results.plan
    models = _said_once([(outcome.name, describe_model(outcome)) for outcome in plan.outcomes], plan.outcomes)
    sets = [f"Set {plain(one.name)}: {'all rows' if one.keep is None else one.keep}." for one in plan.sets]
    made = (
        f"Computed by confrère {results.version}. Plan SHA-256 {plan.sha256 or 'not from a file'}; "
        f"data SHA-256 {results.data_sha256}."
    )
    return (*models, *sets, made)

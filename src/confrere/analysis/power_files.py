"""The report of a planned trial as files: page, document, figures, tables, numbers."""

import json
from pathlib import Path

from confrere.analysis.changes_table import BASELINES, DF_NAMES
from confrere.analysis.names import plain
from confrere.analysis.page import report_html
from confrere.analysis.pdf import report_pdf
from confrere.analysis.power_plan import PowerPlan
from confrere.analysis.power_report import Curve, PowerReport, as_json, found_sentence, notes, sentence
from confrere.analysis.render import table_csv
from confrere.analysis.report import Figure, Report, Section
from confrere.analysis.svg import Canvas
from confrere.analysis.write import write_files
from confrere.science.tables import Column, Interval, Number, Row, Table

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 360, 64, 24, 24, 56
_MOST_TICKS = 8


def write_power_report(report: PowerReport, folder: Path) -> None:
    """Write page, PDF, power.json, and for each curve a figure and a table. Raises `InputError` (see `write_files`)."""
    pages = make_power_pages(report)
    numbers = json.dumps(as_json(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    found = {
        "power.json": numbers.encode(),
        "report.html": report_html(pages).encode(),
        "report.pdf": report_pdf(pages),
    }
    for section in pages.sections:
        found |= {f"{table.name}.csv": table_csv(table).encode() for table in section.tables}
        found |= {f"{figure.name}.svg": figure.svg.encode() for figure in section.figures}
    write_files(found, folder)


def make_power_pages(report: PowerReport) -> Report:
    """What the page and the document say."""
    sentences: tuple[str, ...] = (sentence(report),)
    if report.found is not None:
        sentences += (found_sentence(report.found),)
    figures = tuple(_figure(report, j, curve) for j, curve in enumerate(report.curves))
    tables = (_tests(report), *(_table(j, curve) for j, curve in enumerate(report.curves)))
    section = Section("Power", sentences, figures, tables, tuple(notes(report)))
    return Report(report.plan.title, (section,), _methods(report))


def power_svg(report: PowerReport, curve: Curve, *, name: str) -> str:
    """Power with its Monte-Carlo interval along the curve; the planned trial's power is where it stands."""
    title = f"Power by {_axis(curve)}"
    words = [f"{p.at:g}: {p.power:.2f} ({p.ci[0]:.2f} to {p.ci[1]:.2f})." for p in curve.points]
    canvas = Canvas(name, title, " ".join(words), _WIDTH, _HEIGHT)
    low, high = curve.at[0], curve.at[-1]

    def x(value: float) -> float:
        part = (value - low) / (high - low) if high > low else 0.5
        return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)

    def y(power: float) -> float:
        return _HEIGHT - _BOTTOM - power * (_HEIGHT - _TOP - _BOTTOM)

    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        canvas.line(_LEFT, y(tick), _WIDTH - _RIGHT, y(tick), kind="muted" if tick == 0.8 else "rule")
        canvas.text(_LEFT - 8, y(tick) + 4, f"{tick:.1f}", anchor="end", kind="muted", size=12)
    for at in curve.at[:: -(-len(curve.at) // _MOST_TICKS)]:
        canvas.text(x(at), _HEIGHT - _BOTTOM + 20, f"{at:g}", anchor="middle", kind="muted", size=12)
    canvas.text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, _axis(curve), anchor="middle", kind="muted", size=12)
    for one, two in zip(curve.points, curve.points[1:], strict=False):
        canvas.line(x(one.at), y(one.power), x(two.at), y(two.power), kind="accent", width=2)
    for point in curve.points:
        canvas.line(x(point.at), y(point.ci[0]), x(point.at), y(point.ci[1]), kind="accent")
        canvas.dot(x(point.at), y(point.power), kind="accent")
    return canvas.svg()


def _axis(curve: Curve) -> str:
    return "people in all" if curve.by == "n" else "true difference in change"


def _figure(report: PowerReport, place: int, curve: Curve) -> Figure:
    name = f"power-by-{curve.by}-{place + 1}"
    svg = power_svg(report, curve, name=name)
    first, last = curve.points[0], curve.points[-1]
    words = f"Power goes from {first.power:.2f} at {first.at:g} to {last.power:.2f} at {last.at:g} ({_axis(curve)})."
    caption = f"Power by {_axis(curve)}, with 95 % Monte-Carlo intervals; the darker line is a power of 0.8."
    return Figure(name, caption, svg, words)


def _table(place: int, curve: Curve) -> Table:
    rows = tuple(Row(f"{p.at:g}", (Interval(p.power, p.ci[0], p.ci[1], digits=3),)) for p in curve.points)
    head = (Column("Power (95 % Monte-Carlo interval)"),)
    return Table(f"curve{place + 1}", f"Power by {_axis(curve)}", _axis(curve).capitalize(), head, rows)


def _tests(report: PowerReport) -> Table:
    plan = report.plan
    columns = (Column("True difference"), Column("Power (95 % Monte-Carlo interval)"), Column("Coverage"))
    rows = tuple(
        Row(
            f"{plain(plan.arms[one.arm])} at {plain(plan.waves[one.wave])}",
            (Number(one.effect), Interval(one.power, *one.ci, digits=3), Number(one.coverage, digits=3)),
        )
        for one in report.result.tests
    )
    note = "Coverage is the share of intervals that hold the true difference."
    return Table("tests", "Every comparison with the control", "Comparison", columns, rows, (note,))


def _methods(report: PowerReport) -> tuple[str, ...]:
    plan, analysis = report.plan, report.plan.analysis
    people = ", ".join(f"{n} in {arm}" for arm, n in zip(plan.arms, plan.design.arms, strict=True))
    return (
        f"{report.result.simulations:,} trials were simulated with {people}; the seed was {plan.seed}.",
        f"Dropout by wave: {_dropout(plan)}. It is at random within arms and strata.",
        (
            f"Each trial was fitted by {analysis.estimation.upper()} ({analysis.covariance}), "
            f"{BASELINES[analysis.baseline_as]}; degrees of freedom: {DF_NAMES[analysis.df]}."
        ),
    )


def _dropout(plan: PowerPlan) -> str:
    parts = []
    for arm, shares in zip(plan.arms, plan.design.dropout, strict=True):
        parts.append(f"{arm} " + ", ".join(f"{100 * one:g} %" for one in shares))
    return "; ".join(parts)

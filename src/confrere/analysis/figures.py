"""Figures of the results: trajectories with intervals, and a forest of standardized differences."""

from itertools import pairwise

from confrere.analysis.names import arm_words, heading, outcome_words, wave_words
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.results import Mean, OutcomeResult, Results, SetResult
from confrere.analysis.svg import NARROW, Canvas, Scale, apart, tick_words, wrapped
from confrere.science.mixed import Estimate
from confrere.science.tables import decimal

_HEIGHT, _LEFT, _TOP, _BOTTOM, _CHARACTERS = 300, 44, 34, 40, 15
_DASHES = ("", "", "6 3", "2 3")
"""Of the control and of the interventions, in the plan's order."""


def trajectories_svg(results: Results, outcome: OutcomeResult, *, name: str) -> str:
    """Model-based means with intervals at each wave; interventions in the accent colour, with squares."""
    plan = results.plan
    shown = outcome.outcome
    means = [(mean, mean.value) for mean in outcome.means if mean.value is not None]
    ends = [x for _, value in means for x in (value.lower, value.upper)] or [0.0]
    factor = 100 if shown.kind == "binary" else 1
    scale = Scale(factor * min(ends), factor * max(ends), _HEIGHT - _BOTTOM, _TOP)
    words = [_mean_words(plan, shown, mean, value) for mean, value in means]
    title = f"{heading(outcome_words(shown))}: model-based means with {_level(shown)} at each assessment"
    canvas = Canvas(name, title, " ".join(words), NARROW, _HEIGHT)
    labels = {arm: wrapped(heading(arm_words(plan, arm)), _CHARACTERS) for arm in plan.arms}
    right = NARROW - 26 - max(7 * len(line) for lines in labels.values() for line in lines)
    canvas.text(0, 14, _axis(shown), kind="muted", size=12)
    for tick in scale.ticks():
        canvas.line(_LEFT, scale(tick), right, scale(tick), kind="rule")
        canvas.text(_LEFT - 8, scale(tick) + 4, tick_words(tick), anchor="end", kind="muted", size=12)
    waves = list(dict.fromkeys(mean.wave for mean in outcome.means))
    step = (right - _LEFT - 50) / max(len(waves) - 1, 1)
    place = {wave: _LEFT + 25 + i * step for i, wave in enumerate(waves)}
    for wave, x in place.items():
        canvas.text(x, _HEIGHT - _BOTTOM + 24, heading(wave_words(plan, wave)), anchor="middle", kind="muted", size=12)
    last: list[tuple[str, float]] = []
    for a, arm in enumerate(plan.arms):
        kind = "accent" if a else "ink"
        shift = 6 * (a - (len(plan.arms) - 1) / 2)
        points = [(place[mean.wave] + shift, value) for mean, value in means if mean.arm == arm]
        _course(canvas, scale, factor, points, kind=kind, dashes=_DASHES[min(a, 3)])
        last += [(arm, scale(factor * value.estimate)) for _, value in points[-1:]]
    for (arm, _), y in zip(last, apart([y for _, y in last], 32), strict=True):
        for i, line in enumerate(labels[arm]):
            canvas.text(right + 8, y + 5 + 15 * i, line, kind="accent" if arm != plan.control else "ink", size=13)
    return canvas.svg()


def _course(
    canvas: Canvas, scale: Scale, factor: int, points: list[tuple[float, Estimate]], *, kind: str, dashes: str
) -> None:
    """One arm's means, joined by lines, each on its interval."""
    for (x1, one), (x2, two) in pairwise(points):
        y1, y2 = scale(factor * one.estimate), scale(factor * two.estimate)
        canvas.line(x1, y1, x2, y2, kind=kind, width=2, dashes=dashes)
    for x, value in points:
        canvas.line(x, scale(factor * value.lower), x, scale(factor * value.upper), kind=kind)
        canvas.dot(x, scale(factor * value.estimate), kind=kind)


def _mean_words(plan: Plan, outcome: Outcome, mean: Mean, value: Estimate) -> str:
    factor, digits = (100, 1) if outcome.kind == "binary" else (1, 2)
    middle, low, high = (decimal(factor * x, digits) for x in (value.estimate, value.lower, value.upper))
    unit = "%" if outcome.kind == "binary" else ""
    return f"{heading(arm_words(plan, mean.arm))} at {wave_words(plan, mean.wave)} {middle}{unit} ({low} to {high})."


def _axis(outcome: Outcome) -> str:
    """What the numbers are, and which way is good."""
    what = "percent of participants" if outcome.kind == "binary" else "points"
    return f"{what}; {outcome.better} is better" if outcome.better else what


def _level(outcome: Outcome) -> str:
    return f"{100 * outcome.model.level:g}% confidence intervals"


def forest_svg(results: Results, one: SetResult, *, name: str) -> str:
    """Standardized differences in change at the last wave, with intervals; zero is no difference."""
    plan, wave = results.plan, results.waves[-1]
    rows = []
    for outcome in one.outcomes:
        for contrast in outcome.contrasts:
            if contrast.wave == wave and contrast.value is not None and contrast.standardized is not None:
                sd, value = outcome.baseline_sd, contrast.value
                label = heading(outcome_words(outcome.outcome))
                if len(plan.arms) > 2:
                    label += f", {arm_words(plan, contrast.arm)}"
                better = f" ({outcome.outcome.better} is better)" if outcome.outcome.better else ""
                rows.append((label, better, contrast.standardized, value.lower / sd, value.upper / sd))
    title = f"Differences in change at {wave_words(plan, wave)}, in standard deviations at baseline"
    words = [f"{label}{better} {_sizes(x, low, high)}." for label, better, x, low, high in rows]
    height = 56 + 46 * len(rows)
    canvas = Canvas(name, title, " ".join(words), NARROW, height)
    ends = [0.0, *(x for *_, low, high in rows for x in (low, high))]
    scale = Scale(min(ends), max(ends), 14, 270)
    bottom = height - 44
    middles = [36 + 46 * i for i in range(len(rows))]
    for tick in scale.ticks():
        for y in middles:  # no line runs through the words above an interval
            kind = "muted" if tick == 0 else "rule"
            canvas.line(scale(tick), y - 10, scale(tick), y + 12, kind=kind)
        canvas.text(scale(tick), bottom + 16, tick_words(tick), anchor="middle", kind="muted", size=12)
    canvas.text(0, bottom + 38, "standard deviations at baseline; 0 is no difference", kind="muted", size=12)
    for y, (label, better, x, low, high) in zip(middles, rows, strict=True):
        canvas.text(0, y - 16, label + better, size=13)
        canvas.line(scale(low), y, scale(high), y, kind="accent", width=1.5)
        canvas.dot(scale(x), y, kind="accent")
        canvas.text(NARROW, y + 4, _sizes(x, low, high), anchor="end", kind="muted", size=12)
    return canvas.svg()


def _sizes(x: float, low: float, high: float) -> str:
    return f"{decimal(x, 2)} ({decimal(low, 2)} to {decimal(high, 2)})"

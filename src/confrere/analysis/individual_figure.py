"""Everybody's own change, one mark a person, from low to high: what a mean hides."""

from collections.abc import Sequence

from confrere.analysis.names import arm_words, heading, outcome_words, wave_words
from confrere.analysis.plan import Outcome
from confrere.analysis.results import Individual, Results
from confrere.analysis.svg import NARROW, Canvas, Scale, tick_words, wrapped

_LEFT, _GAP, _HEIGHT, _BOTTOM = 44, 20, 300, 24


def individual_svg(results: Results, outcome: Outcome, one: Individual, *, name: str) -> str:
    """A panel for each arm side by side; a line from zero to each change, so that falls and rises can be seen."""
    plan = results.plan
    span = f"from {wave_words(plan, results.waves[0])} to {wave_words(plan, one.wave)}"
    title = f"{heading(outcome_words(outcome))}: each participant's change {span}"
    names = [heading(arm_words(plan, arm)) for arm in plan.arms]
    words = [f"{arm}: {_counts(changes)}." for arm, changes in zip(names, one.changes, strict=True)]
    panel = max((NARROW - _LEFT - _GAP * (len(names) - 1)) / len(names), 140)
    width = round(_LEFT + len(names) * panel + _GAP * (len(names) - 1))
    heads = [wrapped(words[a], int(panel / 6.4)) for a in range(len(names))]
    top = 36 + 15 * max(map(len, heads))
    canvas = Canvas(name, title, " ".join(words), width, top + _HEIGHT)
    ends = [0.0, *(x for changes in one.changes for x in changes)]
    scale = Scale(min(ends), max(ends), top + _HEIGHT - _BOTTOM, top)
    better = f"; {outcome.better} is better" if outcome.better else ""
    canvas.text(0, 14, f"change in points{better}", kind="muted", size=12)
    for tick in scale.ticks():
        canvas.line(_LEFT, scale(tick), width, scale(tick), kind="rule")
        canvas.text(_LEFT - 8, scale(tick) + 4, tick_words(tick), anchor="end", kind="muted", size=12)
    for a, changes in enumerate(one.changes):
        kind, start = ("accent" if a else "ink"), _LEFT + a * (panel + _GAP)
        for i, line in enumerate(heads[a]):
            canvas.text(start + 4, 34 + 15 * i, line, kind=kind, size=12)
        canvas.line(start, scale(0.0), start + panel, scale(0.0), kind="muted")
        step = panel / (len(changes) + 1)
        for i, change in enumerate(changes, start=1):
            x = start + i * step
            canvas.line(x, scale(0.0), x, scale(change), kind=kind, width=min(1.0, step / 2))
            canvas.dot(x, scale(change), kind=kind, radius=min(2.5, max(step / 2, 1)))
    return canvas.svg()


def _counts(changes: Sequence[float]) -> str:
    fell, rose = sum(x < 0 for x in changes), sum(x > 0 for x in changes)
    return f"{fell} fell, {rose} rose, {len(changes) - fell - rose} stayed"

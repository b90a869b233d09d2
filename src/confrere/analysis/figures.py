"""Figures of the results: trajectories with intervals, and a forest of standardized differences."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10

from confrere.analysis.results import OutcomeResult, Results, SetResult
from confrere.analysis.svg import Canvas
from confrere.analysis.words import heading, plain
from confrere.science.tables import MINUS, decimal

_NOTHING = "There is nothing to show."
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 360, 64, 150, 24, 48


def trajectories_svg(results: Results, outcome: OutcomeResult, *, name: str) -> str:
    """Model-based means with intervals at each wave; the interventions in the accent colour."""
    plan = results.plan
    means = [mean for mean in outcome.means if mean.value is not None]
    waves = list(dict.fromkeys(mean.wave for mean in outcome.means))
    values = [x for mean in means if mean.value for x in (mean.value.lower, mean.value.upper)] or [0.0]
    scale = _Scale(min(values), max(values), _HEIGHT - _BOTTOM, _TOP)
    title = f"{heading(outcome.outcome.name)}: means with confidence intervals"
    words = [
        f"{plain(m.arm)} at {m.wave} {decimal(m.value.estimate, 2)} "
        f"({decimal(m.value.lower, 2)} to {decimal(m.value.upper, 2)})."
        for m in means
        if m.value
    ]
    canvas = Canvas(name, title, " ".join(words) or _NOTHING, _WIDTH, _HEIGHT)
    for tick in scale.ticks():
        canvas.line(_LEFT, scale(tick), _WIDTH - _RIGHT, scale(tick), kind="rule")
        canvas.text(_LEFT - 8, scale(tick) + 4, f"{tick:g}".replace("-", MINUS), anchor="end", kind="muted", size=12)
    step = (_WIDTH - _LEFT - _RIGHT - 60) / max(len(waves) - 1, 1)
    place = {wave: _LEFT + 30 + i * step for i, wave in enumerate(waves)}
    for wave, x in place.items():
        canvas.text(x, _HEIGHT - _BOTTOM + 28, plain(wave), anchor="middle", kind="muted", size=12)
    for a, arm in enumerate(plan.arms):
        kind = "accent" if a else "ink"
        shift = 6 * (a - (len(plan.arms) - 1) / 2)
        points = [(place[m.wave] + shift, m.value) for m in means if m.arm == arm and m.value]
        for (x1, one), (x2, two) in pairwise(points):
            canvas.line(x1, scale(one.estimate), x2, scale(two.estimate), kind=kind, width=2)
        for x, value in points:
            canvas.line(x, scale(value.lower), x, scale(value.upper), kind=kind)
            canvas.dot(x, scale(value.estimate), kind=kind)
        if points:
            x, value = points[-1]
            canvas.text(x + 14, scale(value.estimate) + 5, plain(arm), kind=kind)
    return canvas.svg()


def forest_svg(results: Results, one: SetResult, *, name: str) -> str:
    """Standardized differences in change at the last wave, with intervals; zero is no difference."""
    wave = results.waves[-1]
    rows = []
    for outcome in one.outcomes:
        for contrast in outcome.contrasts:
            if contrast.wave == wave and contrast.value is not None and contrast.standardized is not None:
                sd = outcome.baseline_sd
                label = heading(outcome.outcome.name)
                if len(results.plan.arms) > 2:
                    label += f", {plain(contrast.arm)}"
                value = contrast.value
                rows.append((label, contrast.standardized, value.lower / sd, value.upper / sd))
    title = f"Differences in change at {plain(wave)}, in standard deviations at baseline"
    words = [f"{label} {decimal(x, 2)} ({decimal(low, 2)} to {decimal(high, 2)})." for label, x, low, high in rows]
    height = 72 + 34 * len(rows)
    canvas = Canvas(name, title, " ".join(words) or _NOTHING, 720, height)
    ends = [0.0, *(x for _, _, low, high in rows for x in (low, high))]
    scale = _Scale(min(ends), max(ends), 240, 560)
    for tick in scale.ticks():
        canvas.line(scale(tick), 16, scale(tick), height - 44, kind="rule")
        canvas.text(scale(tick), height - 24, f"{tick:g}".replace("-", MINUS), anchor="middle", kind="muted", size=12)
    canvas.line(scale(0.0), 16, scale(0.0), height - 44, kind="muted")
    canvas.text(400, height - 6, "standard deviations; 0 is no difference", anchor="middle", kind="muted", size=12)
    for i, (label, x, low, high) in enumerate(rows):
        y = 36 + 34 * i
        canvas.text(228, y + 5, label, anchor="end")
        canvas.line(scale(low), y, scale(high), y, kind="accent", width=1.5)
        canvas.dot(scale(x), y, kind="accent")
        canvas.text(572, y + 5, f"{decimal(x, 2)} ({decimal(low, 2)} to {decimal(high, 2)})", kind="muted", size=12)
    return canvas.svg()


class _Scale:
    """Maps values to pixels over a range widened to round ticks."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        span = max(high - low, 1e-9 * max(abs(high), 1.0))
        raw = span / 4
        power = 10.0 ** floor(log10(raw))
        self._step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
        self._low, self._high = floor(low / self._step) * self._step, ceil(high / self._step) * self._step
        self._high += self._step * (self._high == self._low)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        part = (value - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)

    def ticks(self) -> Sequence[float]:
        """Round values from end to end."""
        count = round((self._high - self._low) / self._step)
        return [round(self._low + i * self._step, 10) for i in range(count + 1)]

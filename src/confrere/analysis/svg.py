"""A small canvas for figures: SVG with classes and presentation attributes, no styles and no scripts.

A strict content security policy shows it, a page's style sheet may recolour it, and a PDF embeds it. Every
figure has a title and a description for those who do not see it. Its natural width is given, so that it shrinks
on a phone and does not swell on a desk; at 420 pixels words are still readable on a phone of 360.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10
from typing import Literal

from confrere.science.tables import MINUS

INK, MUTED, ACCENT, LINE = "#1e252e", "#5c646f", "#00696a", "#e0ded8"
NOTHING = "There is nothing to show."
NARROW = 420
_FONT = "system-ui, sans-serif"

Anchor = Literal["start", "middle", "end"]


@dataclass(slots=True)
class Canvas:
    """Marks in pixels from the top left; ``name`` makes the ids unique on a page."""

    name: str
    title: str
    description: str
    width: int
    height: int
    _marks: list[str] = field(default_factory=list)

    def text(
        self, x: float, y: float, words: str, *, anchor: Anchor = "start", kind: str = "ink", size: int = 14
    ) -> None:
        """Words with their baseline at y. ``kind`` is ink, muted, accent or strong."""
        fill = {"muted": MUTED, "accent": ACCENT}.get(kind, INK)
        weight = ' font-weight="600"' if kind == "strong" else ""
        self._marks.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{fill}"{weight}>{escape(words)}</text>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, kind: str = "ink", width: float = 1.0, dashes: str = ""
    ) -> None:
        """A straight line. ``kind`` is ink, muted, accent or rule; ``dashes`` as SVG writes them."""
        stroke = {"muted": MUTED, "accent": ACCENT, "rule": LINE}.get(kind, INK)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._marks.append(
            f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'
        )

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A rounded frame."""
        self._marks.append(
            f'<rect class="box" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="8" '
            f'fill="none" stroke="{MUTED}"/>'
        )

    def dot(self, x: float, y: float, *, kind: str = "ink", radius: float = 4.0) -> None:
        """A filled dot; in the accent colour a square, so that colour is never the only difference."""
        fill = {"muted": MUTED, "accent": ACCENT}.get(kind, INK)
        if kind == "accent":
            self._marks.append(
                f'<rect class="{kind}" x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius:g}" '
                f'height="{2 * radius:g}" fill="{fill}"/>'
            )
            return
        self._marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}"/>')

    def svg(self) -> str:
        """The whole figure."""
        kind = "figure wide" if self.width > 1.2 * NARROW else "figure"
        head = (
            f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}" '
            f'aria-labelledby="{self.name}-title {self.name}-desc" font-family="{_FONT}">'
        )
        words = (
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-desc">{escape(self.description or NOTHING)}</desc>'
        )
        return "\n".join([head, words, *self._marks, "</svg>"])


class Scale:
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


def tick_words(value: float) -> str:
    """A round value with a real minus sign."""
    return f"{value:g}".replace("-", MINUS)


def wrapped(words: str, width: int) -> list[str]:
    """``words`` in lines of at most ``width`` characters where spaces allow (not at non-breaking ones)."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def apart(places: Sequence[float], least: float) -> list[float]:
    """``places`` moved down as little as keeps them ``least`` pixels apart, each in its order of height."""
    moved = list(places)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved

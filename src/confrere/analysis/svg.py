"""A small canvas for figures: SVG with classes and presentation attributes, no styles and no scripts.

A strict content security policy shows it, a page's style sheet may recolour it, and a PDF embeds it. Every
figure has a title and a description for those who do not see it.
"""

from dataclasses import dataclass, field
from html import escape
from typing import Literal

INK, MUTED, ACCENT, LINE = "#1e252e", "#5c646f", "#00696a", "#e0ded8"
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

    def line(self, x1: float, y1: float, x2: float, y2: float, *, kind: str = "ink", width: float = 1.0) -> None:
        """A straight line. ``kind`` is ink, muted, accent or rule."""
        stroke = {"muted": MUTED, "accent": ACCENT, "rule": LINE}.get(kind, INK)
        self._marks.append(
            f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{stroke}" stroke-width="{width:g}"/>'
        )

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A rounded frame."""
        self._marks.append(
            f'<rect class="box" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="8" '
            f'fill="none" stroke="{MUTED}"/>'
        )

    def dot(self, x: float, y: float, *, kind: str = "ink") -> None:
        """A filled dot."""
        fill = {"muted": MUTED, "accent": ACCENT}.get(kind, INK)
        self._marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}"/>')

    def svg(self) -> str:
        """The whole figure."""
        head = (
            f'<svg class="figure" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {self.width} {self.height}" '
            f'aria-labelledby="{self.name}-title {self.name}-desc" font-family="{_FONT}">'
        )
        words = (
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-desc">{escape(self.description)}</desc>'
        )
        return "\n".join([head, words, *self._marks, "</svg>"])


def wrapped(words: str, width: int) -> list[str]:
    """``words`` in lines of at most ``width`` characters where spaces allow (not at non-breaking ones)."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines

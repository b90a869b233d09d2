"""The flow diagram (CONSORT) as a figure: the common boxes in the middle, below them one column per arm."""

from confrere.analysis.svg import Canvas, wrapped
from confrere.science.flow import Box, Flow

_SPACE = "\N{NO-BREAK SPACE}"
_BOX, _GAP, _LINE, _PAD, _CHARACTERS = 300, 36, 20, 14, 36


def flow_svg(flow: Flow, *, name: str = "flow") -> str:
    """The figure; ``name`` makes its ids unique on a page."""
    common = [_lines(box) for box in flow.common]
    arms = [[_lines(box) for box in arm.boxes] for arm in flow.arms]
    width = len(arms) * (_BOX + _GAP) + _GAP
    top = sum(_height(lines) + _GAP for lines in common)
    rows = [max(_height(arm[i]) for arm in arms if i < len(arm)) for i in range(max(map(len, arms)))]
    height = top + sum(rows) + _GAP * (len(rows) + 1)
    canvas = Canvas(name, flow.title, _description(flow), width, height)
    y = float(_GAP) / 2
    for lines in common:
        _draw(canvas, width / 2 - _BOX / 2, y, lines)
        y += _height(lines)
        canvas.line(width / 2, y, width / 2, y + _GAP, kind="muted")
        y += _GAP
    middles = [_GAP + a * (_BOX + _GAP) + _BOX / 2 for a in range(len(arms))]
    canvas.line(middles[0], y, middles[-1], y, kind="muted")
    for middle, arm in zip(middles, arms, strict=True):
        below = y
        for i, lines in enumerate(arm):
            canvas.line(middle, below, middle, below + _GAP, kind="muted")
            below += _GAP
            _draw(canvas, middle - _BOX / 2, below, lines)
            if i + 1 < len(arm):
                canvas.line(middle, below + _height(lines), middle, below + rows[i], kind="muted")
            below += rows[i]
    return canvas.svg()


def _lines(box: Box) -> list[tuple[str, str]]:
    """(kind, words) for each line of a box."""
    lines = [("strong", line) for line in wrapped(f"{box.label} {_n(box.count)}", _CHARACTERS)]
    for loss in box.losses:
        if loss.count:
            lines += [("muted", line) for line in wrapped(f"{loss.reason} {_n(loss.count)}", _CHARACTERS)]
    for note in box.notes:
        lines += [("ink", line) for line in wrapped(note, _CHARACTERS)]
    return lines


def _n(count: int) -> str:
    """``(n = 52)``, kept on one line."""
    return f"(n{_SPACE}={_SPACE}{count})"


def _height(lines: list[tuple[str, str]]) -> int:
    return len(lines) * _LINE + 2 * _PAD - 4


def _draw(canvas: Canvas, x: float, y: float, lines: list[tuple[str, str]]) -> None:
    canvas.box(x, y, _BOX, _height(lines))
    for i, (kind, words) in enumerate(lines):
        canvas.text(x + _PAD, y + _PAD + 12 + i * _LINE, words, kind=kind)


def _description(flow: Flow) -> str:
    sentences = [_sentence(box) for box in flow.common]
    for arm in flow.arms:
        sentences += [f"{arm.name}: {_sentence(box)}" for box in arm.boxes]
    return " ".join(sentences)


def _sentence(box: Box) -> str:
    losses = [f"{loss.reason} {loss.count}" for loss in box.losses if loss.count]
    return f"{'; '.join([f'{box.label} {box.count}', *losses])}."

"""The flow diagram (CONSORT) as a figure: the common boxes in the middle, below them one column per arm.

The last box of an arm, "Analysed", lists every analysis set with its count. Sets are no successive boxes: nobody
passes from one to the next.
"""

from confrere.analysis.svg import Canvas, wrapped
from confrere.science.flow import Arm, Box, Flow, Loss

_SPACE = "\N{NO-BREAK SPACE}"
_BOX, _GAP, _EDGE, _LINE, _PAD, _SIZE = 200, 16, 2, 18, 10, 13
_CHARACTERS = 25
_DROP = 22
_COMMON = 300

_Lines = list[tuple[str, str]]
"""(kind, words) for each line of a box."""


def flow_svg(flow: Flow, *, name: str = "flow") -> str:
    """The figure; ``name`` makes its ids unique on a page."""
    common = [_box_lines(box, characters=42) for box in flow.common]
    most = max(len(arm.boxes) for arm in flow.arms)
    arms = [_arm_lines(arm, most) for arm in flow.arms]
    width = max(len(arms) * (_BOX + _GAP) - _GAP, _COMMON) + 2 * _EDGE
    rows = [max(_height(arm[i]) for arm in arms if i < len(arm)) for i in range(max(map(len, arms)))]
    height = sum(_height(lines) + _DROP for lines in common) + sum(rows) + _DROP * len(rows) + 2 * _EDGE
    canvas = Canvas(name, flow.title, _description(flow), width, height)
    y = float(_EDGE)
    for lines in common:
        _draw(canvas, (width - _COMMON) / 2, y, _COMMON, lines)
        y += _height(lines)
        canvas.line(width / 2, y, width / 2, y + _DROP, kind="muted")
        y += _DROP
    start = (width - len(arms) * (_BOX + _GAP) + _GAP) / 2
    middles = [start + a * (_BOX + _GAP) + _BOX / 2 for a in range(len(arms))]
    canvas.line(middles[0], y, middles[-1], y, kind="muted")
    for middle, arm in zip(middles, arms, strict=True):
        _column(canvas, middle, y, arm, rows)
    return canvas.svg()


def _column(canvas: Canvas, middle: float, y: float, arm: list[_Lines], rows: list[int]) -> None:
    """One arm's boxes, each on the height of its neighbours, joined by lines."""
    for i, lines in enumerate(arm):
        canvas.line(middle, y, middle, y + _DROP, kind="muted")
        y += _DROP
        if lines:
            _draw(canvas, middle - _BOX / 2, y, _BOX, lines)
        if i + 1 < len(arm):
            canvas.line(middle, y + _height(lines), middle, y + rows[i], kind="muted")
        y += rows[i]


def _arm_lines(arm: Arm, most: int) -> list[_Lines]:
    """The boxes of an arm; empty ones keep the last in step with the arms that have more."""
    boxes = [_box_lines(box) for box in arm.boxes]
    analysed = _analysed_lines(arm)
    return [*boxes, *([[]] * (most - len(boxes)) if analysed else []), *analysed]


def _box_lines(box: Box, *, characters: int = _CHARACTERS) -> _Lines:
    lines = [("strong", line) for line in wrapped(f"{box.label} {_n(box.count)}", characters)]
    lines += _loss_lines(box.losses, characters)
    return [*lines, *(("ink", line) for note in box.notes for line in wrapped(note, characters))]


def _analysed_lines(arm: Arm) -> list[_Lines]:
    if not arm.analysed:
        return []
    lines: _Lines = [("strong", "Analysed")]
    for tally in arm.analysed:
        lines += [("ink", line) for line in wrapped(f"{tally.label} {_n(tally.count)}", _CHARACTERS)]
        lines += _loss_lines(tally.losses, _CHARACTERS)
    return [lines]


def _loss_lines(losses: tuple[Loss, ...], characters: int) -> _Lines:
    words = [f"{loss.reason} {_n(loss.count)}" for loss in losses if loss.count]
    return [("muted", line) for one in words for line in wrapped(one, characters)]


def _n(count: int) -> str:
    """``(n = 52)``, kept on one line."""
    return f"(n{_SPACE}={_SPACE}{count})"


def _height(lines: _Lines) -> int:
    return len(lines) * _LINE + 2 * _PAD - 2 if lines else 0


def _draw(canvas: Canvas, x: float, y: float, width: int, lines: _Lines) -> None:
    canvas.box(x, y, width, _height(lines))
    for i, (kind, words) in enumerate(lines):
        canvas.text(x + _PAD, y + _PAD + 11 + i * _LINE, words, kind=kind, size=_SIZE)


def _description(flow: Flow) -> str:
    sentences = [_sentence(box.label, box.count, box.losses) for box in flow.common]
    for arm in flow.arms:
        sentences += [f"{arm.title or arm.name}: {_sentence(box.label, box.count, box.losses)}" for box in arm.boxes]
        sentences += [
            f"{arm.title or arm.name}: Analysed, {_sentence(one.label, one.count, one.losses)}" for one in arm.analysed
        ]
    return " ".join(sentences)


def _sentence(label: str, count: int, losses: tuple[Loss, ...]) -> str:
    return f"{'; '.join([f'{label} {count}', *(f'{loss.reason} {loss.count}' for loss in losses if loss.count)])}."

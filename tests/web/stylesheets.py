"""Our stylesheets, read as data: rules with the layer they stand in and their declarations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "confrere"
TOKENS = SOURCE / "web/static/web/css/tokens.css"


@dataclass(frozen=True)
class Rule:
    file: str
    within: tuple[str, ...]  # at-rules around it, outermost first
    selector: str
    declarations: tuple[tuple[str, str], ...]


def files() -> list[Path]:
    return sorted(SOURCE.glob("*/static/**/*.css"))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def rules(file: Path) -> list[Rule]:
    return list(_rules(file.name, without_comments(file.read_text("utf-8")), ()))


def _rules(name: str, text: str, within: tuple[str, ...]) -> Iterator[Rule]:
    at = 0
    while (opening := text.find("{", at)) >= 0:
        prelude = text[at:opening].rsplit(";", 1)[-1].strip()
        closing = _matching(text, opening)
        body = text[opening + 1 : closing]
        if "{" in body:
            yield from _rules(name, body, (*within, prelude))
        else:
            pairs = (piece.split(":", 1) for piece in body.split(";") if piece.strip())
            yield Rule(name, within, prelude, tuple((key.strip(), value.strip()) for key, value in pairs))
        at = closing + 1


def _matching(text: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise ValueError(f"unbalanced braces: {text[opening : opening + 60]!r}")

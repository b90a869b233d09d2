"""Find what points at a patient in texts: names, places, dates, ages over 89, numbers.

The file has one JSON object a line, with the text under "text". The kinds follow the Safe Harbor list,
45 CFR 164.514(b)(2). Nothing leaves this machine and nothing is changed. It is no guarantee: how often it misses
is printed in the manual under methods, identifiers.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from confrere.cli.files import read_text
from confrere.cli.refusal import Refusal
from confrere.science.identifiers import Span, find

EXAMPLE = """  confrere phi posts.jsonl
  confrere phi posts.jsonl --json"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help='one {"text": …} a line')
    parser.add_argument("--json", action="store_true", help="for each line a list of {start, end, kind, text}")


def run(args: argparse.Namespace) -> int:
    """Read every line before the first is printed, so that a wrong one leaves nothing half told."""
    found = [find(text) for text in _texts(args.file)]
    for number, spans in enumerate(found, 1):
        print(json.dumps([asdict(span) for span in spans], ensure_ascii=False) if args.json else _told(number, spans))
    return 0


def _texts(path: Path) -> list[str]:
    # Only line feeds part lines: JSON keeps the other line ends of Unicode inside a string.
    lines = [line for line in read_text(path).split("\n") if line.strip()]
    if not lines:
        raise Refusal(f'{path.name}: the file is empty; it needs one {{"text": …}} a line.')
    return [_text(line, where=f"{path.name}, line {number}") for number, line in enumerate(lines, 1)]


def _text(line: str, *, where: str) -> str:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise Refusal(f'{where}: this is no JSON; a line looks like {{"text": "…"}}.') from None
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(text, str):
        raise Refusal(f'{where}: there is no text under "text".')
    return text


def _told(number: int, spans: tuple[Span, ...]) -> str:
    if not spans:
        return f"{number}. Nothing found."
    return f"{number}. " + "; ".join(f"{span.kind}: {span.text} ({span.start}-{span.end})" for span in spans)

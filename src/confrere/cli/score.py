"""Score the item columns of a data file by an instrument.

Answers are whole codes; an empty cell or NA is "not answered". What the instrument says of unanswered items,
and which rule was used, is printed with the scores. The columns of the items are found by their ids or by a
common name with the numbers of the items (PFI01, PFI02, …), or are named in order with --items.
"""

import argparse
import csv
import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.errors import InputError
from confrere.cli.files import read_bytes
from confrere.cli.refusal import Refusal
from confrere.science.instruments import Instrument, InstrumentError, find, registry
from confrere.science.instruments.instrument import Floats

EXAMPLE = """  confrere score pfi answers.csv --json
  confrere score pfi answers.csv --rule burnout_subscales
  confrere score uwes9 answers.csv --shift 1 --items q11,q12,q13,q14,q15,q16,q17,q18,q19"""
_MISSING = ("", "NA")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    known = ", ".join(name for name, instrument in registry().items() if instrument.known)
    parser.add_argument("instrument", metavar="INSTRUMENT", help=known)
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="one row per answered questionnaire")
    parser.add_argument("--rule", help="scoring rule where the instrument has several")
    parser.add_argument(
        "--shift",
        type=float,
        nargs="?",
        const=1.0,
        default=0.0,
        help="how far the file's codes start above the scale's: 1 for a file coded from 1 on a scale from 0",
    )
    parser.add_argument("--items", help="the columns of the items, in the order of the items, with commas")
    parser.add_argument("--reverse", default="", help="item ids to turn round besides those of the instrument")
    parser.add_argument("--missing", default="", help="further marks of a missing answer, with commas: -99")
    parser.add_argument("--json", action="store_true", help="print everything as JSON instead of CSV")


def run(args: argparse.Namespace) -> int:
    """Read, score, print."""
    try:
        instrument = find(args.instrument)
        columns = _marked(read_csv(read_bytes(args.data), file=args.data.name), _split(args.missing))
        items = _items(instrument, list(columns.texts), _split(args.items), args.data.name)
        scores = _score(instrument, columns, items, args)
    except (InputError, InstrumentError) as error:
        raise Refusal(f"{error}") from None
    rule = instrument.rule(args.rule)
    rows = _rows(scores, columns, items)
    if args.json:
        print(json.dumps(_report(instrument, rule.name, items, rows), ensure_ascii=False))
        return 0
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    print(f"{rule.title}. {instrument.missing_rule}", file=sys.stderr)
    if instrument.unverified:
        print(f"From memory, not compared with the source: {'; '.join(instrument.unverified)}.", file=sys.stderr)
    return 0


def _split(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _marked(columns: Columns, marks: Sequence[str]) -> Columns:
    missing = {*_MISSING, *marks}
    texts = {
        name: np.array([None if str(cell).strip() in missing else cell for cell in cells], dtype=object)
        for name, cells in columns.texts.items()
    }
    return columns.with_texts(texts)


def _score(
    instrument: Instrument, columns: Columns, items: Mapping[str, str], args: argparse.Namespace
) -> Mapping[str, Floats]:
    # Below a scale that starts at 0 no file has codes, so the sign of the shift says nothing there.
    starts_at_zero = all(item.low == 0 for item in instrument.items)
    shift = abs(args.shift) if starts_at_zero else args.shift
    answers = {item: columns.numbers(column) for item, column in items.items()}
    try:
        return instrument.score(answers, rule=args.rule, shift=shift, reverse=_split(args.reverse))
    except InstrumentError as error:
        if error.item is None or error.row is None:
            raise
        hint = "" if shift else " A file whose codes start higher needs --shift."
        raise columns.error(f"{error}{hint}", row=error.row, column=items[error.item]) from None


def _items(instrument: Instrument, names: Sequence[str], given: Sequence[str], file: str) -> dict[str, str]:
    """The column of each item, by --items, by the items' ids, or by a common name with the items' numbers."""
    if given:
        if len(given) != len(instrument.items):
            sentence = f"{instrument.title} has {len(instrument.items)} items; --items names {len(given)}."
            raise InputError(sentence)
        return dict(zip(instrument.item_ids, given, strict=True))
    plain = {_plain(name): name for name in names}
    by_id = {item: plain[_plain(item)] for item in instrument.item_ids if _plain(item) in plain}
    if len(by_id) == len(instrument.items):
        return by_id
    series = _series(plain, len(instrument.items))
    if by_id or len(series) != 1:
        absent = next(item for item in instrument.item_ids if item not in by_id)
        raise InputError(f"no column is the item {absent}; name the columns with --items.", file=file)
    return dict(zip(instrument.item_ids, series[0], strict=True))


def _plain(name: str) -> str:
    """Small letters and digits; zeros before the last number are dropped: ``PFI_01`` is ``pfi1``."""
    return re.sub(r"0*(\d+)$", r"\1", re.sub(r"[^a-z0-9]", "", name.lower()))


def _series(plain: Mapping[str, str], count: int) -> list[list[str]]:
    """Columns of one name with the numbers 1 to ``count``, and no further number."""
    stems: dict[str, dict[int, str]] = {}
    for short, name in plain.items():
        if (found := re.fullmatch(r"(.*?)(\d+)", short)) is not None:
            stems.setdefault(found[1], {})[int(found[2])] = name
    wanted = set(range(1, count + 1))
    return [[members[number] for number in sorted(wanted)] for members in stems.values() if set(members) == wanted]


def _rows(scores: Mapping[str, Floats], columns: Columns, items: Mapping[str, str]) -> list[dict[str, Any]]:
    named = {name: columns.texts[name] for name in ("id", "study_id", "wave", "time") if name in columns.texts}
    named = {name: cells for name, cells in named.items() if name not in items.values()}
    return [
        {"row": row + 1, "line": int(columns.lines[row])}
        | {name: cells[row] for name, cells in named.items()}
        | {name: None if math.isnan(values[row]) else float(values[row]) for name, values in scores.items()}
        for row in range(columns.n_rows)
    ]


def _report(
    instrument: Instrument, rule: str, items: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "instrument": instrument.id,
        "title": instrument.title,
        "rule": rule,
        "rule_says": instrument.rule(rule).title,
        "missing_rule": instrument.missing_rule,
        "source": instrument.source,
        "unverified": list(instrument.unverified),
        "items": dict(items),
        "scores": list(rows),
    }

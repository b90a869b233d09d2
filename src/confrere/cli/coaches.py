"""Coach-level results that may be shown: shrunken, and from five coachees on.

A row is a coachee; one column is the coach's code, one the answer (satisfaction, a score of fidelity). Values are drawn
towards the mean of all coaches, the more the fewer answers there are. Coaches with fewer than five answers are left
out, and others with them where they could be computed by subtraction. Rows are sorted by code: it is no ranking. The
study does not know who met whom, so the column of codes comes from whoever gave each coach a random code.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.errors import InputError
from confrere.cli.files import read_bytes
from confrere.cli.refusal import Refusal
from confrere.science.shrinkage import ShrinkageError, sentences, shrink

EXAMPLE = """  confrere coaches answers.csv --coach coach --value again
  confrere coaches answers.csv --coach coach --value fidelity --id id --json"""

_MISSING = frozenset({"", "NA", None})


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="one coachee a row")
    parser.add_argument("--coach", default="coach", metavar="COLUMN", help="the coaches' codes (default coach)")
    parser.add_argument("--value", required=True, metavar="COLUMN", help="the answers, as numbers")
    parser.add_argument("--id", metavar="COLUMN", help="who answered; someone who stands there twice is refused")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, shrink, leave out, print."""
    try:
        columns = read_csv(read_bytes(args.data), file=args.data.name)
        names, values = _answers(columns, args)
        codes, group = np.unique(names, return_inverse=True)
        shown = sentences(shrink(values, group), codes.tolist())
    except (InputError, ShrinkageError) as error:
        raise Refusal(f"{error}") from None
    rows = [{"coach": name, "value": value, "ci": [low, high]} for name, (value, low, high) in shown.items()]
    if args.json:
        print(json.dumps({"coaches": rows, "some_left_out": len(rows) < codes.size}, ensure_ascii=False))
        return 0
    for name, (value, low, high) in shown.items():
        print(f"{name}: {value:.1f} (95 % interval {low:.1f} to {high:.1f})")
    if len(rows) < codes.size:
        print("Some coaches are left out: fewer than five answers, or others could be computed from theirs.")
    return 0


def _answers(columns: Columns, args: argparse.Namespace) -> tuple[np.ndarray, np.ndarray]:
    """Codes and answers of the rows that have both; empty cells and NA are missing."""
    read = {
        name: np.array([None if cell in _MISSING else cell for cell in columns.column(name)], dtype=object)
        for name in (args.coach, args.value)
    }
    columns = columns.with_texts(read)
    names, values = columns.column(args.coach), columns.numbers(args.value)
    if args.id:
        seen: set[object] = set()
        for row, who in enumerate(columns.column(args.id)):
            if who in seen:
                raise columns.error(
                    f"{who} stands in two rows; one row a coachee is expected.", row=row, column=args.id
                )
            seen.add(who)
    known = np.array([name is not None for name in names], dtype=np.bool_) & ~np.isnan(values)
    if not known.any():
        raise InputError("no row has both a coach and an answer.", file=columns.file)
    return names[known].astype(str), values[known]

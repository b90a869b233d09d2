"""Check whether published numbers agree with each other.

Each row holds what a paper prints: an estimate with its interval and P, sizes, percentages, means and
standard deviations. A row *disagrees* when no exact values could have printed it so, *agrees* when a check
decides that they could, and is *undecidable* when none decides.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from confrere.analysis.columns import read_csv
from confrere.analysis.errors import InputError
from confrere.cli.files import read_bytes
from confrere.cli.refusal import Refusal
from confrere.science.consistency import COLUMNS, RowError, RowResult, check_row

EXAMPLE = "  confrere check published.csv --json\n\ncolumns that are read (others are left alone):\n" + "\n".join(
    f"  {name}{f' (or {", ".join(aliases)})' if aliases else ''}" for name, aliases in COLUMNS.items()
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="one published result a row, as printed")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, check every row, print."""
    try:
        columns = read_csv(read_bytes(args.file), file=args.file.name)
        results = []
        for row in range(columns.n_rows):
            try:
                results.append(check_row({name: str(cells[row]) for name, cells in columns.texts.items()}))
            except RowError as error:
                raise columns.error(f"{error}", row=row, column=error.column) from None
    except InputError as error:
        raise Refusal(f"{error}") from None
    if args.json:
        print(json.dumps(_report(results), ensure_ascii=False))
    else:
        for number, result in enumerate(results, 1):
            print(f"{number}. {result.name or 'row'}: {result.verdict}. {result.reason}".replace(".. ", ". "))
    return 0


def _report(results: list[RowResult]) -> dict[str, Any]:
    tally = Counter(result.verdict for result in results)
    return {
        "rows": [
            {
                "row": number,
                "name": result.name,
                "verdict": result.verdict,
                "reason": result.reason,
                "checks": [
                    {"check": finding.check, "verdict": finding.verdict, "reason": finding.reason}
                    for finding in result.findings
                ],
            }
            for number, result in enumerate(results, 1)
        ],
        "agrees": tally["agrees"],
        "disagrees": tally["disagrees"],
        "undecidable": tally["undecidable"],
    }

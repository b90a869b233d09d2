"""Analyse a trial's data file by a plan.

Reads DATA.csv (UTF-8 with a header; or Parquet), follows PLAN.toml, prints Table 3 and writes the results, a report to
read (HTML, Word, PDF), the tables and the figures into a new folder. Nothing is written when the input is wrong.
"""

import argparse
import json
import sys
from pathlib import Path

from confrere.analysis import Columns, InputError, Plan, Results, as_json, read_data, read_plan, table3, table_text
from confrere.analysis import run as analyse
from confrere.analysis.checks import CheckError
from confrere.analysis.names import outcome_words, spoken
from confrere.analysis.reproduce import reproduction
from confrere.analysis.write import check_folder, write_report
from confrere.cli.progress import Stages
from confrere.cli.refusal import Refusal

EXAMPLE = """  confrere analyze trial.csv --plan plan.toml --out results
  confrere analyze trial.csv --plan plan.toml --out results --json > results.json
  confrere analyze trial.csv --plan plan.toml --out results --reproduce && cd results/reproduce && Rscript primary.R"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "data", type=Path, metavar="DATA.csv", help="one row per participant and wave, or per participant"
    )
    parser.add_argument("--plan", type=Path, required=True, metavar="PLAN.toml", help="what to analyse, and how")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make; must be new or empty")
    parser.add_argument(
        "--reproduce",
        action="store_true",
        help="add a folder with copies of both files, hashes and an R script that repeats the primary model",
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON instead of Table 3")


def run(args: argparse.Namespace) -> int:
    """Read, analyse, write, print."""
    stages = Stages()
    try:
        check_folder(args.out)
        plan = read_plan(_text(args.plan), file=args.plan.name)
        content = _bytes(args.data)
        columns = read_data(content, file=args.data.name)
        stages.begin(f"Analysing {columns.n_rows} rows")
        results = analyse(plan, columns)
        stages.begin("Writing the report")
        more = _reproduction(args, plan, columns, results, content) if args.reproduce else {}
        write_report(results, args.out, more=more)
    except InputError as error:
        raise Refusal(f"{error}") from None
    except CheckError as error:
        print(error, file=sys.stderr)
        return 1
    _say(results, as_json_wanted=args.json)
    print(f"The report is in {args.out}.", file=sys.stderr)
    return 0


def _reproduction(
    args: argparse.Namespace, plan: Plan, columns: Columns, results: Results, content: bytes
) -> dict[str, bytes]:
    originals = {args.data.name: content, args.plan.name: _bytes(args.plan)}
    found = reproduction(plan, columns, results, originals=originals)
    return {f"reproduce/{name}": file for name, file in found.items()}


def _say(results: Results, *, as_json_wanted: bool) -> None:
    if as_json_wanted:
        print(json.dumps(as_json(results), ensure_ascii=False))
        return
    for chosen, one in enumerate(results.sets):
        print(table_text(table3(results, chosen=chosen)))
        for outcome in one.outcomes:
            for warning in outcome.warnings:
                print(f"Note on {outcome_words(outcome.outcome)}: {spoken(results.plan, warning)}")
        print()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path}: this file cannot be read ({error.strerror}).") from None


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path}: the plan is not UTF-8 text.") from None

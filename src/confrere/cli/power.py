"""Simulate a planned trial and say how often it would find its effect.

Reads the [design] of PLAN.toml (people, mean changes, SD, correlation, dropout) and its [model], draws trials, fits
each as `confrere analyze` would, and counts. With all changes 0 the power is the type I error.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from confrere.analysis import InputError
from confrere.analysis.power_files import write_power_report
from confrere.analysis.power_plan import PowerPlan, read_power_plan
from confrere.analysis.power_report import PowerReport, as_json, as_text, ask_power, read_curve
from confrere.analysis.write import check_folder
from confrere.cli.files import read_text
from confrere.cli.refusal import Refusal
from confrere.cli.workers import workers
from confrere.science.mixed import ModelError

EXAMPLE = """  confrere power --plan plan.toml
  confrere power --plan plan.toml --curve n=60:200:20 --detect 0.8 --out power
  confrere power --plan plan.toml --json > power.json

the least that PLAN.toml holds:
  [design]
  total = 100
  mean_changes = { control = 0.0, intervention = -0.5 }
  sd = 1.0
  icc = 0.6
  dropout = 0.1"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--plan", type=Path, required=True, metavar="PLAN.toml", help="the plan, with a [design]")
    parser.add_argument("--simulations", type=int, metavar="N", help="how many trials, instead of the plan's number")
    parser.add_argument("--seed", type=int, metavar="N", help="where chance begins, instead of the plan's number")
    parser.add_argument(
        "--curve",
        action="append",
        default=[],
        metavar="WHAT=FROM:TO:STEP",
        help="power along n (people in all) or effect (true difference in change); may be repeated",
    )
    parser.add_argument(
        "--detect", type=float, metavar="POWER", help="find the smallest effect that has this power, such as 0.8"
    )
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="processes on this machine")
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, such as tcp://10.0.0.5:8786")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to make for a report; must be new or empty")
    parser.add_argument("--json", action="store_true", help="print the results as JSON instead of sentences")


def run(args: argparse.Namespace) -> int:
    """Read, simulate, write, print."""
    try:
        if args.out is not None:
            check_folder(args.out)
        plan = _plan(args)
        report = _report(args, plan)
        if args.out is not None:
            write_power_report(report, args.out)
    except (InputError, ModelError) as error:
        raise Refusal(f"{error}") from None
    print(json.dumps(as_json(report), ensure_ascii=False) if args.json else as_text(report))
    if args.out is not None:
        print(f"The report is in {args.out}.", file=sys.stderr)
    return 0


def _plan(args: argparse.Namespace) -> PowerPlan:
    plan = read_power_plan(read_text(args.plan), file=args.plan.name)
    for key, low in (("simulations", 1), ("seed", 0)):
        given = getattr(args, key)
        if given is not None and given < low:
            raise Refusal(f"--{key}: a whole number from {low} is expected.")
    if args.detect is not None and not plan.analysis.alpha < args.detect < 1:
        raise Refusal("--detect: a power above alpha and below 1 is expected, such as 0.8.")
    simulations = plan.simulations if args.simulations is None else args.simulations
    return replace(plan, simulations=simulations, seed=plan.seed if args.seed is None else args.seed)


def _report(args: argparse.Namespace, plan: PowerPlan) -> PowerReport:
    curves = [read_curve(words, plan) for words in args.curve]
    start = time.perf_counter()
    with workers(processes=args.processes, cluster=args.cluster) as mapper:
        report = ask_power(plan, curves=curves, wanted=args.detect, mapper=mapper)
    return replace(report, seconds=time.perf_counter() - start)

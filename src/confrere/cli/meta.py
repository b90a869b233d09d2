"""Pool the effects of several studies.

A row is a study: its effect and sampling variance (columns yi and vi), or what a paper prints of two groups:
means (m1i sd1i n1i m2i sd2i n2i, with --measure MD or SMD) or counts with and without the event (ai bi ci di,
with --measure RR, OR or RD). Ratios are pooled as logarithms.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, isnan
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.errors import InputError
from confrere.cli.files import read_bytes
from confrere.cli.refusal import Refusal
from confrere.science.meta import MEASURES, METHODS, Effects, Measure, MetaError, Pooled, from_means, from_tables, pool
from confrere.science.meta.effects import LOGARITHMIC, Vector

EXAMPLE = """  confrere meta studies.csv --yi yi --vi vi --method REML --knapp-hartung --json
  confrere meta trials.csv --measure SMD
  confrere meta counts.csv --measure RR --column ai=events --column bi=others"""
_MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
_COUNTS = ("ai", "bi", "ci", "di")
_NAMES = ("study", "author", "trial", "id", "name")


@dataclass(frozen=True, slots=True)
class _Studies:
    columns: Columns
    effects: Effects
    names: tuple[str, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="one study a row")
    parser.add_argument("--yi", help="the column of the effects (default yi)")
    parser.add_argument("--vi", help="the column of their sampling variances (default vi)")
    parser.add_argument("--measure", type=str.upper, choices=list(MEASURES), help="compute the effects from groups")
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=COLUMN", help="where another name stands in the file"
    )
    parser.add_argument("--study", help=f"the column of the studies' names (default the first of {', '.join(_NAMES)})")
    parser.add_argument("--method", type=str.upper, choices=list(METHODS), default="REML", help="how tau2 is estimated")
    parser.add_argument("--knapp-hartung", action="store_true", help="Knapp and Hartung's test and interval")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals (default 0.95)")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, compute the effects, pool, print."""
    if not 0.5 <= args.level < 1:
        raise Refusal("--level: a confidence level between 0.5 and 1 is expected, such as 0.95.")
    try:
        studies = _studies(read_csv(read_bytes(args.data), file=args.data.name), args)
        found = _pooled(studies, args)
    except InputError as error:
        raise Refusal(f"{error}") from None
    report = _report(studies, found, args.measure)
    print(json.dumps(report, ensure_ascii=False) if args.json else _text(report))
    return 0


def _studies(columns: Columns, args: argparse.Namespace) -> _Studies:
    if args.measure is None:
        y, v = (columns.numbers(given or default) for given, default in ((args.yi, "yi"), (args.vi, "vi")))
        return _Studies(columns, Effects(y, v, np.zeros(y.size, dtype=np.bool_)), _names(columns, args.study))
    if args.yi or args.vi:
        raise Refusal("--measure computes the effects from the groups; leave out --yi and --vi.")
    wanted = _MEANS if args.measure in ("MD", "SMD") else _COUNTS
    renamed = _renamed(args.column, wanted)
    values = {name: columns.numbers(renamed.get(name, name)) for name in wanted}
    _sensible(columns, values, renamed)
    return _Studies(columns, _effects(args.measure, values), _names(columns, args.study))


def _effects(measure: Measure, values: Mapping[str, Vector]) -> Effects:
    if measure in ("RR", "OR", "RD"):
        return from_tables(measure, values["ai"], values["bi"], values["ci"], values["di"])
    first, second = ((values[f"m{g}i"], values[f"sd{g}i"], values[f"n{g}i"]) for g in (1, 2))
    return from_means(cast('Literal["MD", "SMD"]', measure), first, second)


def _renamed(given: list[str], wanted: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(word.partition("=")[::2] for word in given)
    for name, column in pairs.items():
        if name not in wanted or not column:
            raise Refusal(f"--column: NAME=COLUMN is expected, with a name among {', '.join(wanted)}.")
    return pairs


def _sensible(columns: Columns, values: Mapping[str, Any], renamed: Mapping[str, str]) -> None:
    """Sizes from two on, spreads above zero, counts from zero on and somebody in each group."""
    for name, cells in values.items():
        least, what = {"n": (2, "at least 2"), "s": (0, "above zero"), "m": (-np.inf, "")}.get(
            name[0], (0, "a count from zero on")
        )
        wrong = np.flatnonzero(~(cells > least) if name[0] == "s" else ~(cells >= least))
        if wrong.size:
            row, column = int(wrong[0]), renamed.get(name, name)
            raise columns.error(f"{cells[row]:g} stands here; {what} is expected.", row=row, column=column)
    for first, second in (("ai", "bi"), ("ci", "di")):
        empty = np.flatnonzero(values[first] + values[second] == 0) if first in values else np.array([], dtype=int)
        if empty.size:
            raise columns.error("nobody is in this group.", row=int(empty[0]), column=renamed.get(first, first))


def _names(columns: Columns, given: str | None) -> tuple[str, ...]:
    column = given or next((name for name in _NAMES if name in columns.texts), None)
    if column is None:
        return tuple(f"row {row + 1}" for row in range(columns.n_rows))
    return tuple(str(cell) for cell in columns.column(column))


def _pooled(studies: _Studies, args: argparse.Namespace) -> Pooled:
    effects = studies.effects
    try:
        return pool(effects.yi, effects.vi, method=args.method, knapp_hartung=args.knapp_hartung, level=args.level)
    except MetaError as error:
        if error.row is None:
            raise Refusal(f"{args.data.name}: {error}") from None
        raise studies.columns.error(f"{error}", row=error.row, column=args.vi or "vi") from None


def _report(studies: _Studies, found: Pooled, measure: Measure | None) -> dict[str, Any]:
    effects = studies.effects
    report: dict[str, Any] = {
        "measure": "effect as given" if measure is None else MEASURES[measure],
        "method": found.method,
        "knapp_hartung": found.knapp_hartung,
        "level": found.level,
        "k": found.k,
        "estimate": found.estimate,
        "se": found.se,
        "statistic": found.statistic,
        "df": found.df,
        "p": found.p,
        "ci": list(found.ci),
        "prediction": _pair(found.prediction),
        "prediction_t": _pair(found.prediction_t),
        "tau2": found.tau2,
        "tau2_ci": list(found.tau2_ci),
        "I2": found.i2,
        "H2": found.h2,
        "Q": found.q,
        "Q_df": found.q_df,
        "Q_p": found.q_p,
        "studies": [
            {
                "study": name,
                "line": int(studies.columns.lines[row]),
                "yi": float(effects.yi[row]),
                "vi": float(effects.vi[row]),
                "weight": float(found.weights[row]),
                "pooled_without": None if isnan(found.without[row]) else float(found.without[row]),
                "half_added": bool(effects.corrected[row]),
            }
            for row, name in enumerate(studies.names)
        ],
    }
    if measure in LOGARITHMIC:
        report["ratio"] = {
            "estimate": exp(found.estimate),
            "ci": [exp(end) for end in found.ci],
            "prediction": None if found.prediction is None else [exp(end) for end in found.prediction],
        }
    return report


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


def _text(report: Mapping[str, Any]) -> str:
    level = f"{100 * report['level']:g} % CI"
    width = max(len(study["study"]) for study in report["studies"])
    lines = [f"{'study':<{width}}  {'effect':>9}  {'SE':>8}  weight"]
    for study in report["studies"]:
        se = study["vi"] ** 0.5
        mark = "  (1/2 added to each cell)" if study["half_added"] else ""
        lines.append(f"{study['study']:<{width}}  {study['yi']:9.4g}  {se:8.4g}  {study['weight']:5.1f} %{mark}")
    lines += ["", f"{report['measure']}, {report['k']} studies, {report['method']}"]
    lines.append(f"pooled      {report['estimate']:.4g}   {level} {_ends(report['ci'])}   P = {report['p']:.2g}")
    if "ratio" in report:
        lines.append(f"as a ratio  {report['ratio']['estimate']:.4g}   {level} {_ends(report['ratio']['ci'])}")
    if report["prediction"] is not None:
        lines.append(f"the effect in a new study lies within {_ends(report['prediction'])}")
    lines.append(f"tau2        {report['tau2']:.4g}   {level} {_ends(report['tau2_ci'])}   I2 = {report['I2']:.1f} %")
    lines.append(f"Q           {report['Q']:.4g} on {report['Q_df']} degrees of freedom, P = {report['Q_p']:.2g}")
    return "\n".join(lines)


def _ends(interval: list[float]) -> str:
    return f"{interval[0]:.4g} to {interval[1]:.4g}"

"""Random trials through this package and R: `python validation/campaign/campaign.py FOLDER [COUNT] [SEED]`.

Writes every case to FOLDER, lets `campaign.R` fit it by other means, and prints each number that differs beyond its
tolerance, with the largest difference per quantity at the end. Exit 1 where anything differs.
"""

import csv
import json
import math
import re
import subprocess
import sys
import traceback
from collections import defaultdict
from pathlib import Path
from typing import Any

from cases import Case, case

from confrere.analysis import InputError, as_json, columns_from, plan_from, run

HERE = Path(__file__).parent
TOLERANCE = {
    "loglik": 1e-6,
    "estimate": 2e-6,
    "se": 5e-6,
    "df": 1e-3,
    "mean": 2e-6,
    "mean se": 5e-6,
    "mean df": 1e-3,
    "F": 2e-5,
    "den df": 1e-3,
    "variance": 2e-5,
    "robust se": 5e-6,
    "robust df": 1e-3,
    "higher": 1e-6,
}
"""Relative, but for the log-likelihood and what optim still finds above it (absolute). The search of lmer ends near
1e-5 of a standard error, its Hessian and numDeriv's are good to four digits."""


def main(folder: Path, count: int, seed: int) -> int:
    """Run ``count`` cases; 0 where all agree."""
    folder.mkdir(parents=True, exist_ok=True)
    ours = {number: _ours(case(seed, number), folder) for number in range(count)}
    subprocess.run(["Rscript", str(HERE / "campaign.R"), str(folder)], check=True)  # noqa: S603, S607  # our own script
    worst: dict[str, tuple[float, int]] = {}
    tally: dict[str, int] = defaultdict(int)
    bad = 0
    for number, mine in ours.items():
        said, differing = _judge(case(seed, number), mine, folder / f"{number:04d}.r.json", worst)
        tally[said] += 1
        bad += bool(differing)
        for line in differing:
            print(f"{number:04d} {said}: {line}")  # noqa: T201  # a command
    for name, (size, number) in sorted(worst.items()):
        print(f"largest {name}: {size:.2e} (case {number:04d}; tolerance {TOLERANCE[name]:g})")  # noqa: T201
    print(dict(tally), f"{bad} cases differ")  # noqa: T201
    return int(bad > 0)


def _ours(one: Case, folder: Path) -> dict[str, Any]:
    """What this package says, and the case's files for R where it says anything."""
    path = folder / f"{one.number:04d}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([list(one.table), *zip(*one.table.values(), strict=True)])
    spec: dict[str, Any] = {
        "plan": one.plan,
        "kind": one.kind,
        "unit": one.unit,
        "offset": one.offset,
        "covariance": None,
    }
    try:
        found = as_json(run(plan_from(one.plan), columns_from(one.table)))["sets"][0]["outcomes"][0]
    except InputError as error:
        found = {"refused": str(error)}
    except Exception:  # a fault that the campaign is here to find
        found = {"fault": traceback.format_exc(limit=-3)}
    else:
        spec["covariance"] = found["covariance"] or _two(found, len(set(one.table["time"])))
    spec["ours"] = found
    if "refused" not in found and "fault" not in found and not (one.kind == "structure" and spec["covariance"] is None):
        path.with_suffix(".json").write_text(json.dumps(spec))
    else:
        path.with_suffix(".refused").write_text(json.dumps(spec))
    return found


def _two(found: dict[str, Any], waves: int) -> list[list[float]] | None:
    """A compound-symmetric matrix from its two variances."""
    parts = found["variance"]
    if parts is None or "id" not in parts:
        return None
    first = {row["wave"] for row in found["means"]}
    size = min(waves, len(first))
    return [[parts["id"] + (parts["residual"] if i == j else 0.0) for j in range(size)] for i in range(size)]


def _judge(one: Case, mine: dict[str, Any], file: Path, worst: dict[str, tuple[float, int]]) -> tuple[str, list[str]]:
    for what in ("refused", "fault"):
        if what in mine:
            return what, [mine[what]]
    if not file.exists():
        return "not compared", []
    theirs = json.loads(file.read_text())
    if "error" in theirs:
        return "R fails", [str(theirs["error"])]
    differing: list[str] = []

    def compare(name: str, our: float | None, their: float | None, what: str, *, absolute: bool = False) -> None:
        if our is None or their is None:
            return
        size = abs(our - their) / (1.0 if absolute else max(abs(their), 1e-300))
        if name.endswith("df") and min(our, their) > 1e6:
            return
        if size > worst.get(name, (0.0, 0))[0]:
            worst[name] = (size, one.number)
        if not size <= TOLERANCE[name]:
            differing.append(f"{name} {what}: {our!r} against {their!r}")

    mine = _in_units(mine, one)
    compare("loglik", mine["loglik"], theirs["loglik"][0], "", absolute=True)
    if "best" in theirs and theirs["best"][0] > TOLERANCE["higher"]:
        differing.append(f"optim finds a log-likelihood higher by {theirs['best'][0]:g}")
    rows = {_plain(row["term"]): row for row in mine["coefficients"]}
    names = [_plain(_ours_of(name)) for name in theirs["names"]]
    if sorted(names) != sorted(rows):
        differing.append(f"columns {sorted(rows)} against {sorted(names)}")
        return "differs", differing
    robust = theirs.get("robust") or theirs.get("robust_by_brute")
    is_robust = one.plan["model"]["se"] != "model"
    # R counts years and, where the outcome has an origin, baselines from elsewhere
    moved = {"(Intercept)"} if {"born", "baseline"} & set(names) else set()
    moved |= {name for name in names if one.offset and ":".join(sorted(("baseline", name))) in names}
    for j, name in enumerate(names):
        if name in moved:
            continue
        row = rows[name]
        if theirs["se"][j] is None:
            continue
        size = max(1e-300, abs(theirs["se"][j]))
        compare("estimate", row["estimate"] / size, theirs["estimate"][j] / size, name, absolute=True)
        if theirs.get("rough") and one.plan["model"]["df"] == "kenward-roger":
            continue
        if not is_robust:
            compare("se", row["se"], theirs["se"][j], name)
            compare("df", row["df"], (theirs.get("df") or [None] * len(names))[j], name)
        elif robust and not _also_close(row["se"], theirs, j):
            compare("robust se", row["se"], robust["se"][j], name)
            compare("robust df", row["df"], (robust.get("df") or [None] * len(names))[j], name)
    _compare_rest(one, mine, theirs, compare)
    return ("differs" if differing else "agrees"), differing


def _also_close(se: float | None, theirs: dict[str, Any], j: int) -> bool:
    """Whether only clubSandwich differs: where a participant has a direction without residuals (the only one at some
    level) it inverts what rounding left; whole matrices with a pseudo-inverse do not."""
    plain = theirs.get("robust_by_brute")
    known = se is not None and plain is not None and "robust" in theirs
    return known and abs(se - plain["se"][j]) <= TOLERANCE["robust se"] * plain["se"][j]


def _in_units(mine: dict[str, Any], one: Case) -> dict[str, Any]:
    """Our numbers about ``z`` instead of ``offset + unit * z``."""
    reml, k = one.plan["model"]["estimation"] == "reml", len(mine["coefficients"])
    logs = (mine["n_obs"] - reml * k) * math.log(one.unit)
    if one.plan["model"]["baseline_as"] == "covariate":
        waves = sum(row["term"].startswith("baseline") for row in mine["coefficients"])
        logs += reml * waves * math.log(one.unit)
    covered = {"baseline"} | {row["term"] for row in mine["coefficients"] if row["term"].startswith("baseline:")}

    def scaled(row: dict[str, Any]) -> dict[str, Any]:
        plain = row.get("term") in covered or row.get("estimate") is None
        origin = one.offset if row.get("wave") or row.get("term") == "(Intercept)" else 0.0
        unit = 1.0 if plain else one.unit
        return row if plain else row | {"estimate": (row["estimate"] - origin) / unit, "se": row["se"] / unit}

    variance = mine["variance"] and {name: value / one.unit**2 for name, value in mine["variance"].items()}
    return mine | {
        "loglik": mine["loglik"] + logs,
        "variance": variance,
        "coefficients": [scaled(row) for row in mine["coefficients"]],
        "means": [scaled(row) for row in mine["means"]],
    }


def _compare_rest(one: Case, mine: dict[str, Any], theirs: dict[str, Any], compare: Any) -> None:
    if theirs.get("variance") and mine["variance"]:
        total = sum(theirs["variance"])
        for name, value in zip(("id", "residual"), theirs["variance"], strict=True):
            compare("variance", mine["variance"][name] / total, value / total, name, absolute=True)
    means = {(row["arm"], row["wave"]): row for row in mine["means"]}
    margins = theirs.get("margins") or {"arm": []}
    for j, arm in enumerate(margins["arm"]):
        row = means[arm, margins["wave"][j]]
        if row["estimate"] is not None:
            what = f"{arm} {margins['wave'][j]}"
            compare("mean", row["estimate"] / row["se"], margins["estimate"][j] / row["se"], what, absolute=True)
            compare("mean se", row["se"], margins["se"][j], what)
            compare("mean df", row["df"], margins["df"][j], what)
    # with a number in an interaction, type 3 asks at its zero, and R's zero is another
    covered = {"arm", "time"} if one.offset and one.plan["model"]["baseline_as"] == "covariate" else set()
    covered_2 = {"time"} if covered else set()
    for key, type_ in (("joint_tests", "anova3"), ("joint_tests_type_2", "anova2")):
        table = theirs.get(type_) or {"effect": []}
        found = {row["effect"]: row for row in mine.get(key) or []}
        for j, effect in enumerate(table["effect"]):
            skip = (
                one.plan["model"]["baseline_as"] == "constrained" and effect == "time"
            )  # R knows no interaction there
            skip |= effect == "(Intercept)" or effect in (covered if key == "joint_tests" else covered_2)
            if not skip and effect in found and table["num"][j] == found[effect]["num_df"]:
                compare("F", found[effect]["F"], table["F"][j], f"{type_} {effect}")
                compare("den df", found[effect]["den_df"], table["den"][j], f"{type_} {effect}")


def _ours_of(name: str) -> str:
    """R's name of a column as ours."""
    made = re.fullmatch(r"x_(arm\d+)_(.+)", name)
    if made:
        return f"{made[1]}:{made[2]}"
    return name


def _plain(name: str) -> str:
    """A name without brackets and factor names, its parts in alphabetical order."""
    parts = [re.sub(r"^(arm|time|gender|site)\[(.*)\]$", r"\2", part) for part in name.split(":")]
    parts = [re.sub(r"^(arm(?=arm)|time(?=w)|gender(?=woman|man|other)|site(?=s\d))", "", part) for part in parts]
    return ":".join(sorted(parts))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    numbers = [int(one) for one in arguments[1:]]
    sys.exit(main(Path(arguments[0]), *(numbers + [300, 1][len(numbers) :])))

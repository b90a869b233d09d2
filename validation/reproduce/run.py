"""Run the R scripts that `confrere analyze --reproduce` writes, for many models, and print how far R is apart.

    python validation/reproduce/run.py [PART OF A NAME …]

Needs Rscript with lme4, lmerTest, pbkrtest and nlme. The data of `../shared/reference/stats/data` are used where they
are; the simulated trial of tests/data always is.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from confrere.analysis import plan_from, read_csv, run
from confrere.analysis.reproduce import reproduction

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "reference" / "stats" / "data"
KISER: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "outcomes": [{"name": "burnout"}],
}
BTHEB: dict[str, Any] = {
    "columns": {"id": "subject", "arm": "treatment", "wave": "time"},
    "arms": {"control": "TAU", "intervention": "BtheB"},
    "waves": {"baseline": "m0", "order": ["m0", "m2", "m3", "m5", "m8"]},
    "outcomes": [{"name": "bdi"}],
}
TEETH: dict[str, Any] = {
    "columns": {"id": "Subject", "arm": "Sex", "wave": "age"},
    "arms": {"control": "Female", "intervention": "Male"},
    "waves": {"baseline": "8"},
    "outcomes": [{"name": "distance"}],
}
STRATA = {
    "covariates": ["gender", "department_of_medicine"],
    "levels": {"gender": ["woman", "man", "prefer_not_to_say"], "department_of_medicine": ["no", "yes"]},
}
DRUG = {"covariates": ["drug", "length"], "levels": {"drug": ["No", "Yes"], "length": ["lt6m", "gt6m"]}}
MODELS: dict[str, dict[str, Any]] = {
    "random intercept": {},
    "Satterthwaite": {"df": "satterthwaite"},
    "Kenward-Roger, expected": {"df": "kenward-roger-expected"},
    "maximum likelihood": {"estimation": "ml"},
    "one baseline mean": {"baseline_as": "constrained"},
    "baseline as covariate": {"baseline_as": "covariate"},
    "compound symmetry": {"covariance": "compound-symmetry", "df": "satterthwaite"},
    "unstructured": {"covariance": "unstructured"},
    "heterogeneous ar1": {"covariance": "heterogeneous-ar1"},
    "toeplitz": {"covariance": "toeplitz"},
    "heterogeneous toeplitz": {"covariance": "heterogeneous-toeplitz"},
    "ante-dependence": {"covariance": "ante-dependence", "df": "satterthwaite"},
    "ante-dependence, maximum likelihood": {"covariance": "ante-dependence", "estimation": "ml"},
}

ONE_ROW = {"baseline_as": "covariate"}
LOGISTIC: list[tuple[str, str, dict[str, Any]]] = [
    ("logistic", "fulfilled", {}),
    ("logistic, separation", "burnout_high", STRATA),
    ("logistic, separated rows left out", "burnout_high", STRATA | {"separation": "drop"}),
    ("logistic, baseline as covariate", "fulfilled", ONE_ROW),
    ("logistic, baseline as covariate, Firth", "fulfilled", ONE_ROW | STRATA | {"separation": "firth"}),
]
COACHED = ROOT / "tests" / "data" / "kiser_sim.csv"
"""Simulated coaches are added to it: every seventh participant of the coached arm has the same."""
ACTS = {"column": "coach", "arm": "coaching"}
COACHES: dict[str, dict[str, Any]] = {
    "all rows": {"cluster": ACTS},
    "after the baseline": {"cluster": ACTS | {"rows": "after-baseline"}, "df": "kenward-roger-expected"},
    "baseline as covariate": {"cluster": ACTS, "baseline_as": "covariate", "df": "satterthwaite"},
}


def content_of(name: str, data: Path) -> bytes:
    """The file's bytes; with a column of simulated coaches where the name asks for it."""
    if "with coaches" not in name:
        return data.read_bytes()
    head, *rows = data.read_text().splitlines()
    coached = [f"{row},{'k' + str(int(row[1:4]) % 7) if ',coaching,' in row else ''}" for row in rows]
    return "\n".join([f"{head},coach", *coached, ""]).encode()


def cases() -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Name, data file and plan of each."""
    for model, keys in MODELS.items():
        yield f"kiser_sim, {model}", ROOT / "tests" / "data" / "kiser_sim.csv", KISER | {"model": STRATA | keys}
        yield f"btheb, {model}", SHARED / "btheb_long.csv", BTHEB | {"model": DRUG | keys}
    for binary, name, keys in LOGISTIC:
        outcome = {"name": name, "kind": "binary", **keys}
        yield f"kiser_sim, {binary}", ROOT / "tests" / "data" / "kiser_sim.csv", KISER | {"outcomes": [outcome]}
    for name, keys in COACHES.items():
        yield f"kiser_sim with coaches, {name}", COACHED, KISER | {"model": STRATA | keys}
    for name, keys in (("linear time", {}), ("linear time, one baseline mean", {"baseline_as": "constrained"})):
        yield f"orthodont, {name}", SHARED / "orthodont.csv", TEETH | {"model": {"time": "linear"} | keys}


def main() -> None:
    """One line per model: the exit code of R and what its script printed last."""
    wanted = sys.argv[1:]
    for name, data, tables in cases():
        if not data.exists() or (wanted and not any(word in name for word in wanted)):
            continue
        content = content_of(name, data)
        plan, columns = plan_from(tables), read_csv(content)
        files = reproduction(plan, columns, run(plan, columns), originals={data.name: content, "plan": b""})
        with tempfile.TemporaryDirectory() as folder:
            for file in ("rows.csv", "primary.R"):
                (Path(folder) / file).write_bytes(files[file])
            command = ["Rscript", "primary.R"]
            found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        said = [line.rpartition(":")[2].strip() for line in found.stdout.splitlines() if "difference" in line]
        print(f"| {name} | {' | '.join(said)} | {'agrees' if found.returncode == 0 else found.stderr[-200:]} |")  # noqa: T201


if __name__ == "__main__":
    main()

"""Reference fits of R: the simulated Kiser trial ships with the tests, the other data sets stay outside."""

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import Design, make_design

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("CONFRERE_SHARED", ROOT.parent / "shared")) / "reference" / "stats"
OURS = ROOT / "tests" / "data"


@dataclass(frozen=True)
class Case:
    """One reference fit with its design rebuilt from the R formula."""

    reference: dict[str, Any]
    design: Design
    outcome: NDArray[np.float64]
    cluster: NDArray[np.intp]


def _column(rows: list[dict[str, str]], name: str, levels: dict[str, list[str]]) -> dict[str, NDArray[np.float64]]:
    if name in levels:
        return {f"{name}{x}": np.array([r[name] == x for r in rows], float) for x in levels[name][1:]}
    return {name: np.array([float(r[name]) for r in rows])}


def references(file: str) -> dict[str, Any]:
    """R's numbers of one data set, by model."""
    folder = OURS if file == "kiser_sim" else SHARED
    if not folder.exists():
        pytest.skip("the reference data sets are not here; set CONFRERE_SHARED to their folder")
    models: dict[str, Any] = json.loads((folder / f"{file}.json").read_text())["models"]
    return models


def read_case(file: str, model: str) -> Case:
    """The rows, the design of the formula's fixed part and R's numbers of one model."""
    data = OURS if file == "kiser_sim" else SHARED / "data"
    reference = references("dyestuff" if file == "dyestuff2" else file)[model]
    name = {"btheb": "btheb_long"}.get(file, file)
    with (data / f"{name}.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    outcome, _, right = reference["formula"].partition(" ~ ")
    fixed, _, group = right.partition(" + (1 | ") if " + (1" in right else ("1", "", "Batch)")
    group = group.rstrip(")")
    for row in rows:
        if "fage" in right:
            row["fage"] = row["age"]
        if "month" in fixed:
            row["month"] = row["time"].lstrip("m")
        row["post_coaching"] = str(int(row.get("time") == "month3" and row.get("arm") == "coaching"))
    if model.startswith("mitt"):
        rows = [row for row in rows if row["mitt"] == "1"]
    if model == "hsaur_month":
        rows = [row for row in rows if row["time"] != "m0"]
    rows = [row for row in rows if row[outcome] not in {"", "NA"}]
    pieces = [part.split(" * ") for part in fixed.split(" + ") if part != "1"]
    terms = [term for part in pieces for term in part] + [":".join(part) for part in pieces if len(part) > 1]
    columns: dict[str, NDArray[np.float64]] = {"(Intercept)": np.ones(len(rows))}
    owner = {"(Intercept)": "(Intercept)"}
    for term in terms:
        made = {"": np.ones(len(rows))}
        for part in term.split(":"):
            more = _column(rows, part, reference["levels"])
            made = {f"{a}:{b}".lstrip(":"): u * v for b, v in more.items() for a, u in made.items()}
        columns |= made
        owner |= dict.fromkeys(made, term)
    assert list(columns) == [row["name"] for row in reference["fixed"]]
    _, cluster = np.unique([row[group] for row in rows], return_inverse=True)
    return Case(
        reference=reference,
        design=make_design(np.column_stack(list(columns.values())), tuple(columns), tuple(owner[c] for c in columns)),
        outcome=np.array([float(row[outcome]) for row in rows]),
        cluster=cluster,
    )


@pytest.fixture(
    params=[
        ("kiser_sim", "mitt_lmm"),
        ("kiser_sim", "itt_lmm"),
        ("kiser_sim", "mitt_fulfilment_lmm"),
        ("kiser_sim", "mitt_clda_lmm"),
        ("btheb", "repeated_baseline"),
        ("btheb", "hsaur_month"),
        ("orthodont", "linear_age"),
        ("orthodont", "factor_age"),
        ("sleepstudy", "random_intercept"),
        ("dyestuff", "dyestuff"),
        ("dyestuff2", "dyestuff2_boundary"),
    ],
    ids=lambda pair: f"{pair[0]}-{pair[1]}",
)
def case(request: pytest.FixtureRequest) -> Case:
    """Each reference fit with a random intercept."""
    return read_case(*request.param)


@pytest.fixture
def kiser() -> Case:
    """The modified intention-to-treat fit of the simulated Kiser trial."""
    return read_case("kiser_sim", "mitt_lmm")


@pytest.fixture
def load() -> Callable[[str, str], Case]:
    """Any reference fit by data set and model."""
    return read_case


@pytest.fixture
def models() -> Callable[[str], dict[str, Any]]:
    """R's numbers of one data set, by model."""
    return references

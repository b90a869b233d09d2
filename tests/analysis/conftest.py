"""Small self-made trials, and the reference data where they are."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import Columns, Plan, columns_from, plan_from

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "data"
SHARED = Path(os.environ.get("CONFRERE_SHARED", ROOT.parent / "shared")) / "reference" / "stats"

PLAN: dict[str, Any] = {
    "trial": {"title": "Made up"},
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "outcomes": [{"name": "score", "better": "lower", "role": "primary"}],
}
TABLE: dict[str, list[Any]] = {
    "id": ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f"],
    "arm": ["c", "c", "c", "c", "c", "c", "t", "t", "t", "t", "t"],
    "wave": ["0", "3", "0", "3", "0", "3", "0", "3", "0", "3", "0"],
    "score": [3.0, 3.5, 4.0, 3.5, 2.0, 2.5, 4.0, 2.0, 3.5, 2.0, 3.0],
    "age": [30, 30, 41, 41, 52, 52, 35, 35, 46, 46, 50],
    "sex": ["w", "w", "m", "m", "w", "w", "m", "m", "w", "w", "w"],
}


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """A plan for the made-up trial, with whole tables replaced: ``plan(model={…})``."""

    def make(**tables: Any) -> Plan:
        return plan_from(PLAN | tables)

    return make


@pytest.fixture
def data() -> Callable[..., Columns]:
    """The made-up trial with columns replaced or added."""

    def make(**columns: list[Any]) -> Columns:
        return columns_from(TABLE | columns)

    return make


@pytest.fixture
def reference() -> Callable[[str], tuple[dict[str, Any], bytes]]:
    """R's numbers and the CSV file of one reference data set."""

    def load(name: str) -> tuple[dict[str, Any], bytes]:
        folder, data = (OURS, OURS) if name == "kiser_sim" else (SHARED, SHARED / "data")
        if not folder.exists():
            pytest.skip("the reference data sets are not here; set CONFRERE_SHARED to their folder")
        csv = {"btheb": "btheb_long"}.get(name, name)
        return json.loads((folder / f"{name}.json").read_text())["models"], (data / f"{csv}.csv").read_bytes()

    return load

"""The committed tables of type I error and coverage come out of the committed script, block by block."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from confrere.science.mixed import METHODS
from confrere.science.power.coverage import cover_block

FOLDER = Path(__file__).parents[3] / "validation" / "power"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import sys

    module = importlib.util.module_from_spec(
        spec := importlib.util.spec_from_file_location("type_one_error", FOLDER / "type_one_error.py")  # type: ignore[arg-type]
    )
    monkeypatch.setitem(sys.modules, "type_one_error", module)  # dataclasses look their module up
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def lines(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("place", [0, 11, 14, 24])
def test_first_block_again(place: int, script: ModuleType) -> None:
    cell = script.CELLS[place]
    found = script.rows(cell, [cover_block(script.blocks_of(cell)[0], METHODS)])
    size = 4 * len(METHODS)
    assert [[str(one) for one in row] for row in found] == lines("first_blocks.csv")[1:][
        place * size : (place + 1) * size
    ]


def test_tables_are_whole_and_the_default_test_holds_but_where_the_page_says_so(script: ModuleType) -> None:
    head, *rows = lines("type_one_error.csv")
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert tuple(head) == script.HEAD
    assert len(table) == len(script.CELLS) * len(METHODS) * 4
    assert {row["trials"] for row in table} == {str(script.SIMULATIONS)}
    default = [row for row in table if row["method"] == "kenward-roger" and row["rejected"]]
    beyond = [row for row in default if abs(int(row["rejected"]) / script.SIMULATIONS - 0.05) > 0.003]
    assert [(row["model"], row["n"], row["correlation"], row["baseline_as"]) for row in beyond] == [
        ("random-intercept", "20", "0.2", "response"),
        ("unstructured", "20", "0.2", "constrained"),
        ("unstructured", "20", "0.6", "constrained"),
    ]


def test_the_page_is_made_from_the_tables() -> None:
    assert load("page").PAGE.read_text(encoding="utf-8") == load("page").page()

"""The walls hold: import-linter finds nothing in the house, and finds each violation that we plant."""

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("vault", "post", "people", "coaching", "surveys", "trial", "service", "lounge", "evidence", "web")
PRIVATE_FROM_LOUNGE = {"coaching", "surveys", "trial", "evidence"}


def contracts() -> dict[str, str]:
    """Name → identifier of every contract."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {config[section]["name"]: section.removeprefix(prefix) for section in config if section.startswith(prefix)}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code and of the walls, to be damaged."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=lambda _, names: [n for n in names if n == "static"])
    shutil.copytree(ROOT / "tests" / "house", tmp_path / "tests" / "house")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def broken(house: Path) -> set[str]:
    """Identifiers of the contracts that are broken."""
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": f"{house / 'src'}{os.pathsep}{house}", "NO_COLOR": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in answer.stdout, answer.stdout + answer.stderr
    lines = answer.stdout.splitlines()
    return {identifier for name, identifier in contracts().items() if f"{name} BROKEN" in lines}


def plant(house: Path, file: str, line: str) -> None:
    """Add a line to a file of the copy, which is made if there is none."""
    path = house / "src" / "confrere" / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as stream:
        stream.write(f"\n{line}\n")


@pytest.fixture(scope="module")
def as_it_is() -> set[str]:
    """What is broken without any violation of ours: nothing, says the next test; the others look at the rest."""
    return broken(ROOT)


def test_the_house_as_it_is_breaks_nothing(as_it_is: set[str]) -> None:
    assert as_it_is == set()


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("stairs", "surveys/apps.py", "import confrere.coaching"),
        ("stairs", "attic/__init__.py", '"""A room that nobody placed."""'),
        ("stairs", "post/apps.py", "import confrere.lounge"),
        ("cupboards", "coaching/apps.py", "import confrere.people.models"),
        ("cupboards", "trial/apps.py", "if TYPE_CHECKING:\n    import confrere.vault.models"),
        ("lounge", "lounge/apps.py", "import confrere.coaching"),
        ("science", "science/power.py", "import django"),
        ("science", "science/power.py", "def later():\n    import time"),
        ("analysis", "analysis/plan.py", "from django.db import models"),
        ("postgres", "web/postgres/roles.py", "import django.conf"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    house: Path, as_it_is: set[str], contract: str, file: str, line: str
) -> None:
    plant(house, file, line)
    assert contract in broken(house) - as_it_is  # an import upwards may close a circle too


def test_two_modules_that_need_each_other_are_a_cycle(house: Path, as_it_is: set[str]) -> None:
    plant(house, "science/one.py", "import confrere.science.two")
    plant(house, "science/two.py", "import confrere.science.one")
    assert broken(house) - as_it_is == {"cycles"}


def test_furniture_stands_in_its_order_in_every_room(house: Path) -> None:
    for room in ROOMS:
        plant(house, f"{room}/signals.py", f"import confrere.{room}.apps")
    assert {f"furniture-{room}" for room in ROOMS} <= broken(house)


def test_a_drawer_that_nobody_placed_is_found_in_every_room(house: Path, as_it_is: set[str]) -> None:
    for room in ROOMS:
        plant(house, f"{room}/drawer.py", '"""Odds and ends."""')
    assert broken(house) - as_it_is == {f"furniture-{room}" for room in ROOMS} - as_it_is


def test_each_contract_has_been_broken_by_a_test_above() -> None:
    planted = {"stairs", "cupboards", "lounge", "science", "analysis", "postgres", "cycles"}
    assert set(contracts().values()) == planted | {f"furniture-{room}" for room in ROOMS}


def test_no_table_joins_the_lounge_to_what_it_must_not_know() -> None:
    def joins(room: str) -> set[str]:
        models = apps.get_app_config(room).get_models(include_auto_created=True)
        fields = [field for model in models for field in model._meta.get_fields() if field.is_relation]
        return {
            field.related_model._meta.app_label for field in fields if not isinstance(field.related_model, str | None)
        }

    assert joins("lounge") & PRIVATE_FROM_LOUNGE == set()
    assert not any("lounge" in joins(room) for room in PRIVATE_FROM_LOUNGE)


@pytest.mark.parametrize("room", ["science"])
def test_the_cellar_opens_no_file(room: str) -> None:
    def calls(path: Path) -> set[str]:
        nodes = ast.walk(ast.parse(path.read_text()))
        return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}

    modules = (ROOT / "src" / "confrere" / room).rglob("*.py")
    assert [str(path) for path in modules if calls(path) & {"open", "exec", "eval", "__import__"}] == []

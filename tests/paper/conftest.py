"""The published tables as rows of printed numbers."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from confrere.science.consistency import Printed

type Rows = list[dict[str, str]]
GROUPS = {"randomized_intervention": 67, "received_coaching": 52, "control": 71}


@pytest.fixture
def table() -> Callable[[str], Rows]:
    """The rows of one of the tables by its file's name."""

    def read(name: str) -> Rows:
        with (Path(__file__).parent / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture
def groups() -> dict[str, int]:
    """The three columns of the tables and their participants."""
    return GROUPS


@pytest.fixture
def read() -> Callable[[str], Printed]:
    """A printed number."""
    return Printed.read

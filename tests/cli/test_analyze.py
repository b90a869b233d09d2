"""``confrere analyze`` as a person types it."""

import json
from pathlib import Path

import pytest

from confrere.cli import main

DATA = Path(__file__).parents[1] / "data"


def test_example_of_the_simulated_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results"
    words = ["analyze", str(DATA / "kiser_sim.csv"), "--plan", str(DATA / "kiser_sim.toml"), "--out", str(out)]
    assert main(words) == 0
    caught = capsys.readouterr()
    assert caught.out.startswith("Table 3. Changes from baseline to month3, modified itt\n")
    assert caught.err == f"The report is in {out}.\n"
    found = json.loads((out / "results.json").read_text())
    assert [one["name"] for one in found["sets"]] == ["modified_itt", "itt"]
    assert {"report.html", "report.docx", "report.pdf", "table1.csv", "table2.csv", "table3.csv", "flow.svg"} <= {
        path.name for path in out.iterdir()
    }

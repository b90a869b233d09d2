"""``confrere check`` on a file as a reviewer would type it."""

import json
from pathlib import Path

import pytest

from confrere.cli import main

PUBLISHED = """study,outcome,measure,estimate,ci_low,ci_high,p,n,n1,n2,test,adjusted
Kiser 2024,burnout,difference,-0.79,-1.27,-0.32,.001,123,,,mixed model,yes
Dyrbye 2019,quality of life,difference,1.1,0.04,2.1,.005,88,,,,
Dyrbye 2019,high exhaustion,change of proportion,-29.3,-34.0,-24.6,<.001,88,44,44,,no
Other,stress,difference,,,,.04,,,,Wilcoxon,
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "published.csv"
    path.write_text(PUBLISHED)
    return path


def test_every_row_has_a_verdict_and_a_reason(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(published), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in told["rows"]] == ["agrees", "disagrees", "disagrees", "undecidable"]
    assert (told["agrees"], told["disagrees"], told["undecidable"]) == (1, 2, 1)
    assert told["rows"][1]["reason"] == "The interval gives P between 0.025 and 0.052; .005 is printed."
    assert told["rows"][2]["checks"][2]["check"] == "least width"
    assert all(row["reason"] for row in told["rows"])


def test_lines_for_a_person(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(published)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("2. Dyrbye 2019, quality of life: disagrees. The interval gives P")
    assert lines[3] == "4. Other, stress: undecidable. These columns allow no check."


def test_a_row_without_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("count,n,percent\n3,138,<0.1%\n")
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == "1. row: disagrees. 3 of 138 is 2.174 %; <0.1% is printed.\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("estimate\nmany\n", "bad.csv, line 2, column estimate: many is not a number as papers print it."),
        ("", "bad.csv: the file is empty."),
    ],
)
def test_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert main(["check", str(path)]) == 2
    assert sentence in capsys.readouterr().err

"""``confrere analyze`` as a person types it."""

import json
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from confrere.analysis import Columns, Plan, Results
from confrere.cli import analyze, main

DATA = Path(__file__).parents[1] / "data"
CSV, PLAN = DATA / "kiser_sim.csv", DATA / "kiser_sim.toml"


def words(out: Path, *more: str, csv: Path = CSV, plan: Path = PLAN) -> list[str]:
    return ["analyze", str(csv), "--plan", str(plan), "--out", str(out), *more]


def test_example_of_the_simulated_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results"
    assert main(words(out)) == 0
    caught = capsys.readouterr()
    assert caught.out.startswith("Table 3. Changes from baseline to month 3, modified intention-to-treat\n")
    assert "Note on overall burnout: “Gender: Prefer not to say” has two participants only" in caught.out
    assert caught.err.splitlines()[-1] == f"The report is in {out}."
    found = json.loads((out / "results.json").read_text())
    assert [one["name"] for one in found["sets"]] == ["modified_itt", "itt"]
    assert (found["sets"][0]["n_participants"], found["sets"][0]["n_rows"]) == (123, 233)
    names = {"report.html", "report.docx", "report.pdf", "table1.csv", "table2.csv", "table3.csv", "flow.svg"}
    assert names <= {path.name for path in out.iterdir()}


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results"
    assert main(words(out, "--json")) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((out / "results.json").read_text())


def test_a_folder_to_reproduce_it(tmp_path: Path) -> None:
    out = tmp_path / "results"
    assert main(words(out, "--reproduce")) == 0
    assert {str(path.relative_to(out / "reproduce")) for path in (out / "reproduce").rglob("*.*")} == {
        *("README.md", "rows.csv", "primary.R", "given/kiser_sim.csv", "given/kiser_sim.toml")
    }
    assert (out / "reproduce" / "given" / "kiser_sim.csv").read_bytes() == CSV.read_bytes()


def test_a_report_that_contradicts_itself_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = analyze.analyse

    def wrong(plan: Plan, columns: Columns) -> Results:
        found = true(plan, columns)
        return replace(found, sets=(replace(found.sets[0], n_participants=122), *found.sets[1:]))

    monkeypatch.setattr(analyze, "analyse", wrong)
    assert main(words(tmp_path / "results")) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "The report contradicts itself, so nothing was written. modified_itt: its arms hold 123, the set 122."
    )
    assert list(tmp_path.iterdir()) == []


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "--help"]) == 0
    assert "example:\n  confrere analyze trial.csv --plan plan.toml --out results" in capsys.readouterr().out


def test_the_published_example_is_the_tested_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "analyse-a-trial.md").read_text(encoding="utf-8")
    assert PLAN.read_text(encoding="utf-8") in page


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.count("\n") == 1
    return caught.err.strip()


def test_wrong_input_is_one_sentence_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv, plan, out = tmp_path / "d.csv", tmp_path / "p.toml", tmp_path / "out"
    csv.write_text(CSV.read_text().replace(",2.75,", ",2.75x,", 1))
    plan.write_text(PLAN.read_text().replace("covariates", "covariats"))
    assert refused(words(out, csv=csv), capsys) == (
        'd.csv, line 3, column burnout: a number is expected here, not "2.75x"; '
        "if it means missing, add it to [data] missing."
    )
    assert refused(words(out, plan=plan), capsys) == (
        "p.toml, line 20: [model] covariats: there is no such key. Did you mean covariates?"
    )
    absent = tmp_path / "absent.csv"
    assert refused(words(out, csv=absent), capsys) == f"{absent}: this file cannot be read (No such file or directory)."
    plan.write_bytes(b"\xff")
    assert refused(words(out, plan=plan), capsys) == f"{plan}: the plan is not UTF-8 text."
    assert refused(words(tmp_path), capsys) == f"{tmp_path}: this is not a new or empty folder; choose another."
    assert refused(["analyze", str(CSV)], capsys) == (
        "confrere analyze: the following arguments are required: --plan, --out. See confrere analyze --help."
    )
    assert refused(["analyse"], capsys) == "There is no command analyse. Did you mean analyze?"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "p.toml"]


def test_the_statistician_needs_no_django() -> None:
    code = "import sys, confrere.cli.analyze, confrere.analysis.write; print('django' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "False\n"


def test_as_a_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["confrere", "--help"])
    with pytest.raises(SystemExit) as done:
        runpy.run_module("confrere.cli", run_name="__main__")
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith("usage: confrere COMMAND …")

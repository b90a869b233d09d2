"""``confrere power`` as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from confrere.cli import main
from confrere.cli.refusal import Refusal
from confrere.cli.workers import workers

PLAN = Path(__file__).parents[1] / "data" / "kiser_design.toml"


def words(*more: str, plan: Path = PLAN) -> list[str]:
    return ["power", "--plan", str(plan), "--simulations", "3000", *more]


def test_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words()) == 0
    assert capsys.readouterr().out.startswith("With 71 in control and 67 in coaching, the change of coaching at month3")


def test_json_is_the_same_with_processes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words("--json")) == 0
    one = json.loads(capsys.readouterr().out)
    assert main(words("--json", "--processes", "2")) == 0
    two = json.loads(capsys.readouterr().out)
    assert one.pop("seconds") > 0
    assert two.pop("seconds") > 0
    assert one == two
    assert main(words("--json", "--seed", "1")) == 0
    assert json.loads(capsys.readouterr().out)["power"] != one["power"]


def test_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "power"
    assert main(words("--out", str(out), "--curve", "n=60:100:20", "--detect", "0.8")) == 0
    caught = capsys.readouterr()
    assert caught.err.splitlines()[-1] == f"The report is in {out}."
    assert json.loads((out / "power.json").read_text())["detectable"]["power"] == 0.8


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.count("\n") == 1
    return caught.err.strip()


def test_wrong_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "p.toml"
    plan.write_text(PLAN.read_text().replace("icc =", "ic ="))
    assert refused(words(plan=plan), capsys) == "p.toml: [design] icc: either icc or correlations is needed."
    assert refused(words("--simulations", "0"), capsys) == "--simulations: a whole number from 1 is expected."
    assert refused(words("--seed", "-1"), capsys) == "--seed: a whole number from 0 is expected."
    assert refused(words("--detect", "2"), capsys).startswith("--detect: a power above alpha and below 1 is expected")
    assert refused(words("--processes", "0"), capsys) == "--processes: a whole number from 1 is expected."
    assert refused(words("--out", str(tmp_path)), capsys).endswith("choose another.")
    assert refused(words("--curve", "x"), capsys).startswith('--curve: "x" is not understood')
    few = tmp_path / "few.toml"
    few.write_text("[design]\ntotal = 4\nmean_changes = 0\nsd = 1\nicc = 0\ndropout = 0.99\n")
    assert refused(words("--detect", "0.9", plan=few), capsys) == "No effect has a power of 0.9 in this design."


def test_long_simulations_tell_how_far_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 0.5, 1.4, 1.4, 1.4, 1.9, 1.9])
    with workers(processes=1, cluster=None, clock=lambda: next(moments)) as mapper:
        assert list(mapper(len, ["ab", "c", "def"])) == [2, 1, 3]  # type: ignore[arg-type, list-item]
    assert capsys.readouterr().err == "Simulating: 2 of 3 blocks of trials …\n"


def test_the_published_example_is_the_tested_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "plan-a-trial.md").read_text(encoding="utf-8")
    assert PLAN.read_text(encoding="utf-8") in page


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["power", "--help"]) == 0
    assert "example:\n  confrere power --plan plan.toml" in capsys.readouterr().out


def test_the_statistician_needs_no_django() -> None:
    code = "import sys, confrere.cli.power; print('django' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "False\n"


def test_without_dask_a_cluster_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(Refusal, match=r"pip install 'confrere\[cluster\]'"),
        workers(processes=1, cluster="tcp://127.0.0.1:1"),
    ):
        pass


def test_a_real_cluster_gives_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    from distributed import LocalCluster

    assert main(words("--json")) == 0
    alone = json.loads(capsys.readouterr().out)
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=None
    )
    with cluster:
        assert main(words("--json", "--cluster", cluster.scheduler_address)) == 0
    together = json.loads(capsys.readouterr().out)
    assert alone | {"seconds": 0} == together | {"seconds": 0}


def test_a_cluster_that_does_not_answer_is_refused(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("confrere.cli.workers._PATIENCE", 0.2)
    said = refused(words("--cluster", f"tcp://127.0.0.1:{port}"), capsys)
    assert said.startswith(f"--cluster: no Dask scheduler answers at tcp://127.0.0.1:{port} (")
    assert refused(words("--cluster", "nowhere::"), capsys).startswith(
        "--cluster: no Dask scheduler answers at nowhere::"
    )

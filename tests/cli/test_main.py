"""The dispatcher: what is printed, and with which exit code."""

import os
import subprocess
import sys

import pytest

from confrere.cli import main


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"], ["help"]])
def test_overview(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 0
    assert capsys.readouterr().out.startswith("usage: confrere COMMAND …\n")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("confrere ")


def test_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zzz"]) == 2
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "There is no command zzz. confrere --help lists the commands.\n")


@pytest.mark.parametrize("words", [["--help"], ["doctor", "--sql"]])
def test_a_reader_who_has_enough_gets_no_traceback(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "confrere.cli", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_output_leads_to_nowhere_once_nobody_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        assert main(["--help"]) == 141
        closed.write("once more")
        closed.flush()

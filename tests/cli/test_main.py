"""The dispatcher: what is printed, and with which exit code."""

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

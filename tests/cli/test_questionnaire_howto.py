"""The example of the how-to about questionnaires is what the command does."""

import json
import re
from pathlib import Path

import pytest

from confrere.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "bring-a-questionnaire.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_example_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sleep.csv").write_text(blocks("csv")[0])
    for block in blocks("console"):
        command, _line, printed = block.partition("\n")
        main(command.removeprefix("$ confrere ").split())
        told = capsys.readouterr()
        assert told.out + told.err == printed
    sections = json.loads((tmp_path / "sleep.json").read_text())["item"][0]["item"]
    item = sections[2]["item"][1]
    shown = json.loads(blocks("json")[0])
    assert {key: item[key] for key in shown} == shown
    assert {"extension", "item"} == set(item) - set(shown)
    assert ",0,7,,[on_call] = '1',,,1a,,,\n" in (tmp_path / "back.csv").read_text()

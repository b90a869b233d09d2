"""Import files of registers from the command line, and say what is here."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from confrere.cli import main, registers
from confrere.people.models import Listed, RegisterFile

pytestmark = pytest.mark.django_db

NPPES = (
    "NPI,Entity Type Code,Provider Last Name (Legal Name),Provider First Name,Healthcare Provider Taxonomy Code_1\n"
    "1234567893,1,OSEI,AMA,207R00000X\n"
)
MAPPING = """
register = "ny"
kind = "licences"
jurisdiction = "NY"
[columns]
number = "No"
family = "Last"
status = "Status"
[status]
active = ["Registered"]
"""


def test_a_file_is_known_by_its_columns_and_dated_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "npidata_pfile_20050523-20260111.csv"
    path.write_text(NPPES, "utf-8")
    assert main(["registers", str(path)]) == 0
    told = capsys.readouterr()
    assert told.out == "us-nppes as of 2026-01-11: 1 rows. Checked again: nobody inside yet.\n"
    assert "1 rows" in told.err
    assert Listed.objects.get().number == "1234567893"
    assert main(["registers", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["register"] == "us-nppes"
    RegisterFile.objects.create(register="x", sha256="", as_of="2026-01-01", read_on="2026-01-01", whole=True)
    assert main(["registers"]) == 0
    assert capsys.readouterr().out == (
        "us-nppes  as of 2026-01-11  1 rows\nx  as of 2026-01-01  0 rows  (not finished)\n"
    )


def test_licences_are_read_by_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, how = tmp_path / "licences.csv", tmp_path / "ny.toml"
    path.write_text("No,Last,Status\n300001,Osei,Registered\n", "utf-8")
    how.write_text(MAPPING, "utf-8")
    day = timezone.now().date().isoformat()
    assert main(["registers", str(path), "--mapping", str(how), "--as-of", day, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"]["kind"] == "licences"


def test_nothing_is_here_at_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["registers"]) == 0
    assert "Begin with the monthly file" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["none.csv"], "There is no file none.csv"),
        (["{here}"], "--as-of 2026-01-31"),
        (["{here}", "--as-of", "soon"], "--as-of 2026-01-31"),
        (["{here}", "--as-of", "2099-01-01"], "has not come yet"),
        (["{here}", "--mapping", "none.toml"], "There is no file none.toml"),
        (["{here}", "--as-of", "2026-01-01", "--mapping", "{here}"], "not TOML"),
    ],
)
def test_what_cannot_be_used_is_said(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(NPPES, "utf-8")
    assert main(["registers", *(word.format(here=path) for word in words)]) == 2
    assert sentence in capsys.readouterr().err


def test_outside_it_starts_itself_again_with_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.csv"
    path.write_text(NPPES, "utf-8")
    asked: list[tuple[list[str], bool]] = []
    monkeypatch.setattr(registers, "inside", lambda: False)

    def again(words: list[str], *, demo: bool) -> int:
        asked.append((words, demo))
        return 0

    monkeypatch.setattr(registers, "again", again)
    assert main(["registers", str(path), "--mapping", str(path), "--as-of", "2026-01-01", "--json", "--demo"]) == 0
    assert main(["registers"]) == 0
    here = str(path)
    assert asked == [
        (["registers", here, "--as-of", "2026-01-01", "--mapping", here, "--json"], True),
        (["registers"], False),
    ]

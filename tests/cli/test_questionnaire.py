"""``confrere questionnaire convert``: every format, both outputs, what is refused, nothing overwritten."""

import json
from pathlib import Path

import pytest
from tests.analysis.questionnaire.examples import EVERYTHING

from confrere.analysis.questionnaire import recognise
from confrere.cli import main


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "dictionary.csv"
    file.write_bytes(EVERYTHING)
    return file


@pytest.mark.parametrize(
    ("to", "known", "version"),
    [
        ("redcap", "redcap", "data dictionary of 18 columns"),
        ("odm", "odm", "CDISC ODM 1.3.2"),
        ("odm2", "odm", "CDISC ODM 2.0"),
        ("fhir", "fhir", "FHIR R4"),
        ("fhir-r5", "fhir", "FHIR R5"),
    ],
)
def test_there_and_back(source: Path, capsys: pytest.CaptureFixture[str], to: str, known: str, version: str) -> None:
    out = source.parent / "there"
    assert main(["questionnaire", "convert", str(source), "--to", to, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["to"], told["version"], told["fields"]) == ("redcap", to, version, 29)
    assert all(set(loss) == {"field", "what", "why"} for loss in told["lost"] + told["extension"])
    assert bool(told["extension"]) == to.startswith("odm")
    assert recognise(out.read_bytes()).format == known
    back = source.parent / "back.csv"
    assert main(["questionnaire", "convert", str(out), "--to", "redcap", "--out", str(back)]) == 0
    assert len(recognise(back.read_bytes()).reading.questionnaire.fields) == 29


def test_in_words(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = source.parent / "q.xml"
    assert main(["questionnaire", "convert", str(source), "--to", "odm", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{out}: 29 fields as CDISC ODM 1.3.2."
    assert lines[1].startswith("lost: drug, select_choices_or_calculations: It is looked up by REDCap only.")
    assert lines[-1].endswith("cells stand in REDCap's extension of ODM only; --json lists them.")
    source.write_bytes(EVERYTHING.replace(b"Field Note", b"Remarks"))
    assert main(["questionnaire", "convert", str(source), "--to", "redcap", "--out", f"{out}.csv"]) == 0
    assert "lost: the questionnaire, Remarks: " in capsys.readouterr().out


def test_a_file_that_exists_is_kept(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questionnaire", "convert", str(source), "--to", "fhir", "--out", str(source)]) == 2
    assert capsys.readouterr().err.strip() == f"{source}: this file exists and is not overwritten."
    assert source.read_bytes() == EVERYTHING


def test_bad_input_writes_nothing(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text("<!DOCTYPE a><a/>")
    out = source.parent / "q.json"
    assert main(["questionnaire", "convert", str(source), "--to", "fhir", "--out", str(out), "--json"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("dictionary.csv, line 1: a document type or entities are not read")
    assert (told.out, out.exists()) == ("", False)


def test_instruments_are_written_and_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "pfi.csv"
    assert main(["questionnaire", "export", "pfi,qol_vas", "--to", "redcap", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{out}: 17 fields as data dictionary of 18 columns."
    assert lines[-2].endswith(", 16 of 16 items; its wording needs a text pack before a survey opens.")
    assert lines[-1].endswith(", 1 of 1 items; its wording is free.")
    again = ["questionnaire", "convert", str(out), "--to", "fhir", "--out", str(tmp_path / "pfi.json"), "--json"]
    assert main(again) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(scale["instrument"], scale["needs_pack"], scale["stand_in"]) for scale in told["instruments"]] == [
        ("pfi", True, True),
        ("qol_vas", False, False),
    ]


def test_an_instrument_that_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x"
    assert main(["questionnaire", "export", "pfx", "--to", "redcap", "--out", str(out)]) == 2
    assert "pfi" in capsys.readouterr().err
    assert not out.exists()

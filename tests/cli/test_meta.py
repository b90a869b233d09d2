"""``confrere meta``: three kinds of files, both outputs, what is refused."""

import json
from pathlib import Path

import pytest

from confrere.cli import main

EFFECTS = "study,yi,vi\nA,-0.9,0.3\nB,-1.6,0.2\nC,-0.2,0.1\n"
MEANS = "m1i,sd1i,n1i,m2i,sd2i,n2i\n5,2,20,6,2,22\n4,1,30,6,2,31\n"
COUNTS = "author,events,bi,ci,di\nA,0,10,4,6\nB,5,50,9,48\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "studies.csv"


def test_effects_that_are_given(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text(EFFECTS)
    assert main(["meta", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["k"] == 3
    assert told["method"] == "REML"
    assert [study["study"] for study in told["studies"]] == ["A", "B", "C"]
    assert [study["line"] for study in told["studies"]] == [2, 3, 4]
    assert "ratio" not in told


def test_means_and_knapp_hartung(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text(MEANS)
    assert main(["meta", str(data), "--measure", "md", "--method", "ee", "--knapp-hartung", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["measure"], told["df"]) == ("difference in means", 1)
    assert [study["yi"] for study in told["studies"]] == [-1.0, -2.0]
    assert [study["study"] for study in told["studies"]] == ["row 1", "row 2"]
    assert told["prediction"] is None


def test_counts_in_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text(COUNTS)
    assert main(["meta", str(data), "--measure", "RR", "--column", "ai=events"]) == 0
    told = capsys.readouterr().out
    assert "A" in told
    assert "(1/2 added to each cell)" in told
    assert "log risk ratio, 2 studies, REML" in told
    assert "as a ratio" in told
    assert "the effect in a new study lies within" in told


def test_equal_effects_in_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text(EFFECTS)
    assert main(["meta", str(data), "--method", "EE", "--study", "study"]) == 0
    assert "new study" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (EFFECTS, ["--level", "95"], "--level: a confidence level between 0.5 and 1 is expected, such as 0.95."),
        (EFFECTS, ["--yi", "effect"], "studies.csv: there is no column effect. Known are study, yi, vi."),
        (EFFECTS.replace("0.2\n", "x\n"), [], "studies.csv, line 3, column vi: "),
        (EFFECTS.replace("0.2\n", "0\n"), [], "studies.csv, line 3, column vi: The sampling variance 0 is not above"),
        ("yi,vi\n1,1\n", [], "studies.csv: At least two studies are needed to pool anything."),
        (MEANS, ["--measure", "MD", "--yi", "m1i"], "--measure computes the effects from the groups; leave out"),
        (MEANS, ["--measure", "MD", "--column", "x=y"], "--column: NAME=COLUMN is expected, with a name among m1i"),
        (MEANS.replace("6,2,22", "6,0,22"), ["--measure", "MD"], "studies.csv, line 2, column sd2i: 0 stands here; ab"),
        (MEANS.replace("5,2,20", "5,2,1"), ["--measure", "SMD"], "studies.csv, line 2, column n1i: 1 stands here; at"),
        (
            COUNTS.replace("48", "-1"),
            ["--measure", "OR", "--column", "ai=events"],
            "studies.csv, line 3, column di: -",
        ),
        (
            COUNTS.replace("0,10", "0,0"),
            ["--measure", "OR", "--column", "ai=events"],
            "studies.csv, line 2, column events: nobody",
        ),
    ],
)
def test_what_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str], content: str, words: list[str], sentence: str
) -> None:
    data.write_text(content)
    assert main(["meta", str(data), *words]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith(sentence)
    assert caught.err.count("\n") == 1

"""``confrere score``: which columns are the items, what is printed, what is refused."""

import json
from pathlib import Path

import pytest

from confrere.cli import main


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "answers.csv"


def write(path: Path, header: list[str], *rows: list[object]) -> None:
    path.write_text("\n".join(",".join(str(cell) for cell in row) for row in [header, *rows]) + "\n")


def pfi(prefix: str) -> list[str]:
    return [f"{prefix}{number:02}" for number in range(1, 17)]


FIRST = [3] * 6 + [3] * 4 + [1] * 6


def test_scores_per_row_with_the_missing_rule(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data, ["id", "wave", *pfi("PFI_")], ["P1", "baseline", *FIRST], ["P2", "baseline", *[""] * 16])
    assert main(["score", "pfi", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["instrument"], told["rule"]) == ("pfi", "burnout_items")
    assert told["missing_rule"].startswith("Not published in the sources that we read.")
    assert told["items"]["pfi_7"] == "PFI_07"
    assert told["scores"][0] == {
        "row": 1,
        "line": 2,
        "id": "P1",
        "wave": "baseline",
        "professional_fulfillment": 7.5,
        "work_exhaustion": 7.5,
        "interpersonal_disengagement": 2.5,
        "overall_burnout": 4.5,
        "high_burnout": 1.0,
        "fulfilled": 1.0,
    }
    assert told["scores"][1]["overall_burnout"] is None


def test_the_other_rule_as_csv(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data, [*pfi("q"), "note"], [*FIRST, "x"])
    assert main(["score", "pfi", str(data), "--rule", "burnout_subscales"]) == 0
    caught = capsys.readouterr()
    assert caught.out.splitlines()[1] == "1,2,7.5,7.5,2.5,5.0,1.0,1.0"
    assert caught.err.startswith("Burnout is the mean of its two subscales. Not published")


@pytest.mark.parametrize("shift", [["--shift", "1"], ["--shift"], ["--shift", "-1"]])
def test_a_file_coded_from_one(data: Path, capsys: pytest.CaptureFixture[str], shift: list[str]) -> None:
    write(data, pfi("pfi_"), [code + 1 for code in FIRST])
    assert main(["score", "pfi", str(data), "--json", *shift]) == 0
    assert json.loads(capsys.readouterr().out)["scores"][0]["overall_burnout"] == 4.5


def test_a_scale_from_one_in_a_file_from_zero(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data, ["burnout_item"], [0], [4])
    assert main(["score", "single_item_burnout", str(data), "--shift", "-1", "--json"]) == 0
    assert [row["burnout_level"] for row in json.loads(capsys.readouterr().out)["scores"]] == [1, 5]


def test_named_columns_marks_and_reversed_items(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(data, ["study_id", "a", "b", "c", "d"], ["S1", 4, 3, 0, 1], ["S2", 4, -99, 0, 1])
    words = ["score", "self_valuation", str(data), "--items", "a, b,c,d", "--reverse", "sv_3,sv_4"]
    assert main([*words, "--missing=-99", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["scores"]
    assert [(row["study_id"], row["self_valuation"]) for row in rows] == [("S1", 14), ("S2", None)]


@pytest.mark.parametrize(
    ("words", "header", "row", "sentence"),
    [
        (["pfy"], ["x"], [1], "There is no instrument pfy; did you mean pfi?"),
        (["pfi", "--rule", "x"], pfi("pfi_"), FIRST, "has no rule x; it has burnout_items, burnout_subscales."),
        (["pfi"], pfi("pfi_"), [5, *FIRST[1:]], "answers.csv, line 2, column pfi_01: The answer 5 to pfi_1 in row 1"),
        (["pfi"], pfi("pfi_"), [5, *FIRST[1:]], "A file whose codes start higher needs --shift."),
        (["pfi", "--shift"], pfi("pfi_"), [6, *FIRST[1:]], "outside the whole numbers 0 to 4.\n"),
        (["pfi"], pfi("pfi_"), ["x", *FIRST[1:]], "answers.csv, line 2, column pfi_01"),
        (["pfi"], pfi("pfi_")[:15], FIRST[:15], "no column is the item pfi_16; name the columns with --items."),
        (["pfi"], pfi("a")[:15], FIRST[:15], "no column is the item pfi_1; name the columns with --items."),
        (["mmbi", "--items", "a"], ["a"], [1], "has 2 items; --items names 1."),
        (["mmbi", "--items", "a,c"], ["a", "b"], [1, 1], "there is no column c."),
        (["mmbi", "--items", "a,b", "--reverse", "z"], ["a", "b"], [1, 1], "has no item z to turn round."),
        (["empowerment_at_work"], ["a"], [1], "are not known to us."),
    ],
)
def test_refusals(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    header: list[str],
    row: list[object],
    sentence: str,
) -> None:
    write(data, header, row)
    assert main(["score", words[0], str(data), *words[1:]]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert sentence in caught.err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "pfi", str(tmp_path / "none.csv")]) == 2
    assert "none.csv: this file cannot be read (No such file or directory)." in capsys.readouterr().err


def test_help_names_the_instruments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--help"]) == 0
    assert "pfi, mmbi, uwes9" in capsys.readouterr().out

"""``confrere allocate`` from the key to the record, and ``confrere verify`` on what comes out."""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from confrere.cli import main
from confrere.trial.protocol import shipped_protocol

SECOND = "5d41402abc4b2a76b9719d911017c592"
GENDERS = ("woman", "man", "woman")
type Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "protocol.toml").write_text(shipped_protocol("kiser2024"))
    rows = ["study_id,gender,department_of_medicine"]
    rows += [f"S{number:03},{GENDERS[number % 3]},{'yes' if number % 4 else 'no'}" for number in range(30)]
    (tmp_path / "roster.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def step(folder: Path, *words: str) -> int:
    """One step; words that are names of files of the folder become their paths."""
    names = {"protocol.toml", "roster.csv", "closed.json", "record.json", "key", "other.toml", "receipt.json"}
    return main([str(folder / word) if word in names else word for word in words])


def commit(folder: Path) -> int:
    return step(folder, "allocate", "commit", "--key", "key", "--json")


def close(folder: Path) -> int:
    return step(folder, "allocate", "close", "protocol.toml", "roster.csv", "--out", "closed.json")


def draw(folder: Path, *more: str, second: str = SECOND) -> int:
    words = ["allocate", "draw", "protocol.toml", "closed.json", "--key", "key", "--second", second]
    return step(folder, *words, "--out", "record.json", *more)


@pytest.fixture
def drawn(folder: Path, capsys: Capture) -> dict[str, Any]:
    assert commit(folder) == 0
    commitment = json.loads(capsys.readouterr().out)["commitment"]
    assert close(folder) == 0
    told = capsys.readouterr()
    assert draw(folder) == 0
    arms = {row["study_id"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    return {"folder": folder, "commitment": commitment, "root": told.out.strip(), "arms": arms}


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_whole_way(drawn: dict[str, Any], capsys: Capture) -> None:
    folder = drawn["folder"]
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert (folder / "closed.json").stat().st_mode & 0o777 == 0o600
    assert len(drawn["arms"]) == 30
    tally = Counter((row["stratum"], row["arm"]) for row in drawn["arms"].values())
    for stratum in {row["stratum"] for row in drawn["arms"].values()}:
        assert abs(tally[stratum, "coaching"] - tally[stratum, "control"]) <= 1
    record = json.loads((folder / "record.json").read_text())
    assert (record["roster_root"], record["commitment"]) == (drawn["root"], drawn["commitment"])
    assert "S001" not in (folder / "record.json").read_text()
    checks = ["--protocol", "protocol.toml", "--commitment", drawn["commitment"], "--last-link", record["last_link"]]
    assert step(folder, "verify", "record.json", *checks) == 0
    assert capsys.readouterr().out == "verified: 30 allocations, each drawn again from the revealed key.\n"
    assert step(folder, "verify", "record.json", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "verified": True,
        "entries": 30,
        "first_failure": None,
        "reason": None,
    }


def test_a_receipt_proves_a_place(drawn: dict[str, Any], capsys: Capture) -> None:
    folder = drawn["folder"]
    assert step(folder, "allocate", "receipt", "closed.json", "record.json", "S017") == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["arm"] == drawn["arms"]["S017"]["arm"]
    (folder / "receipt.json").write_text(json.dumps(receipt))
    assert step(folder, "verify", "record.json", "--receipt", "receipt.json") == 0
    for changes, sentence in (
        ({"arm": "other"}, "The receipt names another arm."),
        ({"study_id": "S018"}, "The participant of the receipt is not in the record."),
        ({"nonce": "00"}, "A receipt has study_id, stratum, arm and a nonce of 16 bytes"),
        ({"nonce": 5}, "A receipt has study_id, stratum, arm and a nonce of 16 bytes"),
    ):
        (folder / "receipt.json").write_text(json.dumps(receipt | changes))
        assert step(folder, "verify", "record.json", "--receipt", "receipt.json") == 2
        assert sentence in capsys.readouterr().err
    assert step(folder, "allocate", "receipt", "closed.json", "record.json", "S999") == 2
    assert "S999 is not in this roster and record." in capsys.readouterr().err


def test_a_changed_record_names_its_entry(drawn: dict[str, Any], capsys: Capture) -> None:
    path = drawn["folder"] / "record.json"
    record = json.loads(path.read_text())
    record["entries"][11]["arm"] = "control" if record["entries"][11]["arm"] == "coaching" else "coaching"
    path.write_text(json.dumps(record))
    assert step(drawn["folder"], "verify", "record.json", "--json") == 2
    caught = capsys.readouterr()
    assert json.loads(caught.out)["first_failure"] == 12
    assert caught.err.startswith("record.json: not verified, entry 12: The link does not fit")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--commitment", "0" * 64], "The commitment is not the one that was published before."),
        (["--last-link", "0" * 64], "The last link is not the one that was printed elsewhere."),
        (["--protocol", "other.toml"], "It is of another protocol."),
    ],
)
def test_a_record_of_something_else(drawn: dict[str, Any], capsys: Capture, words: list[str], sentence: str) -> None:
    (drawn["folder"] / "other.toml").write_text(shipped_protocol("dyrbye2019"))
    assert step(drawn["folder"], "verify", "record.json", *words) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "record.json, line 1, column 2: this is not valid JSON."),
        ('{"a": 1, "a": 2}', "record.json: this is not valid JSON (a key stands twice in one object)."),
        ("[" * 100_000, "record.json: this is not valid JSON ("),
        ("5", "record.json: not verified, This is not an allocation record of version 1."),
    ],
)
def test_what_is_no_record(folder: Path, capsys: Capture, text: str, sentence: str) -> None:
    (folder / "record.json").write_text(text)
    assert step(folder, "verify", "record.json") == 2
    assert sentence in capsys.readouterr().err


def test_files_are_never_overwritten(drawn: dict[str, Any], capsys: Capture) -> None:
    for again in (commit, close, draw):
        assert again(drawn["folder"]) == 2
        assert "this file exists and is not overwritten." in capsys.readouterr().err


def test_a_roster_changed_after_closing_is_refused(folder: Path, capsys: Capture) -> None:
    assert (commit(folder), close(folder)) == (0, 0)
    closed = json.loads((folder / "closed.json").read_text())
    for changes, sentence in (
        ({"participants": closed["participants"][1:]}, "The roster was changed after it was closed"),
        (
            {"participants": [*closed["participants"][1:], closed["participants"][0] | {"stratum": "x"}]},
            "or it was changed",
        ),
        ({"participants": 5}, "is not a closed roster of version 1"),
        ({"format": "x"}, "is not a closed roster of version 1"),
        ({"protocol_sha256": "0" * 64}, "The roster was closed under another protocol."),
    ):
        (folder / "closed.json").write_text(json.dumps(closed | changes))
        assert draw(folder) == 2
        assert sentence in capsys.readouterr().err
    assert not (folder / "record.json").exists()


@pytest.mark.parametrize(
    ("second", "sentence"),
    [("zz", "The second contribution is not hexadecimal."), ("abcd", "needs at least 16 bytes.")],
)
def test_a_second_contribution_has_substance(folder: Path, capsys: Capture, second: str, sentence: str) -> None:
    assert (commit(folder), close(folder)) == (0, 0)
    assert draw(folder, second=second) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("2024-01-15", "a key is written in hexadecimal."), ("00" * 31 + "2a", "The key was not drawn at random")],
)
def test_a_typed_key_is_refused(folder: Path, capsys: Capture, key: str, sentence: str) -> None:
    assert close(folder) == 0
    (folder / "key").write_text(key)
    assert draw(folder) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("S001,woman,no", "line 32, column study_id: a study id is needed, each once."),
        (" ,woman,no", "line 32, column study_id: a study id is needed, each once."),
        ("S900,female,no", "line 32, column gender: 'female' is no level of gender."),
    ],
)
def test_a_roster_row_that_does_not_fit(folder: Path, capsys: Capture, row: str, sentence: str) -> None:
    with (folder / "roster.csv").open("a") as roster:
        roster.write(row + "\n")
    assert close(folder) == 2
    assert sentence in capsys.readouterr().err


def test_a_protocol_that_does_not_fit_is_refused(folder: Path, capsys: Capture) -> None:
    (folder / "protocol.toml").write_text("x = 1")
    assert close(folder) == 2
    assert "protocol.toml" in capsys.readouterr().err
    (folder / "record.json").write_text("{}")


def test_a_draw_as_json(folder: Path, capsys: Capture) -> None:
    assert (commit(folder), close(folder)) == (0, 0)
    capsys.readouterr()
    assert draw(folder, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["arms"].values()) == len(told["allocations"]) == 30


def test_a_folder_that_cannot_be_written(folder: Path, capsys: Capture) -> None:
    assert main(["allocate", "commit", "--key", str(folder / "none" / "key")]) == 2
    assert "this file cannot be written (No such file or directory)." in capsys.readouterr().err


def test_a_protocol_is_text(drawn: dict[str, Any], capsys: Capture) -> None:
    (drawn["folder"] / "other.toml").write_bytes(b"\xff\xfe\x00")
    assert step(drawn["folder"], "verify", "record.json", "--protocol", "other.toml") == 2
    assert "this file is not UTF-8 text." in capsys.readouterr().err
    (drawn["folder"] / "other.toml").write_text("[trial]")
    assert step(drawn["folder"], "verify", "record.json", "--protocol", "other.toml") == 2
    assert "other.toml" in capsys.readouterr().err


def test_minimisation_cannot_draw_a_closed_roster(folder: Path, capsys: Capture) -> None:
    text = shipped_protocol("kiser2024").replace('"big-stick"\nmti = 3', '"minimisation"')
    (folder / "protocol.toml").write_text(text)
    assert close(folder) == 2
    assert "one participant after the other; a closed roster cannot be drawn so." in capsys.readouterr().err

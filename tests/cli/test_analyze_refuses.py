"""Bad input through the real command: one sentence with its place, exit 2, nothing written."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from confrere.cli import main

DATA = Path(__file__).parents[1] / "data"
CSV = (DATA / "kiser_sim.csv").read_text()
PLAN = (DATA / "kiser_sim.toml").read_text()
HEADER, FIRST, SECOND, *REST = CSV.splitlines()

type Change = Callable[[], str | bytes]


def column(name: str, value: Callable[[str], str]) -> str:
    """The file with one column's values replaced."""
    place = HEADER.split(",").index(name)
    rows = [line.split(",") for line in [FIRST, SECOND, *REST]]
    return "\n".join([HEADER, *(",".join([*row[:place], value(row[place]), *row[place + 1 :]]) for row in rows)]) + "\n"


def line(number: int, text: str) -> str:
    lines = CSV.splitlines()
    lines[number - 1] = text
    return "\n".join(lines) + "\n"


CASES: dict[str, tuple[Change, str, str]] = {
    "no such column": (
        lambda: CSV,
        PLAN.replace('column = "burnout"', 'column = "burnot"'),
        r"d\.csv: there is no column burnot\. Did you mean burnout\?",
    ),
    "one arm": (
        lambda: column("arm", lambda _: "coaching"),
        PLAN,
        r'd\.csv, column arm: nobody is in the arm "control"\.',
    ),
    "duplicate participant-wave": (
        lambda: line(3, FIRST),
        PLAN,
        r"d\.csv, line 3, column time: participant P001 has wave baseline here and already in line 2\.",
    ),
    "arm that changes": (
        lambda: line(3, SECOND.replace("control", "coaching")),
        PLAN,
        r"d\.csv, line 3, column arm: participant P001 is in coaching here and in control in line 2\.",
    ),
    "text in a number column": (
        lambda: line(3, SECOND.replace("2.75", "high")),
        PLAN,
        (
            r'd\.csv, line 3, column burnout: a number is expected here, not "high"; '
            r"if it means missing, add it to \[data\] missing\."
        ),
    ),
    "ragged row": (
        lambda: line(3, SECOND + ",1"),
        PLAN,
        r"d\.csv, line 3: 10 values are expected here as in the header, not 11\.",
    ),
    "binary file": (
        lambda: b"id,arm\n\x00\x01\x02",
        PLAN,
        r"d\.csv, line 2: this is a binary file, not UTF-8 CSV\.",
    ),
    "all missing": (
        lambda: column("burnout", lambda _: "NA"),
        PLAN,
        r"d\.csv, column burnout: every value is missing\.",
    ),
    "one participant": (
        lambda: "\n".join([HEADER, FIRST, SECOND]) + "\n",
        PLAN,
        r"d\.csv, column id: there is only one participant, P001\.",
    ),
    "infinite value": (
        lambda: line(3, SECOND.replace("2.75", "-Inf")),
        PLAN,
        r"d\.csv, line 3, column burnout: an infinite value cannot be analysed\.",
    ),
    "a number beyond any": (
        lambda: line(3, SECOND.replace("2.75", "1e999")),
        PLAN,
        r"d\.csv, line 3, column burnout: this number is too large\.",
    ),
    "unknown key": (
        lambda: CSV,
        PLAN.replace("mcid = 0.8", "mcidd = 0.8"),
        r"p\.toml, line \d+: \[outcomes\] mcidd: there is no such key\. Did you mean mcid\?",
    ),
    "unknown key of a sensitivity analysis": (
        lambda: CSV,
        PLAN + '\n[[sensitivity]]\nmethod = "mi"\nimputation = 20\n',
        r"p\.toml, line \d+: \[sensitivity\] imputation: there is no such key\. Did you mean imputations\?",
    ),
    "a rule that nobody can read": (
        lambda: CSV,
        PLAN.replace("mcid = 0.8", 'mcid = 0.8\nresponder = "change less than 1"'),
        r"p\.toml, line \d+: \[outcomes\] responder: Expected .*",
    ),
    "an expression over no column": (
        lambda: CSV,
        PLAN + '\n[[sensitivity]]\nmethod = "cace"\nreceived = "session > 0"\n',
        r"\[\[sensitivity\]\] received: There is no column session\..*",
    ),
    "no header": (lambda: "", PLAN, r"d\.csv: the file is empty\."),
}


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_and_nothing_written(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, plan, sentence = CASES[case]
    found = content()
    (tmp_path / "d.csv").write_bytes(found if isinstance(found, bytes) else found.encode())
    (tmp_path / "p.toml").write_text(plan)
    words = ["analyze", str(tmp_path / "d.csv"), "--plan", str(tmp_path / "p.toml"), "--out", str(tmp_path / "out")]
    assert main(words) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert re.fullmatch(sentence, caught.err.rstrip("\n")), caught.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "p.toml"]


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(line(3, FIRST))
    (tmp_path / "p.toml").write_text(PLAN)
    words = [sys.executable, "-m", "confrere.cli", "analyze", "d.csv", "--plan", "p.toml", "--out", "out"]
    found = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        "d.csv, line 3, column time: participant P001 has wave baseline here and already in line 2.\n"
    )
    assert not (tmp_path / "out").exists()

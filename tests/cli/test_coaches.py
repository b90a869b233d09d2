import json
from pathlib import Path

import pytest

from confrere.cli import main

REFERENCE = json.loads((Path(__file__).parents[1] / "data/estimands/coach_level.json").read_text())["unequal"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    rows = [f"p{n},{c},{v}" for n, (c, v) in enumerate(zip(REFERENCE["coach"], REFERENCE["value"], strict=True))]
    path.write_text("\n".join(["id,coach,again", *rows, "x,,4", "y,c,", ""]))
    return path


def test_shrunken_values_from_five_coachees_on(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coaches", str(file), "--value", "again", "--id", "id"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line[0] for line in said[:-1]] == list("cdefg")
    assert said[2] == "e: 3.2 (95 % interval 2.8 to 3.6)"
    assert said[-1].startswith("Some coaches are left out")


def test_as_json_with_nobody_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "few.csv"
    path.write_text("coach,again\n" + "".join(f"{c},{v}\n" for c in "ab" for v in range(1, 6)))
    assert main(["coaches", str(path), "--value", "again", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["some_left_out"], [row["coach"] for row in found["coaches"]]) == (False, ["a", "b"])
    assert main(["coaches", str(path), "--value", "again"]) == 0
    assert "left out" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        ("id,coach,again\n1,a,3\n1,a,4\n", ["--id", "id"], "1 stands in two rows"),
        ("coach,again\na,\n,3\n", [], "no row has both"),
        ("coach,again\na,3\na,4\n", [], "There is only one group"),
        ("coach,agian\na,3\na,4\n", [], "there is no column again"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: list[str], sentence: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(text)
    assert main(["coaches", str(path), "--value", "again", *more]) == 2
    assert sentence in capsys.readouterr().err

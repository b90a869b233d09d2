"""``confrere phi`` on a file as it comes."""

import json
from pathlib import Path

import pytest

from confrere.cli import main


def test_each_line_gets_its_spans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "posts.jsonl"
    first = '{"text": "Seen by Dr. Osei\\u2028on 3 March 2024."}'
    path.write_text(f'{first}\n\n{{"text": "Nothing here."}}\n', encoding="utf-8")
    assert main(["phi", str(path), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.strip().split("\n")]
    assert lines[0][0] == {"start": 8, "end": 16, "kind": "name", "text": "Dr. Osei"}
    assert [span["kind"] for span in lines[0]] == ["name", "date"]
    assert lines[1] == []
    assert main(["phi", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1. name: Dr. Osei (8-16); date: 3 March 2024 (20-32)",
        "2. Nothing found.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "posts.jsonl: the file is empty"),
        ('{"text": "a"}\n{"text": 1}\n', 'posts.jsonl, line 2: there is no text under "text".'),
        ('["a"]\n', 'posts.jsonl, line 1: there is no text under "text".'),
        ('{"text": "a"}\nhello\n', "posts.jsonl, line 2: this is no JSON"),
        ("[" * 100_000 + "\n", "posts.jsonl, line 1: this is no JSON"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(content)
    assert main(["phi", str(path), "--json"]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""

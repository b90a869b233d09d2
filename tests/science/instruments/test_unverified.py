"""What was typed from memory says so, in the data, in the command's words and in the documentation."""

from pathlib import Path

import pytest

from confrere.cli import main
from confrere.science.instruments import registry

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "instruments.md").read_text("utf-8")


def test_the_page_lists_exactly_what_the_data_marks() -> None:
    rows = [f"| `{one.id}` | {'; '.join(one.unverified)} |" for one in registry().values() if one.unverified]
    section = PAGE.partition("## What was not compared with its source")[2].partition("## Scoring")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows


@pytest.mark.parametrize("name", ["mbi_hss_mp", "mmbi", "uwes9", "cd_risc_10", "single_item_burnout"])
def test_nothing_from_memory_stands_unmarked(name: str) -> None:
    assert any("citation" in mark for mark in registry()[name].unverified)


def test_words_like_from_memory_or_not_read_are_always_marked() -> None:
    for one in registry().values():
        said = " ".join([one.source, *(cutoff.source for cutoff in one.cutoffs)])
        if "not read" in said or "memory" in said:
            assert one.unverified, one.id


@pytest.mark.parametrize(("name", "columns", "said"), [("cd_risc_10", 10, True), ("qol_vas", 1, False)])
def test_scoring_says_what_was_not_compared(
    name: str, columns: int, said: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = registry()[name].item_ids
    data = tmp_path / "data.csv"
    data.write_text(",".join(items) + "\n" + ",".join(["3"] * columns) + "\n")
    assert main(["score", name, str(data)]) == 0
    assert ("From memory, not compared with the source" in capsys.readouterr().err) is said

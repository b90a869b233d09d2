"""Every command line that the manual shows is run, or the page's source says why not."""

import importlib.util
from pathlib import Path

import pytest
from tests.house.examples import PAGES, ROOT, blocks, not_run, run

#: What no test runs, and why. A new reason is a decision: it is written here too.
NOT_RUN = {
    "README.md": ["needs the network, and serves until it is ended; tests/journeys runs the demo"],
    "docs/how-to/import-registers.md": [
        "needs an installation and files that others publish; tests/people/door/test_importing.py imports"
    ],
    "docs/how-to/install-for-real.md": [
        "needs the package index",
        "tests/cli/test_operating.py does, with a server of its own",
        "serves until it is ended; tests/cli/test_operating.py does",
        "needs root and a service manager",
        "looks at the machine that it runs on",
    ],
    "docs/tutorials/first-evening.md": ["serves until it is ended; tests/journeys walks through it"],
}


@pytest.mark.slow  # each page's analyses are real
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_tells_to_type_does_what_it_says(page: str, tmp_path: Path) -> None:
    assert run((ROOT / page).read_text(), tmp_path) == []


def test_what_is_not_run_says_why() -> None:
    reasons = {page: not_run((ROOT / page).read_text()) for page in PAGES}
    assert {page: said for page, said in reasons.items() if said} == NOT_RUN


def test_commands_stand_in_blocks_that_are_run() -> None:
    languages = {block.language for page in PAGES for block in blocks((ROOT / page).read_text())}
    # Python stands in one page, for a member's own server; tests/lounge/test_hooks.py runs it.
    assert languages <= {"sh", "console", "text", "toml", "csv", "json", "nginx", "ini", "python"}
    assert [page for page in PAGES if "```python" in (ROOT / page).read_text()] == ["docs/how-to/lounge-webhooks.md"]


PAGE = """
<!-- file: greeting -->
```toml
hello = 1
```
```sh
cat greeting
```
```text
hello
goodbye
```
<!-- ends with 3 -->
```sh
exit 3
```
<!-- not run: it would end the world -->
```sh
exit 4
```
```sh
exit 5
```
```console
$ confrere --version
confrere
$ echo one; echo two
two
three
```
"""


def test_a_command_that_does_something_else_is_named(tmp_path: Path) -> None:
    assert run(PAGE, tmp_path) == [
        "'goodbye' is not in\nhello = 1\n",
        "exit 5\nended with 5:\n",
        "'three' is not in\none\ntwo\n",
    ]
    assert not_run(PAGE) == ["it would end the world"]


def test_the_example_files_are_what_their_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ROOT / "docs" / "tutorials" / "example"
    spec = importlib.util.spec_from_file_location("make", folder / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", tmp_path)
    module.main()
    for name in ("trial.csv", "redcap.csv", "published.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()

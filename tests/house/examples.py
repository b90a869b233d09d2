"""The examples of the manual: fenced blocks, what is said about them in comments, and how they are run."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("[th]*/*.md")))
#: <!-- not run: why -->, <!-- file: name --> or <!-- ends with 2 -->, alone on a line before a block.
COMMENT = re.compile(r"<!-- (not run|file|ends with):? (.+) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. said: what the comment before it says, by its first words."""

    language: str
    text: str
    said: dict[str, str] = field(default_factory=dict)


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    said: dict[str, str] = {}
    inside: list[str] | None = None
    language = ""
    for line in text.splitlines():
        if inside is not None and line != "```":
            inside.append(line)
        elif inside is not None:
            found.append(Block(language, "\n".join(inside) + "\n", said))
            inside, said = None, {}
        elif line.startswith("```"):
            inside, language = [], line[3:]
        elif comment := COMMENT.fullmatch(line):
            said[comment[1]] = comment[2]
    return found


def not_run(text: str) -> list[str]:
    """The reasons that a page gives for the commands that are not run."""
    return [block.said["not run"] for block in blocks(text) if "not run" in block.said]


def run(text: str, folder: Path) -> list[str]:
    """Run a page's commands in an empty folder; a sentence for each that does not do what the page says."""
    for name in ("docs", "tests"):
        (folder / name).symlink_to(ROOT / name)
    # As in a checkout or where it is installed, but in the environment that runs the tests.
    for name, first in (("dev", "shift\n"), ("confrere", "")):
        (folder / name).write_text(f'#!/bin/sh\n{first}exec "{sys.executable}" -m confrere.cli "$@"\n')
        (folder / name).chmod(0o755)
    complaints: list[str] = []
    output = ""
    page = [block for block in blocks(text) if "not run" not in block.said]
    for block in page:
        if "file" in block.said:
            (folder / block.said["file"]).write_text(block.text)
    for block in page:
        if block.language == "sh":
            code, output = _shell(block.text, folder)
            if code != int(block.said.get("ends with", "0")):
                complaints.append(f"{block.text}ended with {code}:\n{output}")
        elif block.language == "text":
            complaints += _missing(block.text, output)
        elif block.language == "console":
            for command, answer in re.findall(r"^\$ (.+\n)((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
                complaints += _missing(answer, _shell(command, folder)[1])
    return complaints


def _missing(said: str, output: str) -> list[str]:
    """A sentence for each line that a page shows and that was not printed."""
    return [f"{line!r} is not in\n{output}" for line in said.splitlines() if line not in output]


def _shell(commands: str, folder: Path) -> tuple[int, str]:
    """The exit code, and what was printed on either stream."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONFRERE_", "DJANGO_"))}
    kept |= {"PYTHONPATH": str(ROOT / "src"), "CONFRERE_DATA": str(folder / "data")}
    kept["PATH"] = f"{folder}:{kept['PATH']}"
    answer = subprocess.run(
        ["/bin/sh", "-e", "-c", commands],
        cwd=folder,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout

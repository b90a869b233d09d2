"""The page that says what exists is made from what exists, and keeps saying what we do not protect from."""

import re
from pathlib import Path

import pytest

from confrere.vault.audiences import AUDIENCES
from confrere.vault.classification import classes

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "records.md").read_text("utf-8")


def table() -> str:
    """The classes as the page prints them."""
    rows = [
        (one.name.replace("_", " "), one.door, str(AUDIENCES[one.audience].sentence), one.period, one.basis)
        for one in classes().values()
    ]
    return "\n".join(
        [
            "| class | door | who can reach it | how long | why |",
            "| --- | --- | --- | --- | --- |",
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )


def test_the_page_lists_every_class_as_it_is() -> None:
    assert table() in PAGE


@pytest.mark.parametrize(
    "threat",
    [
        "server that is changed to serve other scripts",
        "malware",
        "someone watching",
        "what the coach remembers or writes elsewhere",
        "testify",
        "provider of the video call or the telephone",
        "that you have an account, and when you were active",
        "imminent danger",
        "what you export",
        "posts in the lounge",
        "statistics of large groups",
        "loss of both your passkey and your recovery code",
    ],
)
def test_the_page_says_what_we_do_not_protect_from(threat: str) -> None:
    section = PAGE.partition("## What we do not protect from")[2]
    assert threat in re.sub(r"\s+", " ", section.lower()).replace("`", "")

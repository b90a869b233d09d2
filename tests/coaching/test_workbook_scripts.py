"""The scripts that seal a workbook: short enough to read, as they were released, and without what could leak."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

import confrere

SCRIPTS = Path(confrere.__file__).parent / "coaching" / "static" / "coaching"
PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "workbook.md").read_text("utf-8")
#: What touches keys, secrets or the network; the other two put text into fields and draw.
AUDITED = ("workbook_sealing.js", "workbook_opening.js", "workbook_shown.js")
#: What would run text as code, draw markup, keep something, or send it elsewhere.
FORBIDDEN = (
    *(r"\beval\(", r"\bFunction\(", r"import\(", "innerHTML", "outerHTML", "insertAdjacent", "document.write"),
    *("localStorage", "sessionStorage", "indexedDB", r"\bcaches\b", "document.cookie", "serviceWorker"),
    *("XMLHttpRequest", "sendBeacon", "WebSocket", "postMessage", "console", r"\.style\b"),
)
EVERY = (*AUDITED, "workbook.js", "workbook_pages.js")


@pytest.mark.parametrize("name", EVERY)
def test_a_script_is_the_one_that_was_released(name: str) -> None:
    assert f"| `{name}` | `{sha256((SCRIPTS / name).read_bytes()).hexdigest()}` |" in PAGE


def test_what_has_to_be_audited_can_be_read_at_one_sitting() -> None:
    assert sum(len((SCRIPTS / name).read_text("utf-8").splitlines()) for name in AUDITED) <= 310


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "word",
    FORBIDDEN,
)
def test_nothing_stores_evaluates_or_sends_elsewhere(name: str, word: str) -> None:
    assert not re.search(word, (SCRIPTS / name).read_text("utf-8"))


def test_only_one_place_speaks_to_the_server() -> None:
    assert [name for name in EVERY if "fetch(" in (SCRIPTS / name).read_text("utf-8")] == ["workbook_opening.js"]


def test_the_secret_of_a_passkey_is_not_sent() -> None:
    text = (SCRIPTS / "workbook_opening.js").read_text("utf-8")
    assert "clientExtensionResults: {}" in text
    assert "secret" not in "".join(re.findall(r"send\(.*\)", text))

"""Every chip on every page names something that is stored, so what it says is computed from a class."""

import re
from pathlib import Path

import pytest

import confrere
from confrere.vault.classification import sentence_of

PAGES = Path(confrere.__file__).parent
CHIP = re.compile(r'{%\s*chip\s+"([^"]+)"')


def chips() -> list[tuple[str, str]]:
    """(page, what its chip names), for every chip whose name is written in a template."""
    return sorted(
        (str(page.relative_to(PAGES)), named)
        for page in PAGES.glob("*/templates/**/*.html")
        for named in CHIP.findall(page.read_text("utf-8"))
    )


def test_there_are_chips() -> None:
    assert chips() != []


@pytest.mark.parametrize(("page", "named"), chips())
def test_a_chip_names_a_stored_field_or_a_class(page: str, named: str) -> None:
    assert sentence_of(named) != ""

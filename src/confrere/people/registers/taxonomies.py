"""What a taxonomy code says: a physician, one in training, a nurse, or somebody else; and which of our specialties."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

#: "Student in an Organized Health Care Education/Training Program": residents before their own licence, and students.
TRAINEE: Final = "390200000X"
#: NUCC's grouping of physicians.
GROUPING: Final = "Allopathic & Osteopathic Physicians"
#: Beginnings of codes, for as long as NUCC's list is not imported: physicians; nurses and physician assistants.
_PHYSICIANS: Final = ("202", "203", "204", "205", "206", "207", "208", "209")
_NURSES: Final = ("163W", "164", "363", "364", "367")

type Kind = Literal["physician", "trainee", "nurse", "other"]


def kind(code: str, *, grouping: str = "") -> Kind:
    """What a code stands for. grouping: what NUCC's list says of it, where it was imported."""
    if code == TRAINEE:
        return "trainee"
    if grouping == GROUPING or (not grouping and code.startswith(_PHYSICIANS)):
        return "physician"
    return "nurse" if code.startswith(_NURSES) else "other"


@cache
def _specialties() -> dict[str, str]:
    text = files("confrere.people.registers").joinpath("taxonomies.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


def specialty(code: str) -> str:
    """The slug of our specialty that fits a code best; "" for one that fits none."""
    fitting = [start for start in _specialties() if code.startswith(start)]
    return _specialties()[max(fitting, key=len)] if fitting else ""

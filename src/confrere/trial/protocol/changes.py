"""What is different between two versions of a protocol: line by line for the eye, value by value for the log."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from confrere.trial.protocol.model import Protocol

LOCKED = ("id", "arms", "scheme", "mode", "strata")
"""What the draws are bound to: no amendment may touch it."""
_AROUND = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison; ``kind`` is same, gone, new, or gap where lines are left out."""

    kind: Literal["same", "gone", "new", "gap"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is different: where it stands, what it was and what it is; empty where there is none."""

    place: str
    before: str
    after: str


def lines(before: str, after: str) -> list[Line]:
    """The lines that differ, each with three around it; empty for equal texts."""
    kinds: dict[str, Literal["same", "gone", "new"]] = {" ": "same", "-": "gone", "+": "new"}
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=_AROUND, lineterm=""))[2:]
    return [Line("gap", "") if one.startswith("@@") else Line(kinds[one[:1]], one[1:]) for one in found]


def values(before: str, after: str) -> list[Change]:
    """The values that differ between two texts of TOML, in the order of the later one, then what is gone."""
    old, new = dict(_flat(tomllib.loads(before))), dict(_flat(tomllib.loads(after)))
    places = [*new, *(place for place in old if place not in new)]
    return [
        Change(place, old.get(place, ""), new.get(place, ""))
        for place in places
        if old.get(place, "") != new.get(place, "")
    ]


def touches_locked(locked: Protocol, wanted: Protocol) -> str | None:
    """The first thing that an amendment would change and may not, as it is called in the file; None if it may pass.

    Beside `LOCKED`: what the waves ask, because somebody may have answered it, and fewer places.
    """
    for name in LOCKED:
        if getattr(locked, name) != getattr(wanted, name):
            return {"scheme": "allocation", "mode": "allocation"}.get(name, name)
    if _asked(locked) != _asked(wanted)[: len(locked.waves)]:
        return "waves"
    if any(question not in wanted.questions for question in locked.questions):
        return "questions"
    return "cap" if wanted.cap < locked.cap else None


def _asked(protocol: Protocol) -> list[tuple[object, ...]]:
    """What each wave asks, and what its days count from."""
    return [(wave.name, wave.instruments, wave.questions, wave.questionnaire, wave.after) for wave in protocol.waves]


def _flat(data: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its place, such as ``arms.control.title``: tables of a list go by their name."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _flat(value, f"{place}.{key}" if place else str(key))
    elif isinstance(data, list) and data and all(isinstance(one, Mapping) for one in data):
        for number, one in enumerate(data, 1):
            yield from _flat(one, f"{place}.{one.get('name', number)}")
    else:
        yield place, ", ".join(str(one) for one in data) if isinstance(data, list) else str(data)

"""The line that somebody types to search: words, phrases, what must not be there, and operators."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from confrere.lounge.queries.specialties import Place

_TOKEN = re.compile(r'(?P<not>-)?(?:(?P<op>specialty|by|has|is|after):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for, taken apart. problems: what could not be understood, in sentences without the reason.

    wanted, unwanted: words or phrases. authors: numbers of persons who may be meant by `by:`.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    specialty: str = ""
    by: str = ""
    answered: bool | None = None
    after: date | None = None
    unknown: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.wanted or self.specialty or self.by or self.answered is not None)


def parse(text: str, *, listed: Mapping[str, Place]) -> Search:
    """Take a line of search apart: `specialty: by: has:answer is:unanswered after: "phrase" -word`.

    What is no operator is a word. An operator with something it does not know is named in `unknown` and left out.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    unknown: list[str] = []
    said: dict[str, Any] = {}
    for token in _TOKEN.finditer(text[:400]):
        value = (token["phrase"] if token["phrase"] is not None else token["word"]).strip()
        if not value:
            continue
        if token["op"] is None:
            (unwanted if token["not"] else wanted).append(value)
        elif not _understood(said, token["op"], value, listed):
            unknown.append(f"{token['op']}:{value}")
    return Search(wanted=tuple(wanted), unwanted=tuple(unwanted), unknown=tuple(unknown), **said)


def _understood(said: dict[str, Any], operator: str, value: str, listed: Mapping[str, Place]) -> bool:
    """Note what an operator says; False if it says nothing that we know."""
    if operator == "by":
        said["by"] = value
        return True
    if operator == "specialty":
        plain = value.casefold()
        slug = next((one.slug for one in listed.values() if plain in (one.slug, one.label.casefold())), None)
        said["specialty"] = slug or ""
        return slug is not None
    if operator == "after":
        try:
            said["after"] = date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")
        except ValueError:
            return False
        return True
    known = {("has", "answer"): True, ("is", "answered"): True, ("is", "unanswered"): False}
    if (operator, value.casefold()) not in known:
        return False
    said["answered"] = known[operator, value.casefold()]
    return True

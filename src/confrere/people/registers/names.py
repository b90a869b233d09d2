"""Whether two spellings can be the name of one person. Fair to names from everywhere, and strict about who it is.

Marks, letter case, hyphens, apostrophes, titles and the order of the parts do not matter. A double family name may be
given by half; a middle name may serve as the given one; an initial in the register matches what it begins. A short form
(Bob for Robert) or another given name is another name: people type what the register has.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: Letters that Unicode does not take apart, as registers in plain letters write them.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "e"}
)
#: The other way to write them: a register has MUELLER, SOERENSEN or AASE.
_LONG: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})
#: Words around a name; "fnu" and "lnu" are what US papers print where one name is all there is. Not among them are
#: "md" and "do": both are names, too.
_AROUND: Final = frozenset({"dr", "prof", "mbbs", "phd", "jr", "sr", "ii", "iii", "iv", "fnu", "lnu"})
#: Parts of family names that say nothing by themselves.
_PARTICLES: Final = frozenset(
    {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "las", "los", "van", "von", "der", "den"}
    | {"ten", "ter", "bin", "binti", "ibn", "al", "el", "abu", "bint", "y", "e", "zu", "af", "av", "st"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a register; any part may be empty."""

    family: str
    given: str
    middle: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.given, self.middle, self.family) if part)


def from_line(text: str) -> Name:
    """A name in one piece, as accounts have it: its last word is the family name."""
    before, _space, last = text.strip().rpartition(" ")
    return Name(last, before)


def same_person(*, given: str, family: str, listed: Iterable[Name]) -> bool:
    """Whether what somebody typed can be one of these names; the two boxes may be filled the other way round."""
    return any(_fits(spelt(given), spelt(family), one) or _fits(spelt(family), spelt(given), one) for one in listed)


def folded(text: str) -> str:
    """A name for looking up: small plain letters, its parts in alphabetical order. Empty when nothing is left."""
    return " ".join(sorted(_parts(text, _PLAIN)))


def spelt(text: str) -> tuple[frozenset[str], ...]:
    """The parts of a name in both ways of writing its letters."""
    return _parts(text, _PLAIN), _parts(text, _LONG)


def _parts(text: str, letters: dict[int, str]) -> frozenset[str]:
    small = unicodedata.normalize("NFC", text).lower().translate(letters).translate(_PLAIN)
    plain = "".join(one for one in unicodedata.normalize("NFKD", small) if not unicodedata.combining(one))
    words = re.split(r"[\W_\d]+", re.sub(r"['’ʼ`.]", "", plain))
    return frozenset(word for word in words if word and word not in _AROUND)


def _fits(given: tuple[frozenset[str], ...], family: tuple[frozenset[str], ...], listed: Name) -> bool:
    before, last = spelt(f"{listed.given} {listed.middle}"), spelt(listed.family)
    return any(
        _one(typed_given, typed_family, listed_given, listed_family)
        for typed_given, typed_family in zip(given, family, strict=True)
        for listed_given, listed_family in zip(before, last, strict=True)
    )


def _one(given: frozenset[str], family: frozenset[str], before: frozenset[str], last: frozenset[str]) -> bool:
    if not given or not before:  # one name is all there is, here or there
        whole = given | family
        return bool(whole) and whole == before | last
    return _family(family, given, last) and _given(given, before)


def _family(typed: frozenset[str], given: frozenset[str], listed: frozenset[str]) -> bool:
    """All of one within the other, counting what may have been typed as a middle name; particles alone do not count."""
    if "".join(sorted(typed)) == "".join(sorted(listed)) and typed:
        return True
    core, there = typed - _PARTICLES, listed - _PARTICLES
    return bool(core and there) and (core <= there or there <= core | given)


def _given(typed: frozenset[str], listed: frozenset[str]) -> bool:
    """A whole word in common; or the register has initials only, and one of them begins what was typed."""
    if typed & listed & {word for word in typed if len(word) > 1}:
        return True
    initials = {word for word in listed if len(word) == 1}
    return initials == listed and any(word[0] in initials for word in typed)

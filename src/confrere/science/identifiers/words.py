"""The word lists, read once, and how a word is compared with them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from re import compile as pattern

_WORD = pattern(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def plain(word: str) -> str:
    """Small letters without accents; a typographic apostrophe becomes a plain one."""
    parted = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set: a list that is short enough to stand in a module."""
    return frozenset(words.split())


@cache
def listed(name: str) -> frozenset[str]:
    """A word list that ships beside this module; constant data, so reading it once changes nothing."""
    content = get_data(__package__, f"lists/{name}.txt") or b""
    return frozenset(line for line in content.decode("utf-8").split("\n") if line)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text where it stands; ``bare`` is without a possessive ending, as the lists have it."""

    start: int
    end: int
    text: str
    bare: str

    @property
    def capital(self) -> bool:
        """Begins with a capital, or is of a script that has none."""
        return self.text[0].isupper() or not (self.text[0].isupper() or self.text[0].islower())

    @property
    def shouted(self) -> bool:
        """All capitals: an abbreviation rather than a name, unless its neighbour is one too."""
        return len(self.text) > 1 and self.text.isupper()

    def listed(self, name: str) -> bool:
        """Whether the word, or each of its hyphenated parts, stands in that list."""
        known = listed(name)
        return self.bare in known or ("-" in self.bare and all(part in known for part in self.bare.split("-")))


def words(text: str) -> Iterator[Word]:
    """The words of a text in order; hyphens and apostrophes inside a word belong to it."""
    for match in _WORD.finditer(text):
        said = plain(match.group())
        yield Word(match.start(), match.end(), match.group(), said.removesuffix("'s"))

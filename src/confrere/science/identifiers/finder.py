"""One call over all finders."""

from confrere.science.identifiers.dates import ages, dates
from confrere.science.identifiers.names import names
from confrere.science.identifiers.numbers import numbers
from confrere.science.identifiers.places import places
from confrere.science.identifiers.spans import Span, settle
from confrere.science.identifiers.words import words


def find(text: str) -> tuple[Span, ...]:
    """What in ``text`` may point at a patient, in order and without overlap.

    Any text, also an empty one; time grows in proportion to its length. A span says where and of which kind, never
    that it certainly is one: the writer decides.
    """
    said = tuple(words(text))
    sites = tuple(places(text, said))
    found = [*numbers(text), *dates(text), *ages(text), *sites, *names(text, said, sites)]
    return settle(found, text)

"""What points at a patient in a text: names, places, dates, ages over 89, numbers, addresses.

The kinds follow the Safe Harbor list, 45 CFR 164.514(b)(2). Patterns and word lists only: nothing is learnt,
nothing is fetched, nothing is changed. No finder finds everything; `docs/methods/identifiers.md` prints how often
this one misses and how often it is wrong.
"""

from confrere.science.identifiers.finder import find
from confrere.science.identifiers.spans import KINDS, Kind, Span

__all__ = ["KINDS", "Kind", "Span", "find"]

"""Check sums of names, so that two can be compared and neither can be read.

HMAC-SHA256 under a key outside the database. Whoever has the running server can still try names one by one: the page
and the class say so.
"""

import hmac
import unicodedata
from typing import Literal

from confrere.vault import keys

type Domain = Literal["person", "division"]

#: What people write before and after names, and what a division is called by; neither tells two apart.
_UNSAID = frozenset(
    [
        *("dr", "md", "do", "phd", "prof", "professor", "mr", "mrs", "ms", "mx", "doctor"),
        *("the", "of", "and", "department", "division", "section"),
    ]
)


def plain(text: str) -> str:
    """The words that tell: without case, accents, marks, titles and order. "Lindqvist, Dr. Éva" is "eva lindqvist"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each if each.isalnum() else " " for each in bare if not unicodedata.combining(each))
    return " ".join(sorted(word for word in letters.split() if word not in _UNSAID))


def digest(*, programme: int, domain: Domain, text: str) -> bytes:
    """32 bytes that are equal for equal names of one programme; empty for a text that tells nobody."""
    said = plain(text)
    if not said:
        return b""
    return hmac.digest(keys.store().read("blind"), f"confrere shunned|{programme}|{domain}|{said}".encode(), "sha256")

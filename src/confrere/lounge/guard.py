"""Before a text is posted: what in it may point at a patient, said so that its author can decide.

Pure. The finders are `science.identifiers`; here they become findings with a reason each, and what is usual among
colleagues is left alone: a link to the literature, the authors of a source, a colleague who is mentioned. Nothing
is ever changed in a text. It is no guarantee: docs/methods/identifiers.md says how often the finders miss.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.science.identifiers import Kind, Span, find

#: Why a kind is held: the end of the sentence "… may point at a patient: ".
REASONS: Final[Mapping[Kind, str | Promise]] = {
    "name": _("it looks like a person's name. Write “a patient”, “the husband”."),
    "place": _("it looks like a place smaller than a state. Write “a small town”, “another hospital”."),
    "date": _("a day or month can be looked up. Write “three weeks later”; a year alone may stay."),
    "age": _("few people are older than 89. Write “over 89”."),
    "phone": _("it looks like a telephone number."),
    "fax": _("it looks like a fax number."),
    "email": _("it looks like a mail address."),
    "ssn": _("it looks like a social security number."),
    "record-number": _("it looks like the number of a medical record."),
    "plan-number": _("it looks like the number of a health plan."),
    "account-number": _("it looks like an account number."),
    "licence-number": _("it looks like the number of a licence or certificate."),
    "vehicle": _("it looks like a number plate or a vehicle's number."),
    "device": _("it looks like the serial number of a device."),
    "url": _("this address may lead to a person. Links to journals and registers of literature may stay."),
    "ip-address": _("it looks like the address of a computer."),
    "other-number": _("it looks like a number that is somebody's own, such as a room or a case."),
}
#: In what a source says, its authors, places, years and links belong there.
USUAL_IN_A_SOURCE: Final[frozenset[Kind]] = frozenset({"name", "place", "date", "url", "other-number"})
#: Where literature lies. A link there leads to a paper, not to a patient; their subdomains count too.
LITERATURE: Final = frozenset(
    {
        "acc.org", "acpjournals.org", "aha.org", "ahajournals.org", "annals.org", "bmj.com", "cdc.gov", "cell.com",
        "clinicaltrials.gov", "cochranelibrary.com", "crossref.org", "doi.org", "elsevier.com", "ema.europa.eu",
        "escardio.org", "europepmc.org", "fda.gov", "jamanetwork.com", "medrxiv.org", "mdpi.com", "nature.com",
        "nejm.org", "nice.org.uk", "nih.gov", "oup.com", "plos.org", "sagepub.com", "science.org",
        "sciencedirect.com", "springer.com", "tandfonline.com", "thelancet.com", "who.int", "wiley.com",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that may point at a patient.

    part: the field it stands in, such as "text". key: what the author's mark "not an identifier" names; the same
    words of the same kind have the same key wherever they stand, so one mark is enough for all of them.
    """

    part: str
    span: Span
    key: str

    @property
    def reason(self) -> str:
        """Why it is held, and what could stand there instead."""
        return str(REASONS[self.span.kind])


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `finding` is None where nothing was found."""

    text: str
    finding: Finding | None = None


def findings(parts: Mapping[str, str]) -> tuple[Finding, ...]:
    """What in these parts of a post may point at a patient, part by part and in order.

    parts: field → text. A part that is called "source" may name authors, years and links.
    """
    return tuple(
        Finding(part, span, _key(span))
        for part, text in parts.items()
        for span in find(text)
        if not _is_usual(part, text, span)
    )


def held(parts: Mapping[str, str], *, cleared: Collection[str]) -> tuple[Finding, ...]:
    """The findings that the author has not marked as no identifier."""
    return tuple(one for one in findings(parts) if one.key not in cleared)


def distinct(found: Collection[Finding]) -> tuple[Finding, ...]:
    """The first finding of each key, in order."""
    first: dict[str, Finding] = {}
    for one in found:
        first.setdefault(one.key, one)
    return tuple(first.values())


def pieces(text: str, found: Collection[Finding]) -> Iterator[Piece]:
    """The text again, cut where something was found. `found`: findings of this text alone, in order."""
    at = 0
    for one in found:
        if at < one.span.start:
            yield Piece(text[at : one.span.start])
        yield Piece(one.span.text, one)
        at = one.span.end
    if at < len(text):
        yield Piece(text[at:])


def _key(span: Span) -> str:
    return sha256(f"{span.kind}|{' '.join(span.text.casefold().split())}".encode()).hexdigest()[:20]


def _is_usual(part: str, text: str, span: Span) -> bool:
    if part == "source":
        return span.kind in USUAL_IN_A_SOURCE
    if span.kind == "url":
        return _is_literature(span.text)
    # A colleague or a specialty who is called in, such as @ines.osei: known to everyone here.
    return span.kind == "name" and text[: span.start].endswith("@")


def _is_literature(url: str) -> bool:
    """Whether the host is one of those, also below it, and nothing but the host says so."""
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return False
    labels = host.split(".")
    return any(".".join(labels[first:]) in LITERATURE for first in range(len(labels)))

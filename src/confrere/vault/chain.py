"""Whether the audit chain is whole: pure arithmetic over exported rows, so that anyone can repeat it.

With SHA-256 as H, a salt n and a body p for each event, numbers s = 1, 2, 3 … and a 32-byte start c(0) = 0:

    digest(s) = H(n(s) ‖ p(s))          chain(s) = H(chain(s - 1) ‖ s as 8 bytes ‖ digest(s))

An erased event keeps its digest, so the chain still verifies; that it was erased stands in a later event, which
lists the numbers. Without such an event a missing body counts as removed by force. A chain that was cut at its end,
or rewritten as a whole, is consistent with itself: only a head that was noted elsewhere shows it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

START: Final = bytes(32)
ERASED: Final = "vault.erase_payloads"  # the action of the event that lists erased numbers


@dataclass(frozen=True, slots=True)
class Body:
    """What one event says, as long as it has not been erased. at: ISO 8601 in UTC with microseconds."""

    nonce: bytes
    text: str
    kept_as: str
    at: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the chain with its body, if that is still there. digest, chain: 32 bytes."""

    sequence: int
    digest: bytes
    chain: bytes
    body: Body | None


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold, and why. sequence 0: a body that belongs to no entry."""

    sequence: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. head: chain value of the last entry that holds."""

    entries: int
    erased: int
    head: bytes
    broken: Break | None


def verify(entries: Iterable[Entry], *, loose: int = 0, head: bytes | None = None) -> Verdict:
    """Check entries in the order of their numbers, from the first.

    loose: how many bodies stand beside the chain without an entry. head: a chain value noted earlier, elsewhere;
    the chain must still contain it. Stops at the first entry that breaks.
    """
    chain, count, anchored = START, 0, head in {None, START}
    gone: set[int] = set()
    told: set[int] = set()
    for count, entry in enumerate(entries, 1):
        why = _why_broken(entry, sequence=count, before=chain)
        if why:
            return Verdict(entries=count - 1, erased=len(gone), head=chain, broken=Break(count, why))
        chain = entry.chain
        anchored = anchored or chain == head
        if entry.body is None:
            gone.add(count)
        else:
            told |= _told_erased(entry.body)
    return Verdict(count, len(gone), chain, _break_at_end(gone - told, count=count, loose=loose, anchored=anchored))


def _break_at_end(unexplained: set[int], *, count: int, loose: int, anchored: bool) -> Break | None:
    if unexplained:
        return Break(min(unexplained), "its body was removed, and no later event says that it was erased")
    if not anchored:
        return Break(count + 1, "the noted head is not in the chain: entries were cut off or rewritten")
    if loose:
        return Break(0, "a body stands beside the chain without an entry")
    return None


def _why_broken(entry: Entry, *, sequence: int, before: bytes) -> str:
    """What is wrong with the entry that should have this number and follow this chain value; "" if nothing."""
    if entry.sequence != sequence:
        return f"the number {entry.sequence} stands here: entries are missing, doubled or out of order"
    if entry.chain != link(before, sequence, entry.digest):
        return "it does not follow from the entry before it"
    if entry.body is None:
        return ""
    if entry.digest != digest(entry.body.nonce, entry.body.text):
        return "its body was changed"
    said = _said(entry.body)
    if (said.get("kept_as"), said.get("at")) != (entry.body.kept_as, entry.body.at):
        return "its class or time differs from what its body says"
    return ""


def _told_erased(body: Body) -> set[int]:
    said = _said(body)
    listed = said["details"].get("sequences") if said.get("action") == ERASED else None
    return set(listed) if isinstance(listed, list) else set()


def _said(body: Body) -> dict[str, Any]:
    """What the body says; nothing, if it is not an event of ours."""
    try:
        said = json.loads(body.text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def digest(nonce: bytes, text: str) -> bytes:
    """The salted digest of a body: 32 bytes."""
    return sha256(nonce + text.encode()).digest()


def link(before: bytes, sequence: int, of: bytes) -> bytes:
    """The chain value of entry `sequence` with digest `of` after the chain value `before`: 32 bytes."""
    return sha256(before + sequence.to_bytes(8) + of).digest()

"""The draw after closing: everybody enrolled first, exact balance in each stratum.

The key was committed to before enrolment; the second contribution arrives after the roster's root is fixed.
Neither side alone can know or choose the outcome.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from confrere.science.allocation.keys import AllocationError, check_key
from confrere.science.allocation.merkle import root
from confrere.science.allocation.schemes import Arm, Simple, check_arms
from confrere.science.allocation.streams import shuffled, words

_TAG = b"confrere/second-contribution/1\x00"
FEWEST_BYTES = 16
"""Bytes of the second contribution: 128 bits."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One line of a closed roster: the participant's leaf and stratum."""

    leaf: str
    stratum: str


def commit_second(second: bytes) -> str:
    """SHA-256 of a tag and the second contribution: published before enrolment closes, it fixes the contribution.

    Without it, whoever gives the second contribution could try many once the roster is known. Raises
    :class:`AllocationError` for fewer than 16 bytes.
    """
    if len(second) < FEWEST_BYTES:
        raise AllocationError(f"The second contribution needs at least {FEWEST_BYTES} bytes.")
    return hashlib.sha256(_TAG + second).hexdigest()


def roster_root(roster: Sequence[Enrolled]) -> str:
    """The Merkle root over the leaves in ascending order: the order of the file decides nothing."""
    return root(sorted(enrolled.leaf for enrolled in roster))


def draw_batch(
    *, key: bytes, second: bytes, protocol_sha256: str, roster: Sequence[Enrolled], arms: Sequence[Arm]
) -> Mapping[str, str]:
    """The arm of every leaf. In each stratum the arms differ from their ratio by less than one unit.

    Raises :class:`AllocationError` for a weak key, a short second contribution or a leaf that stands twice.
    """
    check_key(key)
    check_arms(Simple(), arms)
    if len(second) < FEWEST_BYTES:
        raise AllocationError(f"The second contribution needs at least {FEWEST_BYTES} bytes.")
    if len({enrolled.leaf for enrolled in roster}) < len(roster):
        raise AllocationError("A participant stands twice in the roster.")
    message = b"|".join([second.hex().encode(), roster_root(roster).encode(), protocol_sha256.encode()])
    seed = hmac.digest(key, message, "sha256")
    drawn: dict[str, str] = {}
    for stratum in sorted({enrolled.stratum for enrolled in roster}):
        leaves = sorted(enrolled.leaf for enrolled in roster if enrolled.stratum == stratum)
        drawn |= _draw_stratum(leaves, arms, words(seed, "batch", stratum))
    return drawn


def _draw_stratum(leaves: Sequence[str], arms: Sequence[Arm], stream: Iterator[int]) -> dict[str, str]:
    unit = [arm.name for arm in arms for _ in range(arm.ratio)]
    whole, rest = divmod(len(leaves), len(unit))
    given = unit * whole + shuffled(unit, stream)[:rest]
    return dict(zip(shuffled(leaves, stream), given, strict=True))

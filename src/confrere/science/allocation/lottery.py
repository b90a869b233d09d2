"""A lottery for places: the order of everyone who asked in time, drawn so that anyone can draw it again.

As in the draw after closing (`batch`), the key was committed to before anybody asked, and a second contribution
arrives after the list is closed. Neither side alone can know or choose the order. The leaves stand for people; only
who holds a leaf's nonce knows whose it is.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from confrere.science.allocation.batch import FEWEST_BYTES
from confrere.science.allocation.keys import AllocationError, check_key, commit, read_hex
from confrere.science.allocation.merkle import root
from confrere.science.allocation.record import Verification
from confrere.science.allocation.streams import shuffled, words

FORMAT = "confrere-lottery-record"
VERSION = 1
_KEYS = {
    "format",
    "version",
    "terms_sha256",
    "commitment",
    "second_contribution",
    "roster_root",
    "places",
    "order",
    "key",
    "simulated",
}


def draw_order(*, key: bytes, second: bytes, terms_sha256: str, leaves: Sequence[str]) -> tuple[str, ...]:
    """The leaves in the drawn order; every order is equally likely, and the order given decides nothing.

    Raises :class:`AllocationError` for a weak key, a short second contribution, no leaf or one that stands twice.
    """
    check_key(key)
    if len(second) < FEWEST_BYTES:
        raise AllocationError(f"The second contribution needs at least {FEWEST_BYTES} bytes.")
    if len(set(leaves)) < len(leaves):
        raise AllocationError("Somebody stands twice in the lottery.")
    listed = sorted(leaves)
    message = b"|".join([b"lottery", second.hex().encode(), root(listed).encode(), terms_sha256.encode()])
    return tuple(shuffled(listed, words(hmac.digest(key, message, "sha256"), "lottery")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LotteryRecord:
    """A lottery as it is published: the first ``places`` leaves of ``order`` were offered a place, the rest wait.

    ``terms_sha256`` hashes what was promised (the protocol, or the service's terms); ``second`` is in hexadecimal.
    """

    terms_sha256: str
    commitment: str
    second: str
    places: int
    order: tuple[str, ...]
    simulated: bool = False

    def published(self, *, key: bytes) -> dict[str, Any]:
        """The record as JSON data; raises :class:`AllocationError` for a key that was not committed to."""
        if commit(key) != self.commitment:
            raise AllocationError("This key is not the one that was committed to.")
        return {
            "format": FORMAT,
            "version": VERSION,
            "terms_sha256": self.terms_sha256,
            "commitment": self.commitment,
            "second_contribution": self.second,
            "roster_root": root(sorted(self.order)),
            "places": self.places,
            "order": list(self.order),
            "key": key.hex(),
            "simulated": self.simulated,
        }


def verify_lottery(data: Any) -> Verification:
    """Check form, commitment and list, and draw again; the first rank that differs is named, counted from 1."""
    try:
        order = _read(data)
        key = read_hex(data["key"], "key")
        if commit(key) != data["commitment"]:
            raise AllocationError("The key does not fit the commitment.")
        if root(sorted(order)) != data["roster_root"]:
            raise AllocationError("The leaves are not those of the closed list.")
        second = bytes.fromhex(data["second_contribution"])
        drawn = draw_order(key=key, second=second, terms_sha256=data["terms_sha256"], leaves=order)
    except (AllocationError, ValueError) as error:
        return Verification(False, 0, None, str(error))
    for rank, (mine, theirs) in enumerate(zip(drawn, order, strict=True), 1):
        if mine != theirs:
            return Verification(False, len(order), rank, "The draw gives another leaf at this rank.")
    return Verification(True, len(order))


def _read(data: Any) -> list[str]:
    """The order of a record whose form was checked."""
    if not isinstance(data, dict) or (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        raise AllocationError(f"This is not a lottery record of version {VERSION}.")
    if strange := _KEYS ^ data.keys():
        raise AllocationError(f"The record lacks or does not know {min(strange)}.")
    if not isinstance(data["order"], list) or not isinstance(data["second_contribution"], str):
        raise AllocationError("The order is a list, and the second contribution is hexadecimal.")
    if type(data["places"]) is not int or data["places"] < 0 or not isinstance(data["simulated"], bool):
        raise AllocationError("The places are a number, and simulated is true or false.")
    for name in ("terms_sha256", "commitment", "roster_root"):
        read_hex(data[name], name)
    for number, leaf in enumerate(data["order"], 1):
        read_hex(leaf, f"leaf of rank {number}")
    return data["order"]

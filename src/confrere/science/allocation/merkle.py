"""Leaves and trees: a participant proves a place in the draw without showing anyone else's.

A leaf is SHA-256 of a 128-bit nonce, the study id and the stratum, so that nobody can find a participant by
trying ids. Leaves and inner nodes carry different tags, so that one can never stand for the other.
"""

import hashlib
import json
from collections.abc import Sequence

from confrere.science.allocation.keys import AllocationError

NONCE_BYTES = 16


def leaf(*, nonce: bytes, study_id: str, stratum: str) -> str:
    """The leaf of one participant, in hexadecimal; ``nonce`` are 16 random bytes of their own."""
    if len(nonce) != NONCE_BYTES:
        raise AllocationError(f"A nonce has {NONCE_BYTES} bytes.")
    message = json.dumps(["confrere/allocation-leaf/1", nonce.hex(), study_id, stratum], separators=(",", ":"))
    return hashlib.sha256(message.encode()).hexdigest()


def root(leaves: Sequence[str]) -> str:
    """The Merkle root of the leaves in the given order; raises :class:`AllocationError` for none."""
    if not leaves:
        raise AllocationError("A roster has at least one participant.")
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[str], index: int) -> list[str]:
    """The neighbours from a leaf up to the root: ``""`` where there is none."""
    level, neighbours = list(leaves), []
    while len(level) > 1:
        beside = index ^ 1
        neighbours.append(level[beside] if beside < len(level) else "")
        level, index = _above(level), index // 2
    return neighbours


def proves(*, leaf: str, index: int, path: Sequence[str], root: str) -> bool:
    """Whether the leaf at ``index`` leads along ``path`` to ``root``."""
    node = leaf
    for neighbour in path:
        if neighbour:
            node = _join(neighbour, node) if index % 2 else _join(node, neighbour)
        index //= 2
    return node == root


def _above(level: Sequence[str]) -> list[str]:
    pairs = [level[start : start + 2] for start in range(0, len(level), 2)]
    return [_join(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def _join(left: str, right: str) -> str:
    return hashlib.sha256(b"confrere/allocation-node/1\x00" + f"{left}{right}".encode()).hexdigest()

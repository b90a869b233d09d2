"""Random numbers that anyone can recompute from a key: HMAC-SHA256 in counter mode, without bias."""

import hmac
import json
from collections.abc import Iterator, Sequence

WORD = 2**64


def words(key: bytes, *context: str | int) -> Iterator[int]:
    """64-bit words, each the first 8 bytes of HMAC-SHA256(key, context and the word's number).

    The context is written as JSON, so that no two contexts share a message.
    """
    number = 0
    while True:
        message = json.dumps(["confrere/allocation/1", *context, number], separators=(",", ":"))
        yield int.from_bytes(hmac.digest(key, message.encode(), "sha256")[:8])
        number += 1


def below(limit: int, stream: Iterator[int]) -> int:
    """A number from 0 to ``limit`` - 1, each equally likely: words at the uneven top are thrown away."""
    fair = WORD - WORD % limit
    return next(word for word in stream if word < fair) % limit


def shuffled[T](things: Sequence[T], stream: Iterator[int]) -> list[T]:
    """All orders equally likely (Fisher and Yates)."""
    order = list(things)
    for last in range(len(order) - 1, 0, -1):
        other = below(last + 1, stream)
        order[last], order[other] = order[other], order[last]
    return order

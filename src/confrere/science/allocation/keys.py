"""The secret key of an allocation: made, refused when weak, committed to, read back."""

import hashlib
import re
import secrets
from itertools import pairwise

KEY_BYTES = 32
FEWEST_DISTINCT = 12
"""A random key of 32 bytes has fewer than 12 distinct bytes about once in 10^21 draws."""
LONGEST_ZEROS = 8
"""Zero bytes in a row at either end: a padded small integer; by chance once in 2^64 draws."""
_TAG = b"confrere/allocation-key/1\x00"
_HEX = re.compile(r"[0-9a-f]{64}")


class AllocationError(ValueError):
    """What cannot be drawn, committed to or read, in one plain sentence."""


def new_key() -> bytes:
    """32 bytes from the operating system's source of randomness."""
    return secrets.token_bytes(KEY_BYTES)


def check_key(key: bytes) -> None:
    """Refuse what nobody draws by chance: another length, a padded number or date, a text, a pattern.

    No test can prove that a key was random; this one stops keys that were typed. Raises
    :class:`AllocationError`.
    """
    if len(key) != KEY_BYTES:
        raise AllocationError(f"The key has {len(key)} bytes; it needs {KEY_BYTES} random ones.")
    zeros = b"\x00" * LONGEST_ZEROS
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    typed = (
        len(set(key)) < FEWEST_DISTINCT
        or len(steps) == 1
        or key.startswith(zeros)
        or key.endswith(zeros)
        or all(32 <= byte < 127 for byte in key)
    )
    if typed:
        raise AllocationError("The key was not drawn at random: make one with `confrere allocate commit`.")


def commit(key: bytes) -> str:
    """SHA-256 of a tag and the key, in hexadecimal: published before the first draw, it fixes the key.

    The key has 256 random bits, so nobody can search for it as one can search for an allocation list.
    """
    check_key(key)
    return hashlib.sha256(_TAG + key).hexdigest()


def read_hex(text: object, what: str) -> bytes:
    """32 bytes from 64 lower-case hexadecimal digits; raises :class:`AllocationError` naming ``what``."""
    if not isinstance(text, str) or _HEX.fullmatch(text) is None:
        raise AllocationError(f"The {what} is not 64 lower-case hexadecimal digits.")
    return bytes.fromhex(text)

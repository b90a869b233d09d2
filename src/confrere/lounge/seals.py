"""A number sealed for two people, one inside the other's: neither of them, nor the server, opens it alone.

Pure. Each holder has an X25519 key; the private half is shown to them once, as letters and digits, and kept by nobody
else. The number is sealed for the second holder, and that seal for the first. Each seal: 32 bytes of a key made for
this one seal, then AES-256-GCM under a key derived (HKDF-SHA256) from the exchange; what it belongs to is bound in.
"""

import base64
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SIZE: Final = 32
#: The key of each seal is used once, so its nonce may be fixed.
_NONCE: Final = bytes(12)


class Sealed(Exception):
    """The key does not open this seal, or the letters are no key."""


def new_key() -> tuple[bytes, str]:
    """(public half, the private half in groups of four letters and digits)."""
    private = X25519PrivateKey.generate()
    letters = base64.b32encode(private.private_bytes_raw()).decode().rstrip("=")
    return private.public_key().public_bytes_raw(), "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def seal(number: int, *, outer: bytes, inner: bytes, bound: str) -> bytes:
    """A number (below 2^63) sealed for both; outer and inner are public halves. bound: what it belongs to."""
    return _seal(_seal(number.to_bytes(8), inner, bound), outer, bound)


def open_outer(sealed: bytes, *, key: str, bound: str) -> bytes:
    """What lies in the outer seal: the inner one. Raises `Sealed`."""
    return _open(sealed, key, bound)


def open_inner(sealed: bytes, *, key: str, bound: str) -> int:
    """The number in the inner seal. Raises `Sealed`."""
    return int.from_bytes(_open(sealed, key, bound))


def _private(key: str) -> X25519PrivateKey:
    letters = "".join(key.split()).replace("-", "").upper()
    try:
        return X25519PrivateKey.from_private_bytes(base64.b32decode(letters + "=" * (-len(letters) % 8)))
    except ValueError:
        raise Sealed from None


def _seal(clear: bytes, public: bytes, bound: str) -> bytes:
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    front = once.public_key().public_bytes_raw()
    return front + AESGCM(_derived(shared, front + public, bound)).encrypt(_NONCE, clear, None)


def _open(sealed: bytes, key: str, bound: str) -> bytes:
    private, front = _private(key), sealed[:_SIZE]
    public = private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(front))
    try:
        return AESGCM(_derived(shared, front + public, bound)).decrypt(_NONCE, sealed[_SIZE:], None)
    except InvalidTag:
        raise Sealed from None


def _derived(shared: bytes, keys: bytes, bound: str) -> bytes:
    return HKDF(SHA256(), _SIZE, salt=None, info=b"confrere withheld name|1|" + keys + bound.encode()).derive(shared)

"""The two halves of a pulse's key: one seals and lies in the database, one opens and lies outside it until the end.

Each answer is sealed for itself: a fresh X25519 key agrees with the pulse's own on an AES-256-GCM key (HKDF-SHA256),
which is used once. When the pulse has ended its opening half is destroyed, so that no older copy of the database opens.
"""

import json
from collections.abc import Mapping
from contextlib import suppress

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from confrere.surveys.definition import Value
from confrere.vault import keys

#: Octets of everybody's answers, whatever they are: their length tells nothing.
LENGTH = 4096
_POINT, _NONCE = 32, bytes(12)  # a key that is used once needs no other nonce


def make(name: str) -> str:
    """Make the key of this name; returns its sealing half, in hexadecimal."""
    return X25519PrivateKey.from_private_bytes(keys.store().create(name)).public_key().public_bytes_raw().hex()


def destroy(name: str) -> None:
    """From now on nothing that was sealed for this name opens; nothing happens where it was destroyed before."""
    with suppress(keys.KeyTrouble):
        keys.store().destroy(name)


def seal(answers: Mapping[str, Value], *, public_key: str) -> bytes:
    """The answers of one person, for the holder of the other half only. ValueError if they are too long."""
    clear = json.dumps(answers, ensure_ascii=False).encode()
    if len(clear) > LENGTH:
        raise ValueError("These answers are longer than what is sealed.")
    fresh = X25519PrivateKey.generate()
    theirs = bytes.fromhex(public_key)
    ours = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(theirs))
    return ours + AESGCM(_once(shared, ours, theirs)).encrypt(_NONCE, clear.ljust(LENGTH), None)


def unseal(sealed: bytes, *, name: str) -> dict[str, Value]:
    """What was sealed; raises `keys.KeyTrouble` once the key is destroyed."""
    own = X25519PrivateKey.from_private_bytes(keys.store().read(name))
    theirs = sealed[:_POINT]
    shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    once = _once(shared, theirs, own.public_key().public_bytes_raw())
    return dict(json.loads(AESGCM(once).decrypt(_NONCE, sealed[_POINT:], None)))


def _once(shared: bytes, fresh: bytes, standing: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"confrere pulse|" + fresh + standing).derive(shared)

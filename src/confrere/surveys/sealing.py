"""Short texts that only this installation can open: what a letter carries about a study id, and joins to nobody.

Sealed with AES-256-GCM under a key derived from the key of the links, with the purpose as associated data: a text
that stops letters opens nothing else. Each sealing differs, so two letters to the same person cannot be told from it.
"""

import base64
import binascii
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from confrere.surveys import links

_NONCE = 12  # bytes, as GCM wants


def seal(purpose: str, *fields: str | int) -> str:
    """The fields in one text that fits into an address. No field holds a "|"."""
    nonce = secrets.token_bytes(_NONCE)
    clear = "|".join(map(str, fields)).encode()
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, clear, purpose.encode())).rstrip(b"=").decode()


def unseal(purpose: str, sealed: str) -> tuple[str, ...] | None:
    """The fields of a text that was sealed here for this purpose; None for every other text."""
    try:
        stored = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        clear = _cipher().decrypt(stored[:_NONCE], stored[_NONCE:], purpose.encode())
    except (binascii.Error, InvalidTag, ValueError):
        return None
    return tuple(clear.decode().split("|"))


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(links.key(), b"confrere survey letters", "sha256"))

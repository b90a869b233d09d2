"""Short texts that only this installation can open: the address of somebody's calendar.

AES-256-GCM under a key derived from one that lies outside the database. A stolen database opens nobody's calendar.
"""

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from confrere.vault import keys

_NONCE = 12  # octets, as GCM wants
_PURPOSE = b"confrere subscribed calendar"


def seal(text: str, *, owner: int) -> str:
    """A text that opens for this owner's row only."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, text.encode(), _bound(owner))).decode()


def unseal(sealed: str, *, owner: int) -> str:
    """What was sealed here for this owner; cryptography's InvalidTag for anything else."""
    stored = base64.urlsafe_b64decode(sealed)
    return _cipher().decrypt(stored[:_NONCE], stored[_NONCE:], _bound(owner)).decode()


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(keys.store().read("blind"), _PURPOSE, "sha256"))


def _bound(owner: int) -> bytes:
    return b"%s|%d" % (_PURPOSE, owner)

"""What the server states about itself, signed on request with the site's own key (Ed25519), so that others can check.

A signature says that this server made the text. It does not say that the text is all there ever was.
"""

import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from confrere.vault import keys

_FOOT: Final = "\n\n-- signed --\n"
_SIGNED: Final = re.compile(r"(?s)(.*)\n\n-- signed --\nkey: ([0-9a-f]{64})\nsignature: ([0-9a-f]{128})\n?")


def sign(text: str) -> str:
    """The text with its signature beneath it."""
    key = _key()
    signature = key.sign(text.encode()).hex()
    return f"{text}{_FOOT}key: {public_key()}\nsignature: {signature}\n"


def public_key() -> str:
    """What others check with: 64 hexadecimal digits."""
    return _key().public_key().public_bytes_raw().hex()


def is_ours(signed: str) -> bool:
    """Whether this text, with its signature beneath it, was made here and not changed since."""
    found = _SIGNED.fullmatch(signed.replace("\r\n", "\n"))
    if found is None or found[2] != public_key():
        return False
    try:
        _key().public_key().verify(bytes.fromhex(found[3]), found[1].encode())
    except InvalidSignature:
        return False
    return True


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.store().read("signing"))

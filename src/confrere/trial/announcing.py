"""The words of announcements, and the code in each by which an address leaves the list.

The link of the study is the same in every letter. The code tells one thing only: that this address wants no more. It
is made from the address under a key outside the database, so no list of codes exists, and it works after the list of
addresses is erased.
"""

import base64
import binascii
import hmac

from django.utils.translation import gettext as _

from confrere.vault import keys

_HALF = 16  # bytes: 128 bits each of digest and signature


def digest(*, site: int, email: str) -> str:
    """What is kept of an address that wants no announcement, in hexadecimal."""
    return _digest(site, email).hex()


def code(*, site: int, email: str) -> str:
    """The code of an address: its digest, and a signature that nobody else can make."""
    said = _digest(site, email)
    return base64.urlsafe_b64encode(said + _signature(site, said)).rstrip(b"=").decode()


def digest_of_code(*, site: int, code: str) -> str | None:
    """The digest that a code stands for; None for one that was never in a letter of this site."""
    try:
        said = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(said[_HALF:], _signature(site, said[:_HALF])):
        return None
    return said[:_HALF].hex()


def letter(*, text: str, study: str, stop: str) -> str:
    """The whole letter: the director's words, the link, and how to leave the list."""
    return _(
        "%(text)s\n\n"
        "What the study is, who may take part and who would see what:\n%(study)s\n\n"
        "The link is the same for everyone: nobody sees whether you opened it. Taking part is voluntary.\n\n"
        "You want no further announcement? One click, without signing in:\n%(stop)s\n"
    ) % {"text": text.strip(), "study": study, "stop": stop}


def _digest(site: int, email: str) -> bytes:
    return _made("address", site, email.strip().lower().encode())


def _signature(site: int, said: bytes) -> bytes:
    return _made("code", site, said)


def _made(what: str, site: int, message: bytes) -> bytes:
    blind = keys.store().read("blind")
    return hmac.digest(blind, f"confrere announcement {what}|{site}|".encode() + message, "sha256")[:_HALF]

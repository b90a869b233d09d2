"""The link to a response: 128 bits that nobody can guess, made again whenever a reminder needs them.

The token is derived from a key outside the database, and the database holds a digest of it only: a stolen dump
opens no survey, and every letter about a response carries the same link.
"""

import base64
import hmac
from contextlib import suppress

from confrere.vault import keys

KEY = "survey-links"
_BYTES = 16


def token(*, programme: int, study_id: str, wave: str) -> str:
    """The token of a response, 22 characters that fit into an address."""
    return base64.urlsafe_b64encode(_derived(programme, study_id, wave)).rstrip(b"=").decode()


def sha256(token: str) -> str:
    """What the database holds of a token: HMAC-SHA256 under the key, in hexadecimal.

    A plain digest would lead from a letter that still waits in the outbox, with its address, to the row it opens.
    """
    return hmac.digest(key(), f"survey link digest|{token}".encode(), "sha256").hex()


def call(*, programme: int, person: int, wave: str) -> str:
    """What a session calls a telephone call about somebody's survey: it names neither the person nor the survey."""
    return hmac.digest(key(), f"survey call|{programme}|{person}|{wave}".encode(), "sha256").hex()


def _derived(programme: int, study_id: str, wave: str) -> bytes:
    message = f"survey link|{programme}|{study_id}|{wave}".encode()
    return hmac.digest(key(), message, "sha256")[:_BYTES]


def key() -> bytes:
    """The key of the links, made at its first use; whoever loses the race of making it reads the winner's."""
    store = keys.store()
    if not store.exists(KEY):
        with suppress(keys.KeyTrouble):
            return store.create(KEY)
    return store.read(KEY)

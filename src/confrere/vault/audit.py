"""Who did what to what, and when: one event for each verb, in the verb's own transaction.

An event is a payload (erasable by its class) and, made by the database at commit, a seal: a sequence number and a
digest chained to the one before. `vault.chain` verifies them.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.db import transaction

from confrere.vault import days
from confrere.vault.classification import classes
from confrere.vault.models import Payload


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. A write behind the study door is done by the study id, never by the person.

    by_day: of its events only the day is kept, so that they share no instant with the person's own.
    """

    name: str
    by_day: bool = False

    @classmethod
    def person(cls, person: int) -> "Actor":
        """Someone with an account."""
        return cls(f"person:{person}")

    @classmethod
    def study(cls, study_id: str) -> "Actor":
        """A participant under their code."""
        return cls(f"study:{study_id}", by_day=True)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A job or a command, by its name."""
        return cls(f"system:{name}")


def record(
    *,
    action: str,
    actor: Actor,
    about: str,
    programme: int | None,
    kept_as: str,
    now: datetime,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Write one event inside the caller's transaction; the chain takes it up at commit.

    action: "room.verb", for example "coaching.book". about: what it was done to, like "booking:12".
    kept_as: the class of what was touched; its `trace` says how long this payload lives.
    details: numbers and codes only, no text that someone typed.
    Raises RuntimeError outside a transaction and KeyError for an unknown class.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event belongs into the transaction of the act it tells of.")
    moment = days.floor(now) if actor.by_day else now.astimezone(UTC)
    body = json.dumps(
        {
            "about": about,
            "action": action,
            "actor": actor.name,
            "at": moment.isoformat(timespec="microseconds"),
            "details": dict(details or {}),
            "kept_as": classes()[kept_as].name,
            "programme": programme,
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )
    nonce = secrets.token_bytes(32)
    Payload.objects.create(
        nonce=nonce, body=body, digest=sha256(nonce + body.encode()).digest(), kept_as=kept_as, at=moment
    )

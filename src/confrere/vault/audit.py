"""Who did what to what, and when: one event for each verb, in the verb's own transaction.

An event is a payload (erasable by its class) and, made by the database at commit, a seal: a sequence number and a
digest chained to the one before. `vault.chain` verifies them.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection, transaction

from confrere.vault import days
from confrere.vault.classification import classes


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


@dataclass(frozen=True, slots=True)
class Event:
    """What is written down of one act.

    action: "room.verb", for example "coaching.book". about: what it was done to, like "booking:12".
    kept_as: the class of what was touched; its `trace` says how long this payload lives.
    details: numbers and codes only, no text that someone typed.
    """

    action: str
    actor: Actor
    about: str
    programme: int | None
    kept_as: str
    now: datetime
    details: Mapping[str, str | int] = field(default_factory=dict)


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
    """Write one event inside the caller's transaction; the chain takes it up at commit. See `Event`.

    Raises RuntimeError outside a transaction and KeyError for an unknown class.
    """
    record_all([Event(action, actor, about, programme, kept_as, now, details or {})])


def record_all(events: Iterable[Event]) -> None:
    """Write the events of a verb that is by nature a batch, in this order and in one statement; see `record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event belongs into the transaction of the act it tells of.")
    nonces, bodies, digests, kept_as, moments = zip(*map(_payload, events), strict=True)
    with connection.cursor() as cursor:
        # In SQL: every verb passes here, and the statement is the same for one event and for a thousand.
        cursor.execute(
            """
            INSERT INTO vault_payload (nonce, body, digest, kept_as, at)
            SELECT * FROM unnest(%s::bytea[], %s::text[], %s::bytea[], %s::text[], %s::timestamptz[])
            """,
            [list(nonces), list(bodies), list(digests), list(kept_as), list(moments)],
        )


def _payload(event: Event) -> tuple[bytes, str, bytes, str, datetime]:
    """(nonce, body, digest, class, moment) of an event."""
    moment = days.floor(event.now) if event.actor.by_day else event.now.astimezone(UTC)
    body = json.dumps(
        {
            "about": event.about,
            "action": event.action,
            "actor": event.actor.name,
            "at": moment.isoformat(timespec="microseconds"),
            "details": dict(event.details),
            "kept_as": classes()[event.kept_as].name,
            "programme": event.programme,
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )
    nonce = secrets.token_bytes(32)
    return nonce, body, sha256(nonce + body.encode()).digest(), event.kept_as, moment

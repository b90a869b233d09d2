"""Reading the audit chain, and all that exists about one person."""

from collections.abc import Collection, Iterator
from datetime import UTC
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef

from confrere.vault.chain import START, Body, Entry, Verdict, verify
from confrere.vault.disclosure import About, Section, Value, about
from confrere.vault.models import DataLock, Hold, Payload, Seal

__all__ = [
    "About",
    "DataLock",
    "Hold",
    "Section",
    "Value",
    "about",
    "data_lock",
    "data_locks",
    "entries",
    "head",
    "held",
    "holds",
    "locked_programmes",
    "verdict",
    "wait_for_writers",
    "write_beside",
]

_BATCH: Final = 5000


def entries() -> Iterator[Entry]:
    """The whole chain in order, some thousand entries in memory at a time."""
    last = 0
    while batch := list(Seal.objects.filter(sequence__gt=last).order_by("sequence")[:_BATCH]):
        bodies = _bodies([bytes(seal.digest) for seal in batch])
        for seal in batch:
            digest = bytes(seal.digest)
            yield Entry(seal.sequence, digest, bytes(seal.chain), bodies.get(digest))
        last = batch[-1].sequence


def verdict(*, head: bytes | None = None) -> Verdict:
    """Whether the chain in the database is whole and still contains the noted `head`."""
    sealed = Seal.objects.filter(digest=OuterRef("digest"))
    loose = Payload.objects.filter(~Exists(sealed)).count()
    return verify(entries(), loose=loose, head=head)


def head() -> tuple[int, bytes]:
    """Number and chain value of the newest entry, to be noted elsewhere; (0, 32 zero bytes) of an empty chain."""
    newest = Seal.objects.order_by("-sequence").first()
    return (0, START) if newest is None else (newest.sequence, bytes(newest.chain))


def held() -> dict[str, frozenset[int]]:
    """Class → the programmes in which a legal hold pauses its erasing; absent where none does. One query."""
    found: dict[str, frozenset[int]] = {}
    rows = Hold.objects.filter(confirmed_at__isnull=False, lifted_at__isnull=True)
    for programme, names in rows.values_list("programme", "classes"):
        found |= {name: found.get(name, frozenset()) | {programme} for name in names}
    return found


def holds(*, programmes: Collection[int], active: bool = False) -> list[Hold]:
    """The legal holds of these programmes, the newest first; `active`: only those that pause something now."""
    rows = Hold.objects.filter(programme__in=programmes).order_by("-pk")
    return list(rows.filter(confirmed_at__isnull=False, lifted_at__isnull=True) if active else rows)


def data_lock(programme: int) -> DataLock | None:
    """The lock that closes a programme's study data now; None while they are open. One query."""
    return DataLock.objects.filter(programme=programme, unlocked_at__isnull=True).first()


def data_locks(programme: int) -> list[DataLock]:
    """Every lock of a programme, also those that were opened again, the newest first."""
    return list(DataLock.objects.filter(programme=programme).order_by("-pk"))


def locked_programmes() -> frozenset[int]:
    """The programmes whose study data are locked now: no letter asks for answers there. One query."""
    return frozenset(DataLock.objects.filter(unlocked_at__isnull=True).values_list("programme", flat=True))


def write_beside(programme: int) -> None:
    """Say, until the transaction ends, that this writer is at work: a lock of the data waits for it."""
    _advise("pg_advisory_xact_lock_shared", programme)


def wait_for_writers(programme: int) -> None:
    """Wait until every writer that has begun is done, and let no other begin before the transaction ends."""
    _advise("pg_advisory_xact_lock", programme)


def _advise(function: str, programme: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended('confrere data lock', %s))", [programme])


def _bodies(digests: list[bytes]) -> dict[bytes, Body]:
    return {
        bytes(payload.digest): Body(
            nonce=bytes(payload.nonce),
            text=payload.body,
            kept_as=payload.kept_as,
            at=payload.at.astimezone(UTC).isoformat(timespec="microseconds"),
        )
        for payload in Payload.objects.filter(digest__in=digests)
    }

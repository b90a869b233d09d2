"""A workbook is opened, saved, locked, set aside: by the person who writes it, and never read here.

Opening is written down for seven days, since it releases the server's share. Saving is not: the version tells how
often, and when somebody writes is nobody's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching import queries
from confrere.coaching.models import Lock, Workbook, WorkbookLock
from confrere.coaching.queries import Sealed, Way
from confrere.coaching.rules import check_sealed, check_ways, nothing_here
from confrere.people import queries as people
from confrere.vault import audit, shares
from confrere.vault import classification as kept
from confrere.vault.erasers import erases
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Opened:
    """What the device of its owner needs: the ciphertext, and the server's half of every lock (32 octets)."""

    sealed: Sealed
    share: bytes


@transaction.atomic
def open_workbook(*, programme: int, site: int, person: int, now: datetime) -> Opened:
    """Release the share of a person's workbook to their own session; a first one is begun if there is none.

    The caller has seen that the person has just proved who they are. Refuses (410) once the share is destroyed.
    """
    found = queries.workbook(programme=programme, person=person)
    if found is None:
        row, _made = Workbook.objects.get_or_create(
            programme_id=programme, person_id=person, current=True, defaults={"site_id": site, "number": uuid4()}
        )
        found = Sealed(number=row.number, version=0, newest=0, sealed=b"", ways=())
    store = shares.store()
    share = store.read(found.number) if found.version else store.make(found.number)
    if share is None:
        raise Refusal(
            _("The server's half of this workbook's lock was destroyed, so nobody can open it any more, nor can you."),
            status=410,
        )
    _note("coaching.open_workbook", programme, person, now)
    return Opened(sealed=found, share=share)


@transaction.atomic
def save_workbook(
    *, programme: int, person: int, number: UUID, version: int, sealed: bytes, ways: Sequence[Way]
) -> None:
    """Keep the next version. ways: at the first saving, the code at least; later none.

    Refuses (409) a version that does not follow the one that is kept, so that two windows never overwrite each other.
    """
    check_sealed(sealed)
    row = _locked(programme, person, number)
    if version != max(row.version, shares.store().version(number)) + 1:
        raise Refusal(_("This workbook was saved from another window meanwhile. Close it and open it again."))
    if not row.version:
        check_ways(ways)
        WorkbookLock.objects.bulk_create([_lock(row, way) for way in ways])
    row.version, row.sealed = version, sealed
    row.save(update_fields=["version", "sealed"])
    transaction.on_commit(lambda: shares.store().note(number, version))


@transaction.atomic
def lock_workbook(*, programme: int, person: int, number: UUID, way: Way, now: datetime) -> None:
    """Add a way in, or put a new one in the place of the old: another passkey, or a new recovery code."""
    row = _locked(programme, person, number)
    if row.version == 0:
        raise nothing_here()
    check_ways([way], code=False)
    row.locks.filter(kind=way.kind, credential=way.credential).delete()
    _lock(row, way).save()
    _note("coaching.lock_workbook", programme, person, now)


@transaction.atomic
def set_aside_workbook(*, programme: int, person: int, now: datetime) -> None:
    """Begin anew: the workbook stays as ciphertext until its time is over, but is the current one no longer."""
    row = Workbook.objects.select_for_update().filter(programme=programme, person=person, current=True).first()
    if row is None or row.version == 0:
        raise nothing_here()
    row.current = False
    row.save(update_fields=["current"])
    _note("coaching.set_aside_workbook", programme, person, now)


@transaction.atomic
def take_workbook_back(*, programme: int, person: int, number: UUID, now: datetime) -> None:
    """An earlier workbook becomes the current one again, and the one that was is set aside."""
    row = Workbook.objects.select_for_update().filter(programme=programme, person=person, number=number).first()
    if row is None:
        raise nothing_here()
    Workbook.objects.filter(programme=programme, person=person).update(current=False)
    row.current = True
    row.save(update_fields=["current"])
    _note("coaching.take_workbook_back", programme, person, now)


@erases(kept.WORKBOOK)
def erase_workbooks(*, now: datetime, held: frozenset[int]) -> int:
    """Workbooks of programmes that are long over: first the shares are destroyed, then the ciphertext goes.

    From then on no copy opens, however old. Killed in between, the next round does the rest.
    """
    ended = Workbook.objects.filter(programme__in=people.long_over(now=now) - held)
    for number in ended.values_list("number", flat=True):
        shares.store().destroy(number)
    gone = ended.count()
    ended.delete()
    return gone


def _locked(programme: int, person: int, number: UUID) -> Workbook:
    """The person's current workbook, if it is this one; 404 for everything else."""
    rows = Workbook.objects.select_for_update().filter(programme=programme, person=person, current=True)
    if (row := rows.filter(number=number).first()) is None:
        raise nothing_here()
    return row


def _lock(row: Workbook, way: Way) -> WorkbookLock:
    return WorkbookLock(
        programme_id=row.programme_id,
        site_id=row.site_id,
        workbook=row,
        kind=Lock(way.kind),
        credential=way.credential,
        wrapped=way.wrapped,
    )


def _note(action: str, programme: int, person: int, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(person),
        about="workbook",
        programme=programme,
        kept_as=kept.WORKBOOK,
        now=now,
    )

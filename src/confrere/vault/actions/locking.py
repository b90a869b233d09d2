"""The data lock: one person closes the study data to every write, and it takes two to open them again."""

from datetime import datetime

from django.db import transaction

from confrere.vault import audit, queries
from confrere.vault import classification as kept
from confrere.vault.models import DataLock
from confrere.vault.rules import check_can_ask_unlock, check_can_unlock, check_locked


@transaction.atomic
def lock_data(*, programme: int, site: int, person: int, name: str, now: datetime) -> int:
    """Close the study data of a programme from now on; the number of the lock. Locked twice is locked once.

    name: of the person, for the sentence in which everyone is told. Writes that have begun are waited for, so that
    none of them is committed after this returns.
    """
    queries.wait_for_writers(programme)
    row = queries.data_lock(programme)
    if row is None:
        row = DataLock.objects.create(programme=programme, site=site, name=name, locked_by=person, locked_at=now)
        _note("vault.lock_data", row, person, now)
    return row.pk


@transaction.atomic
def ask_unlock(*, programme: int, reason: str, person: int, now: datetime) -> None:
    """Ask that the data are opened again, with a reason. They stay locked until another person agrees."""
    row = _open(programme)
    check_can_ask_unlock(lock=row, reason=reason)
    row.reason, row.unlock_asked_by, row.unlock_asked_at = " ".join(reason.split()), person, now
    row.save()
    _note("vault.ask_unlock", row, person, now)


@transaction.atomic
def unlock_data(*, programme: int, person: int, now: datetime) -> None:
    """Open the data again. Refuses (403) whoever asked for it."""
    row = _open(programme)
    check_can_unlock(lock=row, person=person)
    row.unlocked_by, row.unlocked_at = person, now
    row.save()
    _note("vault.unlock_data", row, person, now)


def _open(programme: int) -> DataLock:
    return check_locked(DataLock.objects.select_for_update().filter(programme=programme, unlocked_at=None).first())


def _note(action: str, row: DataLock, person: int, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(person),
        about=f"lock:{row.pk}",
        programme=row.programme,
        kept_as=kept.CONDUCT,
        now=now,
    )

"""Answers that a study id takes back: in no data set from that day on, and erased after a delay.

What stands in a frozen set already stays, as the consent says: a set that was reported from cannot change.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from confrere.surveys.actions.answering import stop
from confrere.surveys.models import Response
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases


@transaction.atomic
def withdraw_answers(*, programme: int, study_id: str, now: datetime) -> None:
    """Take back every answer that is in no frozen set yet, and ask no further questions."""
    stop(programme=programme, study_id=study_id, now=now)
    rows = Response.objects.filter(programme_id=programme, study_id=study_id, frozen_on=None, withdrawn_on=None)
    if rows.update(withdrawn_on=days.of(now)):
        _note("surveys.withdraw_answers", programme, study_id, now)


@transaction.atomic
def restore_answers(*, programme: int, study_id: str, now: datetime) -> None:
    """Undo it while nothing is erased yet."""
    rows = Response.objects.filter(programme_id=programme, study_id=study_id, withdrawn_on__isnull=False)
    if rows.update(withdrawn_on=None):
        _note("surveys.restore_answers", programme, study_id, now)


@transaction.atomic
def note_frozen(*, programme: int, study_ids: Collection[str], now: datetime) -> None:
    """The sent answers of these study ids stand in a frozen set from now on. Noted once; the first day stays."""
    rows = Response.objects.filter(
        programme_id=programme,
        study_id__in=study_ids,
        completed_at__isnull=False,
        frozen_on=None,
        withdrawn_on=None,
    )
    rows.update(frozen_on=days.of(now))


@erases(kept.ANSWER)
def erase_withdrawn(*, now: datetime, held: frozenset[int]) -> int:
    """Answers that were taken back a fortnight ago; how many surveys. Their table only grows, so the database does it
    by a function of its own, which looks at holds and at its own clock itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT surveys_erase_withdrawn(%s)", [now])
        (gone,) = cursor.fetchone()
    return int(gone)


def _note(action: str, programme: int, study_id: str, now: datetime) -> None:
    audit.record(
        action=action, actor=Actor.study(study_id), about="answers", programme=programme, kept_as=kept.ANSWER, now=now
    )

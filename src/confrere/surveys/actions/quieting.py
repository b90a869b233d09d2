"""No more letters about surveys, by the link in a letter alone; and letters again."""

from datetime import datetime

from django.db import transaction

from confrere.surveys import sealing
from confrere.surveys.models import LetterStop, Response
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


def stopper(token: str) -> tuple[int, str] | None:
    """The programme and the study id of a link that stops letters; None for every other text."""
    fields = sealing.unseal("stop", token)
    return None if fields is None else (int(fields[0]), fields[1])


@transaction.atomic
def stop_letters(*, programme: int, study_id: str, now: datetime) -> None:
    """No letter about surveys to this study id any more, those that wait included; what is open can be answered."""
    site = Response.objects.filter(programme=programme, study_id=study_id).values_list("site", flat=True).first()
    if site is None:  # a link of another installation's past: nothing was ever asked
        return
    _row, new = LetterStop.objects.get_or_create(
        programme_id=programme,
        study_id=study_id,
        taken_back_on=None,
        defaults={"site_id": site, "stopped_on": days.of(now)},
    )
    if new:
        _note("surveys.stop_letters", programme, study_id, now)


@transaction.atomic
def letters_again(*, programme: int, study_id: str, now: datetime) -> None:
    """Take the stop back."""
    open_ = LetterStop.objects.filter(programme=programme, study_id=study_id, taken_back_on__isnull=True)
    if open_.update(taken_back_on=days.of(now)):
        _note("surveys.letters_again", programme, study_id, now)


def _note(action: str, programme: int, study_id: str, now: datetime) -> None:
    audit.record(
        action=action,
        actor=Actor.study(study_id),
        about="letters about surveys",
        programme=programme,
        kept_as=kept.PLACE,
        now=now,
    )

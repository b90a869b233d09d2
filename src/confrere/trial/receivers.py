"""What answers set in motion here; thin, each calls the room's own action."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from confrere.surveys.signals import wave_answered
from confrere.trial import actions, queries


@receiver(wave_answered)
def answered(sender: object, programme: int, study_id: str, wave: str, now: datetime, **kwargs: Any) -> None:
    """A complete baseline makes the place final; what follows from any wave is done soon after."""
    trial = queries.of_programme(programme)
    if trial is None:
        return
    if wave == queries.protocol(trial).baseline.name:
        actions.confirm_place(programme=programme, study_id=study_id, now=now)
    actions.follow_up.defer_once(id=programme)

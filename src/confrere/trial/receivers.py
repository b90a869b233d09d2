"""What answers set in motion here; thin, each calls the room's own action."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from confrere.coaching.signals import draws_asked, session_held
from confrere.post.signals import Verdict, leaving
from confrere.surveys.signals import distress_asked, wave_answered
from confrere.trial import actions, queries
from confrere.vault.origin import simulated


@receiver(wave_answered)
def answered(sender: object, programme: int, study_id: str, wave: str, now: datetime, **kwargs: Any) -> None:
    """A complete baseline makes the place final; what follows from any wave is done soon after."""
    trial = queries.of_programme(programme)
    if trial is None:
        return
    if wave == queries.protocol(trial).baseline.name:
        actions.confirm_place(programme=programme, study_id=study_id, now=now)
    actions.follow_up.defer_once(id=programme)


@receiver(leaving)
def letter_leaves(sender: object, to: str, guard: str, **kwargs: Any) -> Verdict | None:
    """Whether an announcement, or a letter to a participant, is still wanted at the moment at which it would leave."""
    wanted = queries.announcement_wanted(guard=guard, to=to)
    if wanted is None:
        wanted = queries.letter_wanted(guard=guard, to=to)
    return None if wanted is None else Verdict(wanted=wanted)


@receiver(distress_asked)
def distress_lines(sender: object, programme: int, **kwargs: Any) -> tuple[str, ...]:
    """What the protocol says to somebody in distress; nothing where there is no trial."""
    trial = queries.of_programme(programme)
    return () if trial is None else queries.protocol(trial).distress


@receiver(draws_asked)
def drawing(sender: object, programme: int, **kwargs: Any) -> bool:
    """Whether people can still be drawn. Simulated people lose nothing by a count."""
    trial = queries.of_programme(programme)
    return trial is not None and not queries.draws_are_over(trial) and not simulated()


@receiver(session_held)
def held(sender: object, programme: int, **kwargs: Any) -> None:
    """A session may open a wave, where one counts from it; soon after, in a transaction of its own."""
    trial = queries.of_programme(programme)
    if trial is not None and any(wave.after == "first_session" for wave in queries.protocol(trial).waves):
        actions.follow_up.defer_once(id=programme)

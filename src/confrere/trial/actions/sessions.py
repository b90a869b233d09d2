"""Waves that count from the first session: opened when it was held, and for who held none on the latest day."""

from datetime import datetime, timedelta

from confrere.coaching import queries as coached
from confrere.surveys import queries as asked
from confrere.trial import queries
from confrere.trial.actions.allocating import put_before
from confrere.trial.models import Allocation, Trial
from confrere.vault import days, link


def open_after_first_session(trial: Trial, *, now: datetime) -> None:
    """Open these waves from the day on which a first session is found held, or from the latest day.

    A worker's round, not the transaction in which the session was confirmed: nothing joins the two but the day.
    """
    protocol = queries.protocol(trial)
    for wave in protocol.waves[1:]:
        if wave.latest_days is None:
            continue
        opened = asked.asked_of(programme=trial.programme_id, wave=wave.name)
        waiting = [made for made in Allocation.objects.filter(trial=trial) if made.study_id not in opened]
        held = _held(trial) if waiting else frozenset()
        for made in waiting:
            latest = days.start(made.drawn_on) + timedelta(days=wave.latest_days)
            first = days.floor(now) + timedelta(days=wave.offset_days) if made.study_id in held else latest
            if made.study_id in held or latest <= now:
                put_before(made, wave, protocol=protocol, opens=min(first, latest), now=now)


def _held(trial: Trial) -> frozenset[str]:
    """The study ids of those who have held a session."""
    done = [person for person, sum_ in coached.delivered(programme=trial.programme_id).items() if sum_.held]
    return frozenset(link.study_ids_of(persons=done, programme=trial.programme_id).values())

"""One list of what happened, derived from the rooms' own rows; sets, flow and tables are read from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from confrere.coaching import queries as coaching
from confrere.people.queries import at
from confrere.science.expression import compile_expression
from confrere.surveys import queries as answered
from confrere.trial.models import Allocation, Announcement, Consent, Delivered, Place, Trial, Withdrawal
from confrere.trial.protocol import AnalysisSet, Protocol, set_columns
from confrere.trial.queries.trials import protocol, required
from confrere.vault import days, link


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `at` is None where the time is not kept (a session only "was held").

    Of draws and withdrawals only the day is kept; `at` is its first moment.

    kind: mailed, consented, answered, allocated, session, withdrew. detail: the addresses mailed, the wave, the
    arm, the number of sessions, what was withdrawn from. study_id: None for what concerns nobody in particular.
    """

    kind: str
    at: datetime | None
    study_id: str | None
    detail: str | int


@dataclass(frozen=True, slots=True)
class Allocated:
    """One allocated study id with the columns of `protocol.set_columns` and the levels of its stratum."""

    study_id: str
    arm: str
    drawn_on: date
    strata: Mapping[str, str]
    sessions: int
    answered: Mapping[str, bool]


def events(*, programme: int) -> list[Event]:
    """Everything that happened in a trial; by day, and within a day in the order of a trial; then the sessions."""
    trial = required(programme)
    dated = [*_mailed(trial), *_consented(trial), *_answered(trial), *_allocated(trial), *_withdrew(trial)]
    sessions = [Event("session", None, study_id, held) for study_id, held in sorted(sessions_of(trial).items()) if held]
    return sorted(dated, key=_day) + sessions


def _day(event: Event) -> date:
    assert event.at is not None  # asked of dated events only
    return days.of(event.at)


def sessions_of(trial: Trial) -> dict[str, int]:
    """Study id → sessions held, of everyone whose coaching was opened; what was counted outlives the meetings."""
    counted, held = _counted_and_held(trial)
    return counted | {study_id: max(number, counted.get(study_id, 0)) for study_id, number in held.items()}


def more_sessions(trial: Trial) -> dict[str, int]:
    """Study id → sessions held, of those who have had more than was counted under their study id."""
    counted, held = _counted_and_held(trial)
    return {study_id: number for study_id, number in held.items() if number > counted.get(study_id, 0)}


def _counted_and_held(trial: Trial) -> tuple[dict[str, int], dict[str, int]]:
    """Study id → what was counted, and what the meetings say that are still there."""
    counted = dict(Delivered.objects.filter(trial=trial).values_list("study_id", "held"))
    delivered = coaching.delivered(programme=trial.programme_id)
    ids = link.study_ids_of(persons=delivered, programme=trial.programme_id)
    return counted, {study_id: delivered[person].held for person, study_id in ids.items()}


def allocated(*, programme: int, sites: frozenset[int] | None = None) -> list[Allocated]:
    """Everyone who was allocated, at these sites or at every one, in the order of the draws."""
    trial = required(programme)
    read = protocol(trial)
    sessions = sessions_of(trial)
    sent = {wave.name: answered.completed(programme=programme, wave=wave.name) for wave in read.waves}
    return [
        Allocated(
            study_id=row.study_id,
            arm=row.arm,
            drawn_on=row.drawn_on,
            strata=_levels(row.stratum),
            sessions=sessions.get(row.study_id, 0),
            answered={wave: row.study_id in times for wave, times in sent.items()},
        )
        for row in Allocation.objects.filter(trial=trial, **at(sites)).order_by("pk")
    ]


def analysis_set(*, programme: int, name: str) -> frozenset[str]:
    """The study ids of a set that the protocol names; raises KeyError for another name."""
    read = protocol(required(programme))
    one = {each.name: each for each in read.analysis.sets}[name]
    return kept_by(one, read, allocated(programme=programme))


def kept_by(one: AnalysisSet, read: Protocol, rows: list[Allocated]) -> frozenset[str]:
    """The study ids among `rows` that a set keeps; a set without an expression keeps everyone."""
    if one.keep is None:
        return frozenset(row.study_id for row in rows)
    names = {*set_columns(read), *(stratum.name for stratum in read.strata)}
    columns = {name: np.array([_cell(row, name) for row in rows], dtype=object) for name in names}
    kept = compile_expression(one.keep, names=names).evaluate(columns)
    return frozenset(row.study_id for row, keeps in zip(rows, kept, strict=True) if keeps)


def places(trial: Trial, sites: frozenset[int] | None = None) -> Counter[str]:
    """How many study ids stand in each state of a place, at these sites or at every one."""
    return Counter(Place.objects.filter(trial=trial, **at(sites)).values_list("state", flat=True))


def _cell(row: Allocated, name: str) -> str | int:
    if name == "arm":
        return row.arm
    if name == "sessions":
        return row.sessions
    if name in row.strata:
        return row.strata[name]
    return int(row.answered[name.removeprefix("answered_")])


def _levels(stratum: str) -> dict[str, str]:
    return {name: level for name, _sign, level in (part.partition("=") for part in stratum.split(";")) if level}


def _mailed(trial: Trial) -> list[Event]:
    rows = Announcement.objects.filter(trial=trial)
    return [Event("mailed", row.sent_at, None, row.addresses) for row in rows]


def _consented(trial: Trial) -> list[Event]:
    rows = Consent.objects.filter(programme_id=trial.programme_id).order_by("-given_at")
    first = {row.person_id: row.given_at for row in rows}
    ids = link.study_ids_of(persons=first, programme=trial.programme_id)
    return [Event("consented", at, ids.get(person), "") for person, at in first.items()]


def _answered(trial: Trial) -> list[Event]:
    return [
        Event("answered", at, study_id, wave.name)
        for wave in protocol(trial).waves
        for study_id, at in answered.completed(programme=trial.programme_id, wave=wave.name).items()
    ]


def _allocated(trial: Trial) -> list[Event]:
    return [
        Event("allocated", days.start(row.drawn_on), row.study_id, row.arm)
        for row in Allocation.objects.filter(trial=trial)
    ]


def _withdrew(trial: Trial) -> list[Event]:
    rows = Withdrawal.objects.filter(trial=trial, taken_back_on__isnull=True)
    return [Event("withdrew", days.start(row.withdrawn_on), row.study_id, row.kind) for row in rows]

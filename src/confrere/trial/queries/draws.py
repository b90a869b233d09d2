"""Reading the draws: what is due after them, who left, and the record that is published at the end."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from confrere.science.allocation import AllocationRecord, Entry, Simple
from confrere.science.allocation import Batch as Drawn
from confrere.surveys import queries as answered
from confrere.trial import keys
from confrere.trial.models import (
    Allocation,
    Batch,
    Consent,
    Place,
    PlaceState,
    Step,
    StepKind,
    Trial,
    TrialState,
    Withdrawal,
    WithdrawalKind,
)
from confrere.trial.queries.trials import protocol
from confrere.vault import days, link
from confrere.vault.refusals import Refusal


def batch_of(trial: Trial) -> Batch | None:
    """The draw of everybody at once, from the statistician's promise on; None before it, and in a rolling trial."""
    return Batch.objects.filter(trial=trial).first()


def record(trial: Trial) -> dict[str, Any]:
    """The allocation record as it is published; the key is in it from the end of recruitment on."""
    read = protocol(trial)
    rows = Allocation.objects.filter(trial=trial).order_by("pk")
    drawn = batch_of(trial)
    made = AllocationRecord(
        protocol_sha256=trial.protocol_sha256,
        scheme=read.scheme if drawn is None else Simple(),
        arms=read.allocation_arms,
        commitment=trial.commitment,
        entries=tuple(Entry(counter=row.counter, stratum=row.stratum, leaf=row.leaf, arm=row.arm) for row in rows),
        batch=None if drawn is None else Drawn(drawn.second, drawn.roster_root),
        simulated=bool(trial.test_entropy),
    )
    return made.published(key=keys.of_trial(trial))


def published_record(trial: Trial) -> dict[str, Any]:
    """The record once it is published; before that there is none, for nobody."""
    if trial.state != TrialState.PUBLISHED:
        raise Refusal(_("The record of the draws is published when recruitment has ended."))
    return record(trial)


def draws_are_over(trial: Trial) -> bool:
    """Whether no arm can be drawn any more: recruitment has ended, or every place is final.

    Until then a count by arm would help whoever recruits to guess the next one.
    """
    if trial.state == TrialState.PUBLISHED:
        return True
    final = Place.objects.filter(trial=trial, state=PlaceState.FINAL).count()
    read = protocol(trial)
    return trial.state == TrialState.OPEN and read.mode == "rolling" and final == read.cap


def signed_without_place(trial: Trial) -> list[str]:
    """Study ids whose owner signed and then lost the connection before a place was held."""
    signers = Consent.objects.filter(programme_id=trial.programme_id).order_by("pk")
    placed = set(Place.objects.filter(trial=trial).values_list("study_id", flat=True))
    persons = dict.fromkeys(signers.values_list("person", flat=True))
    ids = link.study_ids_of(persons=persons, programme=trial.programme_id)
    return [ids[person] for person in persons if person in ids and ids[person] not in placed]


def untold(trial: Trial) -> list[Allocation]:
    """Draws of which nobody has been told yet, oldest first."""
    return list(Allocation.objects.filter(trial=trial).exclude(study_id__in=_done(trial, StepKind.TOLD)).order_by("pk"))


def grants_due(trial: Trial, *, now: datetime) -> list[tuple[Allocation, datetime]]:
    """Draws whose coaching is to be opened, each with the beginning of the day from which it is open.

    At once where the arm says so; else when the wave was answered, or its window has passed. Whoever left
    coaching is not among them.
    """
    read = protocol(trial)
    gone = left(trial, WithdrawalKind.COACHING)
    rows = Allocation.objects.filter(trial=trial).exclude(study_id__in=_done(trial, StepKind.GRANTED))
    over = {
        arm.coaching_after: answered.over(programme=trial.programme_id, wave=arm.coaching_after, now=now)
        for arm in read.arms
        if arm.coaching_after is not None
    }
    due = []
    for row in rows.order_by("pk"):
        after = read.arm(row.arm).coaching_after
        since = days.start(row.drawn_on) if after is None else over[after].get(row.study_id)
        if read.arm(row.arm).coached and since is not None and row.study_id not in gone:
            due.append((row, days.floor(since)))
    return due


def withdrawn(*, trial: Trial, study_id: str) -> frozenset[str]:
    """From what a study id has withdrawn and not come back."""
    rows = Withdrawal.objects.filter(trial=trial, study_id=study_id, taken_back_on=None, erased_on=None)
    return frozenset(rows.values_list("kind", flat=True))


def left_and_back(trial: Trial) -> tuple[frozenset[str], frozenset[str]]:
    """The study ids that are out of coaching now, and those that were and came back. One query."""
    rows = Withdrawal.objects.filter(trial=trial, kind=WithdrawalKind.COACHING)
    stands = list(rows.values_list("study_id", "taken_back_on"))
    gone = frozenset(study_id for study_id, back in stands if back is None)
    return gone, frozenset(study_id for study_id, _back in stands) - gone


def granted_since(trial: Trial, *, study_id: str, now: datetime) -> datetime | None:
    """From which day on coaching was opened for a study id; None as long as it was not."""
    row = Allocation.objects.filter(trial=trial, study_id__in=_done(trial, StepKind.GRANTED)).filter(study_id=study_id)
    return next((_open_since(trial, each, now) for each in row), None)


def _open_since(trial: Trial, row: Allocation, now: datetime) -> datetime | None:
    after = protocol(trial).arm(row.arm).coaching_after
    if after is None:
        return days.start(row.drawn_on)
    over = answered.over(programme=trial.programme_id, wave=after, now=now)
    return days.floor(over[row.study_id])


def left(trial: Trial, kind: WithdrawalKind) -> frozenset[str]:
    """The study ids that withdrew from coaching, or from questions, and have not come back."""
    rows = Withdrawal.objects.filter(trial=trial, kind=kind, taken_back_on__isnull=True)
    return frozenset(rows.values_list("study_id", flat=True))


def leaving(trial: Trial) -> dict[str, dict[str, str]]:
    """Kind of withdrawal → study id → why, empty where it was not said, of all who have not come back. One query."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in WithdrawalKind}
    rows = Withdrawal.objects.filter(trial=trial, taken_back_on__isnull=True)
    for kind, study_id, reason in rows.values_list("kind", "study_id", "reason"):
        found[kind][study_id] = reason
    return found


def _done(trial: Trial, kind: StepKind) -> QuerySet[Step, str]:
    return Step.objects.filter(trial=trial, kind=kind).values_list("study_id", flat=True)

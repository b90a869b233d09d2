"""Leaving coaching, leaving the questions, taking answers back, and undoing each. No lock ever refuses it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import queries
from confrere.trial.actions.locking import locked
from confrere.trial.actions.places import give_up, hold_place
from confrere.trial.models import (
    SILENT,
    LeavingReason,
    Place,
    PlaceState,
    Trial,
    TrialState,
    Withdrawal,
    WithdrawalKind,
)
from confrere.trial.rules import ERASED_AFTER
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault import queries as vault
from confrere.vault.audit import Actor


@transaction.atomic
def withdraw(*, programme: int, study_id: str, kind: str, now: datetime, reason: str = "") -> None:
    """Stop coaching ("coaching") or further questions ("questions"), or take back answers ("data"), at any time.

    No reason is needed; one of a short list may be given. From this moment no letter about it leaves. Before the draw
    the place goes to the next in line; after it the study id stays in the intention-to-treat set. Answers that stand in
    a frozen set stay there; the others are in no later set, and erased after a fortnight. Withdrawn twice is withdrawn
    once.
    """
    wanted = WithdrawalKind(kind)
    vault.write_beside(programme)
    trial = queries.required(programme)
    if wanted == WithdrawalKind.QUESTIONS:
        surveys.stop(programme=programme, study_id=study_id, now=now)
    if wanted == WithdrawalKind.DATA:
        surveys.withdraw_answers(programme=programme, study_id=study_id, now=now)
    give_up(programme=programme, study_id=study_id, now=now)
    _row, new = Withdrawal.objects.get_or_create(
        trial=trial,
        study_id=study_id,
        kind=wanted,
        taken_back_on=None,
        erased_on=None,
        defaults={
            "programme_id": programme,
            "site_id": queries.site_of(trial, study_id),
            "reason": LeavingReason(reason) if reason else "",
            "withdrawn_on": days.of(now),
        },
    )
    if new:
        _note("trial.withdraw", trial, study_id, wanted, now)


@transaction.atomic
def take_back(*, programme: int, study_id: str, kind: str, now: datetime) -> None:
    """Undo a withdrawal: surveys whose window is open open again; a place given up is asked for anew while there are
    any. Answers come back unless they are erased; then there is nothing to undo, and nothing happens.
    """
    wanted = WithdrawalKind(kind)
    vault.write_beside(programme)
    trial = queries.required(programme)
    rows = Withdrawal.objects.filter(trial=trial, study_id=study_id, kind=wanted, taken_back_on=None, erased_on=None)
    if not rows.update(taken_back_on=days.of(now)):
        return
    if wanted == WithdrawalKind.DATA:
        surveys.restore_answers(programme=programme, study_id=study_id, now=now)
    open_ones = queries.withdrawn(trial=trial, study_id=study_id)
    if wanted in SILENT and not open_ones & SILENT:
        surveys.reopen(programme=programme, study_id=study_id, now=now)
    _note("trial.take_back", trial, study_id, wanted, now)
    left = Place.objects.filter(trial=trial, study_id=study_id, state=PlaceState.WITHDRAWN).exists()
    if left and not open_ones and trial.state == TrialState.OPEN:
        hold_place(programme=programme, study_id=study_id, now=now)


def note_erased(*, programme: int, now: datetime) -> None:
    """Write down which withdrawals of data have run their course: nothing can be taken back any more."""
    over = Withdrawal.objects.filter(
        trial__programme=programme,
        kind=WithdrawalKind.DATA,
        taken_back_on=None,
        erased_on=None,
        withdrawn_on__lte=days.of(now) - timedelta(days=ERASED_AFTER),
    )
    # On most rounds there is none: one look, and nobody is kept waiting.
    if over.exists():
        _note_each(over, programme=programme, now=now)


@transaction.atomic
def _note_each(over: QuerySet[Withdrawal], *, programme: int, now: datetime) -> None:
    trial = locked(programme)
    for row in over.exclude(study_id__in=answered.taken_back(programme=programme)):
        row.erased_on = days.of(now)
        row.save(update_fields=["erased_on"])
        _note("trial.erased", trial, row.study_id, WithdrawalKind.DATA, now)


def _note(action: str, trial: Trial, study_id: str, kind: WithdrawalKind, now: datetime) -> None:
    audit.record(
        action=action,
        actor=Actor.study(study_id),
        about=f"withdrawal from {kind.value}",
        programme=trial.programme_id,
        kept_as=kept.PLACE,
        now=now,
    )

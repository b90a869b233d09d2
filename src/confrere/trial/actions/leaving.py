"""Leaving coaching, leaving the questions, and taking either back. What was answered before stays, as consented."""

from datetime import datetime

from django.db import transaction

from confrere.surveys import actions as surveys
from confrere.trial import queries
from confrere.trial.actions.places import give_up, hold_place
from confrere.trial.models import Place, PlaceState, Trial, Withdrawal, WithdrawalKind
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def withdraw(*, programme: int, study_id: str, kind: str, now: datetime) -> None:
    """Stop coaching ("coaching") or further questions ("questions"), at any time, without a reason.

    From this moment no letter about it leaves. Before the draw the place goes to the next in line; after it
    the study id stays in the intention-to-treat set. Withdrawn twice is withdrawn once.
    """
    wanted = WithdrawalKind(kind)
    trial = queries.required(programme)
    if wanted == WithdrawalKind.QUESTIONS:
        surveys.stop(programme=programme, study_id=study_id, now=now)
    give_up(programme=programme, study_id=study_id, now=now)
    _row, new = Withdrawal.objects.get_or_create(
        trial=trial,
        study_id=study_id,
        kind=wanted,
        taken_back_on=None,
        defaults={"programme_id": programme, "site_id": trial.site_id, "withdrawn_on": days.of(now)},
    )
    if new:
        _note("trial.withdraw", trial, study_id, wanted, now)


@transaction.atomic
def take_back(*, programme: int, study_id: str, kind: str, now: datetime) -> None:
    """Undo a withdrawal: surveys whose window is open open again; a place given up is asked for anew."""
    wanted = WithdrawalKind(kind)
    trial = queries.required(programme)
    if wanted == WithdrawalKind.QUESTIONS:
        surveys.reopen(programme=programme, study_id=study_id, now=now)
    rows = Withdrawal.objects.filter(trial=trial, study_id=study_id, kind=wanted, taken_back_on=None)
    if not rows.update(taken_back_on=days.of(now)):
        return
    _note("trial.take_back", trial, study_id, wanted, now)
    left = Place.objects.filter(trial=trial, study_id=study_id, state=PlaceState.WITHDRAWN).exists()
    if left and not queries.withdrawn(trial=trial, study_id=study_id):
        hold_place(programme=programme, study_id=study_id, now=now)


def _note(action: str, trial: Trial, study_id: str, kind: WithdrawalKind, now: datetime) -> None:
    audit.record(
        action=action,
        actor=Actor.study(study_id),
        about=f"withdrawal from {kind.value}",
        programme=trial.programme_id,
        kept_as=kept.PLACE,
        now=now,
    )

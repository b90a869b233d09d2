"""A legal hold: two people pause the erasing of named classes, and two people lift it again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.models import Hold
from confrere.vault.rules import check_can_confirm, check_can_hold, check_can_lift, check_held


@transaction.atomic
def ask_hold(*, programme: int, site: int, classes: Collection[str], reason: str, person: int, now: datetime) -> int:
    """Ask that nothing of these classes is erased in a programme; its number. Nothing is paused until another confirms.

    Refuses (422) without a reason, without a class, and for a class that nothing erases by the clock.
    """
    check_can_hold(classes=classes, reason=reason)
    row = Hold.objects.create(
        programme=programme,
        site=site,
        classes=sorted(set(classes)),
        reason=" ".join(reason.split()),
        asked_by=person,
        asked_at=now,
    )
    _note("vault.ask_hold", row, person, now)
    return row.pk


@transaction.atomic
def confirm_hold(*, programme: int, hold: int, person: int, now: datetime) -> None:
    """Pause, from now on. Refuses (403) whoever asked for it; confirmed twice is confirmed once."""
    row = _locked(programme, hold)
    check_can_confirm(hold=row, person=person)
    if row.confirmed_at is None:
        row.confirmed_by, row.confirmed_at = person, now
        row.save()
        _note("vault.confirm_hold", row, person, now)


@transaction.atomic
def ask_lift(*, programme: int, hold: int, person: int, now: datetime) -> None:
    """Ask that a hold ends. It stays until another person agrees."""
    row = _locked(programme, hold)
    check_held(hold=row)
    if row.lift_asked_at is None:
        row.lift_asked_by, row.lift_asked_at = person, now
        row.save()
        _note("vault.ask_lift", row, person, now)


@transaction.atomic
def lift_hold(*, programme: int, hold: int, person: int, now: datetime) -> None:
    """End a hold: the next daily round erases what has ended meanwhile. Refuses (403) whoever asked for it."""
    row = _locked(programme, hold)
    check_can_lift(hold=row, person=person)
    row.lifted_by, row.lifted_at = person, now
    row.save()
    _note("vault.lift_hold", row, person, now)


def _locked(programme: int, hold: int) -> Hold:
    found = Hold.objects.select_for_update().filter(programme=programme, pk=hold).first()
    return check_held(hold=found, began=False)


def _note(action: str, row: Hold, person: int, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(person),
        about=f"hold:{row.pk}",
        programme=row.programme,
        kept_as=kept.HOLD,
        now=now,
        details={"classes": " ".join(row.classes)},
    )

"""After the lock: amendments that leave alone what the draws are bound to, the board's papers, reported events."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from confrere.trial import queries
from confrere.trial.actions.allocating import open_wave
from confrere.trial.actions.drafting import keep
from confrere.trial.actions.locking import locked, publish_questionnaires
from confrere.trial.models import Allocation, ProtocolVersion, ReportedEvent, Seat, StampedConsent, Trial, VersionKind
from confrere.trial.protocol import Protocol
from confrere.trial.rules import (
    check_amendable,
    check_amendment,
    check_newest,
    check_protocol,
    check_reported_event,
    check_stamped,
    check_text,
)
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def amend(
    *, programme: int, text: str, after: int, why: str, reference: str, by: str, actor: Actor, now: datetime
) -> int:
    """Change the protocol after the lock; returns the version, which stands in the log of changes from now on.

    The hash that the draws are bound to stays. Refuses (409) what the draws or somebody's answers rest on, and
    (422) a change without a reason. More places become seats, further waves open for who was drawn.
    """
    trial = locked(programme)
    check_amendable(trial)
    check_text(text)
    newest = queries.newest_version(programme)
    before, wanted = queries.protocol(trial), check_protocol(text)
    if newest is not None and newest.text == text:
        return newest.number
    check_newest(newest, after)
    check_amendment(trial, before, wanted, why=why)
    made = ProtocolVersion(programme_id=programme, site_id=trial.site_id, number=after + 1, text=text, by=by)
    made.kind, made.why, made.reference, made.saved_at = VersionKind.AMENDMENT, why.strip(), reference.strip(), now
    keep(made, actor)
    trial.protocol = text
    trial.save()
    _follow(trial, before, wanted, actor, now)
    return made.number


def _follow(trial: Trial, before: Protocol, wanted: Protocol, actor: Actor, now: datetime) -> None:
    publish_questionnaires(trial, wanted, actor, now)
    Seat.objects.bulk_create(
        Seat(programme_id=trial.programme_id, site_id=trial.site_id, trial=trial, number=number)
        for number in range(before.cap + 1, wanted.cap + 1)
    )
    for wave in wanted.waves[len(before.waves) :]:
        for drawn in Allocation.objects.filter(trial=trial).order_by("pk"):
            open_wave(wanted, drawn, wave, now)


@transaction.atomic
def keep_stamped_consent(*, programme: int, site: int, content: bytes, actor: Actor, now: datetime) -> str:
    """Keep the file that the board stamped; returns its SHA-256. The same file again is kept once."""
    check_stamped(content)
    sha256 = hashlib.sha256(content).hexdigest()
    known = StampedConsent.objects.filter(programme_id=programme)
    if not known.filter(sha256=sha256).exists():
        made = StampedConsent.objects.create(
            programme_id=programme,
            site_id=site,
            number=known.count() + 1,
            content=content,
            sha256=sha256,
            uploaded_at=now,
        )
        _note("trial.keep_stamped_consent", f"stamped consent {made.number}", programme, actor, now=now, sha256=sha256)
    return sha256


@transaction.atomic
def note_reported_event(
    *, programme: int, site: int, reference: str, reported_on: date, actor: Actor, now: datetime
) -> None:
    """Note that something was reported to the board, by its reference number. What happened is not written here."""
    check_reported_event(programme, reference)
    made = ReportedEvent.objects.create(
        programme_id=programme, site_id=site, reference=reference.strip(), reported_on=reported_on, noted_at=now
    )
    _note("trial.note_reported_event", f"reported event {made.pk}", programme, actor, now=now)


def _note(action: str, about: str, programme: int, actor: Actor, *, now: datetime, sha256: str = "") -> None:
    audit.record(
        action=action,
        actor=actor,
        about=about,
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"sha256": sha256} if sha256 else {},
    )

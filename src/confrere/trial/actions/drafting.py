"""Writing the protocol: every draft is kept, and two directors never overwrite each other without a word."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from confrere.trial import queries
from confrere.trial.models import ProtocolVersion, Trial, VersionKind
from confrere.trial.protocol import Protocol
from confrere.trial.rules import check_draft, check_newest, check_protocol, check_text, overtaken
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def draft(*, programme: int, site: int, protocol: str, actor: Actor, now: datetime, by: str = "") -> int:
    """Keep a protocol as the draft of the programme's trial, in place of an earlier draft; returns the trial.

    Refuses a text that is no protocol (422, with the place) and a change after the lock (with the hash).
    """
    check_protocol(protocol)
    newest = queries.newest_version(programme)
    after = 0 if newest is None else newest.number
    save_draft(programme=programme, site=site, text=protocol, after=after, by=by, actor=actor, now=now)
    return queries.required(programme).pk


@transaction.atomic
def save_draft(*, programme: int, site: int, text: str, after: int, by: str, actor: Actor, now: datetime) -> int:
    """Keep what was written so far as the next version; returns its number. It need not be finished.

    after: the version that was before the writer's eyes. Refuses (409) where another has come in between. The
    same text again is the same version. A finished text becomes the draft of the programme's trial.
    """
    trial = queries.of_programme(programme, locked=True)
    if trial is not None:
        check_draft(trial)
    check_text(text)
    newest = queries.newest_version(programme)
    if newest is not None and newest.text == text:
        return newest.number
    check_newest(newest, after)
    made = keep(
        ProtocolVersion(programme_id=programme, site_id=site, number=after + 1, text=text, by=by, saved_at=now), actor
    )
    if queries.problem(text) is None:
        _put(trial, made, check_protocol(text), actor)
    return made.number


def keep(made: ProtocolVersion, actor: Actor) -> ProtocolVersion:
    """Write a version down. Whoever saved the same number a moment earlier is kept, the other one is told (409)."""
    made.kind = made.kind or VersionKind.DRAFT
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise overtaken(queries.version(made.programme_id, made.number)) from error
    audit.record(
        action=f"trial.save_{made.kind}",
        actor=actor,
        about=f"protocol version {made.number}",
        programme=made.programme_id,
        kept_as=kept.PROGRAMME,
        now=made.saved_at,
    )
    return made


def _put(trial: Trial | None, made: ProtocolVersion, read: Protocol, actor: Actor) -> None:
    if trial is None:
        token = secrets.token_urlsafe(16)
        trial = Trial(programme_id=made.programme_id, site_id=made.site_id, join_token=token)
    trial.protocol, trial.protocol_sha256 = made.text, read.sha256
    trial.save()
    audit.record(
        action="trial.draft",
        actor=actor,
        about=f"trial:{trial.pk}",
        programme=made.programme_id,
        kept_as=kept.PROGRAMME,
        now=made.saved_at,
        details={"sha256": read.sha256},
    )

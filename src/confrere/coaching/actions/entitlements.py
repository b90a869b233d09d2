"""Granting sessions, and ending a grant."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching.actions import letters
from confrere.coaching.actions.booking import release
from confrere.coaching.models import Booking, Entitlement, Source, State
from confrere.coaching.rules import check_extend, nothing_here
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Kiser 2024: the first session 90 minutes, five of 60, within three months.
KISER: tuple[int, ...] = (90, 60, 60, 60, 60, 60)


@transaction.atomic
def grant(
    *,
    programme: int,
    site: int,
    person: int,
    minutes: Sequence[int],
    since: datetime,
    until: datetime,
    actor: audit.Actor,
    now: datetime,
    source: str = Source.TRIAL,
) -> int:
    """Let a person book sessions of these minutes (one number a session) from `since` until `until`.

    Idempotent: the same grant from the same source again answers with the first one. Refuses (409) another grant
    from a source that has granted already, a window that ends before it starts, and sessions under 15 or over 240
    minutes.
    """
    if until <= since or not minutes or not all(15 <= each <= 240 for each in minutes):
        raise Refusal(_("A grant needs at least one session of 15 to 240 minutes, and an end after its start."))
    row, new = Entitlement.objects.get_or_create(
        programme_id=programme,
        person_id=person,
        source=Source(source),
        defaults={
            "site_id": site,
            "minutes": list(minutes),
            "since": since,
            "until": until,
            "granted_at": now,
        },
    )
    if not new and (row.minutes, row.since, row.until) != (list(minutes), since, until):
        raise Refusal(_("Sessions were already granted to this person, with other dates or lengths."))
    if new:
        _note("coaching.grant", row, actor, now)
    return row.pk


@transaction.atomic
def revoke(*, programme: int, person: int, source: str, actor: audit.Actor, now: datetime) -> bool:
    """End what a source granted: sessions to come are cancelled with neutral letters, both people's time is free.

    What was held stays counted. Whether there was anything to end; a second time there is not.
    """
    row = (
        Entitlement.objects.select_for_update(no_key=True)
        .filter(programme_id=programme, person_id=person, source=Source(source), until__gt=now)
        .first()
    )
    if row is None:
        return False
    to_come = Booking.objects.filter(entitlement=row, state=State.BOOKED, during__startswith__gt=now).order_by("pk")
    for booking in to_come:
        release(booking=booking.pk, state=State.CANCELLED, now=now)
        letters.appointment_changed(booking=booking.pk, now=now)
    row.until = max(now, row.since + timedelta(microseconds=1))
    row.save(update_fields=["until"])
    _note("coaching.revoke", row, actor, now)
    return True


@transaction.atomic
def resume(*, programme: int, person: int, source: str, until: datetime, actor: audit.Actor, now: datetime) -> None:
    """Open again, until this moment, what was revoked. Cancelled sessions stay cancelled; nothing is ever shortened."""
    row = (
        Entitlement.objects.select_for_update(no_key=True)
        .filter(programme_id=programme, person_id=person, source=Source(source), until__lt=until)
        .first()
    )
    if row is not None:
        row.until = until
        row.save(update_fields=["until"])
        _note("coaching.resume", row, actor, now)


@transaction.atomic
def extend(*, programme: int, person: int, source: str, until: datetime, actor: audit.Actor, now: datetime) -> None:
    """Let a person book until a later moment what was granted; the coordinator does it, and it is noted who did.

    Refuses what `check_extend` refuses, and what does not exist (404).
    """
    rows = Entitlement.objects.select_for_update(no_key=True)
    row = rows.filter(programme_id=programme, person_id=person, source=source).first()
    if row is None:
        raise nothing_here()
    check_extend(source=Source(row.source), ends=row.until, until=until, now=now)
    row.until = until
    row.save(update_fields=["until"])
    _note("coaching.extend", row, actor, now)


def _note(action: str, row: Entitlement, actor: audit.Actor, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"entitlement:{row.pk}",
        programme=row.programme_id,
        kept_as=kept.ENTITLEMENT,
        now=now,
        details={"sessions": len(row.minutes)},
    )

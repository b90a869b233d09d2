"""Granting sessions."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching.models import Entitlement, Source
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
        audit.record(
            action="coaching.grant",
            actor=actor,
            about=f"entitlement:{row.pk}",
            programme=programme,
            kept_as=kept.ENTITLEMENT,
            now=now,
            details={"sessions": len(minutes)},
        )
    return row.pk

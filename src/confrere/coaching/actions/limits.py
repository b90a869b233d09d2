"""The limits of confidentiality: worded by the site's counsel, read before the first session."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from confrere.coaching.models import Acknowledged, Limits
from confrere.coaching.queries.limits import wordings
from confrere.coaching.rules import check_wording, nothing_here
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal


@transaction.atomic
def write_limits(
    *, programme: int, site: int, state: str, text: str, after: int, actor: audit.Actor, now: datetime
) -> int:
    """Put down counsel's wording for a state (two letters; empty: everywhere); returns its version, from 1.

    after: the version that the writer saw, 0 for none; if another one holds meanwhile, nobody overwrites it (409).
    Everybody is asked to read a new version before their next session. Refuses what `check_wording` refuses.
    """
    last = Limits.objects.filter(programme=programme, state=state).order_by("-version").first()
    check_wording(state=state, text=text, before=None if last is None else last.text)
    meanwhile = Refusal(_("Somebody has put in another version meanwhile. Read that one first."))
    if after != (last.version if last else 0):
        raise meanwhile
    try:
        with transaction.atomic():
            row = Limits.objects.create(
                programme_id=programme, site_id=site, state=state, version=after + 1, text=text, since=now.date()
            )
    except IntegrityError:
        raise meanwhile from None
    audit.record(
        action="coaching.write_limits",
        actor=actor,
        about=f"limits:{row.pk}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"version": row.version},
    )
    return row.version


@transaction.atomic
def acknowledge(*, programme: int, site: int, person: int, limits: int | None, now: datetime) -> None:
    """A person has read one of the wordings that hold now (None: the general text). Twice is once.

    Refuses (404) an older wording, and one of another programme.
    """
    if limits not in {each.limits for each in wordings(programme=programme)}:
        raise nothing_here()
    wording = None if limits is None else Limits.objects.get(pk=limits)
    _row, new = Acknowledged.objects.get_or_create(
        programme_id=programme, person_id=person, limits=wording, defaults={"site_id": site, "day": now.date()}
    )
    if new:
        audit.record(
            action="coaching.acknowledge",
            actor=audit.Actor.person(person),
            about=f"limits:{limits or 0}",
            programme=programme,
            kept_as=kept.BOOKING,
            now=now,
        )

"""The end of recruitment: the key is revealed, and anyone can make every draw again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.trial import queries
from confrere.trial.actions.locking import locked
from confrere.trial.models import Place, PlaceState, TrialState
from confrere.trial.rules import check_draws_one_by_one, check_recruiting
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def close_and_publish(*, programme: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """End recruitment and reveal the key; returns the record that `confrere verify` checks.

    Refuses while a place is held: its owner may still complete the baseline.
    """
    trial = locked(programme)
    check_recruiting(trial)
    check_draws_one_by_one(queries.protocol(trial))
    held = Place.objects.filter(trial=trial, state=PlaceState.HELD, held_until__gt=now).count()
    if held:
        raise Refusal(_("%(count)s places are still held. Wait until they are final or lapse.") % {"count": held})
    trial.state, trial.published_at = TrialState.PUBLISHED, now
    trial.save()
    record = queries.record(trial)
    audit.record(
        action="trial.publish",
        actor=actor,
        about=f"trial:{trial.pk}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"entries": len(record["entries"]), "last_link": record["last_link"]},
    )
    return record

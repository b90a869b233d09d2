"""Reading names is an act: it is written down."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import queries as people
from confrere.trial import queries
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def read_names(
    *, programme: int, box: str, actor: Actor, now: datetime, sites: frozenset[int] | None = None
) -> list[str]:
    """The names of those in a box of the flow, in alphabetical order; leaves an audit event. 404 for other boxes.

    sites: only whoever takes part there; None is every site.
    """
    trial = queries.required(programme)
    if box not in queries.NAMED:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    names = sorted(people.names(queries.persons_in(trial, box, sites)).values(), key=str.casefold)
    audit.record(
        action="trial.read_names",
        actor=actor,
        about=f"box {box}",
        programme=programme,
        kept_as=kept.CONSENT,
        now=now,
        details={"names": len(names)},
    )
    return names

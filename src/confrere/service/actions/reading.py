"""Reading names is an act: it is written down."""

from datetime import datetime

from django.db import transaction

from confrere.people import queries as people
from confrere.service import queries
from confrere.service.models import Place
from confrere.service.states import PlaceState
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def read_names(*, programme: int, state: str, actor: Actor, now: datetime) -> list[str]:
    """The names of those who stand there, in the order of the line; leaves an audit event. 404 for another state."""
    service = queries.required(programme)
    if state not in {value for value, _label in PlaceState.choices}:
        raise queries.nothing_here()
    persons = list(
        Place.objects.filter(service=service, state=state).order_by("number").values_list("person", flat=True)
    )
    named = people.names(persons)
    audit.record(
        action="service.read_names",
        actor=actor,
        about=f"places {state}",
        programme=programme,
        kept_as=kept.SERVICE_PLACE,
        now=now,
        details={"names": len(persons)},
    )
    return [named[person] for person in persons]

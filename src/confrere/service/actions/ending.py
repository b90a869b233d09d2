"""The end of a service, and thirty days after the programme the end of who had a place in it."""

from datetime import date, datetime

from django.db import transaction

from confrere.people import actions as people_actions
from confrere.people import queries as people
from confrere.service import queries
from confrere.service.actions.places import change
from confrere.service.actions.preparing import note
from confrere.service.models import Place
from confrere.service.rules import check_move_service
from confrere.service.states import PlaceState, ServiceState
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases


@transaction.atomic
def end_service(*, programme: int, ends_on: date, actor: Actor, now: datetime) -> None:
    """Take nobody more, and say the programme's last day. Whoever has a place keeps it to its end.

    Who waits or was offered a place is let go: nobody is told to wait for what does not come.
    """
    service = queries.required(programme, locked=True)
    check_move_service(service, ServiceState.ENDED)
    people_actions.end_programme(programme=programme, ends_on=ends_on, now=now, actor=actor)
    for place in Place.objects.filter(
        service=service, state__in=(PlaceState.WAITING, PlaceState.OFFERED, PlaceState.LAPSED)
    ).order_by("number"):
        change(place, PlaceState.LEFT, now)
    service.state = ServiceState.ENDED
    service.save(update_fields=["state"])
    note("service.end", service, actor, now, ends_on=ends_on.isoformat())


@erases(kept.SERVICE_PLACE)
def erase_places(*, now: datetime, held: frozenset[int]) -> int:
    """Who waited for and who had a place, in programmes that are long over. The reports stay: they name nobody."""
    gone, _details = Place.objects.filter(programme__in=people.long_over(now=now) - held).delete()
    return gone

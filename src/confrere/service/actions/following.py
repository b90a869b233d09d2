"""What follows by itself: offers that end, seats that move on, letters, questions that a crash left unopened.

Everything is derived from rows and may run as often as it likes. What concerns a person and what concerns their study
id are two transactions.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from confrere.people import queries as people
from confrere.post.actions import send
from confrere.post.jobs import every, task
from confrere.service import letters, queries
from confrere.service.actions.asking import open_questions
from confrere.service.actions.places import move_on
from confrere.service.models import Place, Service
from confrere.service.states import PlaceState, ServiceState

#: Moves that are told by letter; of the others the page tells, or nobody needs to know.
TOLD = (PlaceState.OFFERED, PlaceState.LAPSED, PlaceState.TAKEN)


@task
def follow_up(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """Let the worker do, soon after somebody left or lots were drawn, what follows in this programme."""
    catch_up(programme=id, now=timezone.now())


@every("*/5 * * * *")
def follow_up_everywhere() -> None:
    """Let the worker look after every open service."""
    for programme in Service.objects.filter(state=ServiceState.OPEN).values_list("programme", flat=True):
        catch_up(programme=programme, now=timezone.now())


def catch_up(*, programme: int, now: datetime) -> None:
    """Do everything that is due in a programme at this moment."""
    service = queries.required(programme)
    move_on(programme=programme, now=now)
    rows = Place.objects.filter(service=service)
    for place in rows.filter(state=PlaceState.TAKEN, asked=False).order_by("number"):
        open_questions(place=place.pk, now=now)
    for place in rows.filter(state__in=TOLD, told="").order_by("number"):
        _tell(service, place, now)


@transaction.atomic
def _tell(service: Service, place: Place, now: datetime) -> None:
    home = settings.ORIGIN + reverse("service:mine", args=[service.programme.slug])
    if place.state == PlaceState.OFFERED:
        letter = letters.offered(home=home, until=_day(place.offered_until))
    elif place.state == PlaceState.LAPSED:
        letter = letters.lapsed(home=home)
    else:
        letter = letters.taken(home=home, since=_day(place.since), until=_day(place.until))
    subject, body = letter
    event = f"service {service.pk}, person {place.person_id}, {place.state} {place.number}"
    to = people.address(place.person_id)
    send(to=to, subject=subject, body=body, event=event, programme=service.programme_id, now=now)
    Place.objects.filter(pk=place.pk, state=place.state).update(told=place.state)


def _day(day: date | None) -> str:
    assert day is not None  # asked of places in a state that has it
    return date_format(day, "j F Y")

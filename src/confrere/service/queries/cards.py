"""What a service puts on home pages: one sentence and one act each."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.people.queries import Card, Standing
from confrere.people.roles import Role
from confrere.service.models import Service
from confrere.service.queries.counts import standings
from confrere.service.queries.services import ahead_of, lottery_due, of_programme, place_of
from confrere.service.states import PlaceState, ServiceState
from confrere.vault import days


def today(*, standing: Standing, now: datetime) -> list[Card]:
    """The cards of this room; none where a programme has no service."""
    service = of_programme(standing.programme)
    if service is None:
        return []
    mine = _participant(service, standing) if Role.PARTICIPANT in standing.roles else []
    here = standing.sites is None or service.site_id in standing.sites
    team = _team(service, standing, now) if here and standing.roles & {Role.DIRECTOR, Role.COORDINATOR} else []
    return [*mine, *team]


def _participant(service: Service, standing: Standing) -> list[Card]:
    place = place_of(service=service, person=standing.person)
    url = reverse("service:mine", args=[standing.programme_slug])
    if place is None:
        return []
    if place.offered_until is not None:
        sentence = _("It is kept until the end of %(day)s.") % {"day": date_format(place.offered_until, "j F")}
        return [Card(10, _("A place is free for you"), sentence, _("Take it or leave it"), url, "service.Place.state")]
    if place.state == PlaceState.WAITING:
        sentence = _("You are number %(number)s on the waiting list. We write to you when a place is free.")
        number = {"number": ahead_of(place) + 1}
        return [Card(40, _("Your place"), sentence % number, _("See what you can do"), url, "service.Place.state")]
    return []


def _team(service: Service, standing: Standing, now: datetime) -> list[Card]:
    url = reverse("service:home", args=[standing.programme_slug])
    if service.state == ServiceState.DRAFT:
        sentence = _("The service is being prepared. Nobody can ask for a place yet.")
        return [Card(30, _("Service"), sentence, _("Open the service's page"), url)]
    due = lottery_due(service, today=days.of(now))
    cards = []
    if due is not None:
        sentence = _("Everyone has asked: the lots of intake %(number)s can be drawn.") % {"number": due.number}
        cards.append(Card(20, _("Lottery"), sentence, _("Draw them"), url))
    stand = standings(service)
    sentence = _("%(taken)s have a place, %(waiting)s wait, %(done)s have finished.") % {
        "taken": stand.taken,
        "waiting": stand.waiting,
        "done": stand.done,
    }
    return [*cards, Card(55, _("Service"), sentence, _("Open the service's page"), url)]

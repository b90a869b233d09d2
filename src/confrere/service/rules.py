"""What must be so before a service opens, takes somebody, draws lots; each rule says no with a sentence."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.people.queries import Standing
from confrere.service.models import Intake, Place, Service, Terms
from confrere.service.queries import nothing_here
from confrere.service.states import PLACE_TRANSITIONS, SERVICE_TRANSITIONS, PlaceState, ServiceState
from confrere.vault.refusals import Refusal, asks

#: A public sentence that could be guessed is none.
SHORTEST = 20


def check_site(*, service: Service, standing: Standing) -> None:
    """A service runs at one site: whoever looks after others only finds nothing here."""
    if standing.sites is not None and service.site_id not in standing.sites:
        raise nothing_here()


def check_draft(service: Service) -> None:
    """What people were promised stays as it is once they can ask."""
    if service.state != ServiceState.DRAFT:
        raise Refusal(_("The service is open: what people were promised stays as it is."))


def check_move_service(service: Service, to: ServiceState) -> None:
    """Refuse what `SERVICE_TRANSITIONS` does not have."""
    if to not in SERVICE_TRANSITIONS[ServiceState(service.state)]:
        raise Refusal(_("A service that is %(now)s cannot be %(to)s.") % {"now": service.state, "to": to.value})


def check_open(service: Service) -> None:
    """Refuse before the service opened and after it ended."""
    if service.state == ServiceState.DRAFT:
        raise Refusal(_("The service is not open yet."))
    if service.state == ServiceState.ENDED:
        raise Refusal(_("The service has ended. Nobody can join any more."))


def check_terms(*, terms: Terms | None, version: int, sha256: str, name: str) -> Terms:
    """Refuse an agreement to other words than the newest, and one without a name."""
    if terms is None or (terms.version, terms.sha256) != (version, sha256):
        raise Refusal(_("The text changed since you opened this page. Please read the new one before you agree."))
    if not name.strip():
        raise Refusal(_("Please type your name: it is your signature."), status=422)
    return terms


def check_intake(intake: Intake | None) -> Intake:
    """Refuse while no intake takes anybody."""
    if intake is None:
        raise Refusal(_("Nobody can ask at the moment: the last intake has closed, and the next is not open yet."))
    return intake


def check_move(place: Place, to: PlaceState) -> None:
    """Refuse what `PLACE_TRANSITIONS` does not have, and coming back after coaching was opened."""
    if to not in PLACE_TRANSITIONS[PlaceState(place.state)]:
        raise Refusal(_("A place that is %(now)s cannot become %(to)s.") % {"now": place.state, "to": to.value})
    if to == PlaceState.WAITING and place.since is not None:
        raise Refusal(_("You had a place in this programme. Ask the coordinator if you need more sessions."))


def check_offered(*, place: Place | None, today: date) -> Place:
    """Refuse taking a place that was not offered, or whose day has passed."""
    if place is None or place.state != PlaceState.OFFERED:
        raise Refusal(_("No place is kept for you at the moment."))
    assert place.offered_until is not None  # the database keeps the two together
    if place.offered_until < today:
        raise Refusal(_("The place was kept until %(day)s.") % {"day": place.offered_until.isoformat()})
    return place


def check_lottery(*, intake: Intake | None, service: Service, today: date) -> Intake:
    """Refuse a draw before the last day is over, a second one, and where no lots are drawn."""
    if intake is None or service.order != "lottery":
        raise nothing_here()
    if intake.drawn_on is not None:
        raise Refusal(_("These lots were drawn on %(day)s.") % {"day": intake.drawn_on.isoformat()})
    assert intake.closes_on is not None  # lots are drawn for cohorts only
    if today <= intake.closes_on:
        raise Refusal(_("The lottery is open until the end of %(day)s.") % {"day": intake.closes_on.isoformat()})
    return intake


def check_said(said: str) -> str:
    """The public sentence in its one form; refuses a short one."""
    said = " ".join(said.split())
    if len(said) < SHORTEST:
        raise Refusal(
            _("Write %(count)s letters or more that nobody could know before.") % {"count": SHORTEST}, status=422
        )
    return said


def join_path(service: Service) -> str:
    """The path of the service's link."""
    return reverse("service_join", args=[service.join_token])


can_change = asks(check_draft)
can_join = asks(check_open)
can_take = asks(check_offered)
can_draw = asks(check_lottery)

"""The service of a programme: its row, its intakes, its terms, one person's place."""

import hashlib
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from confrere.service.models import Agreement, Intake, Lottery, Place, Service, Terms, YearReport
from confrere.service.states import PlaceState
from confrere.vault.refusals import Refusal

#: What stands for the stratum in the leaf of a lot.
DRAW = "lottery"


def nothing_here() -> Refusal:
    """The same answer for what does not exist and what is not yours."""
    return Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def of_programme(programme: int, *, locked: bool = False) -> Service | None:
    """The service of a programme; None where there is none. `locked`: until the transaction ends."""
    rows = Service.objects.select_related("programme").filter(programme_id=programme)
    return (rows.select_for_update(of=("self",), no_key=True) if locked else rows).first()


def required(programme: int, *, locked: bool = False) -> Service:
    """The service of a programme; 404 where there is none."""
    found = of_programme(programme, locked=locked)
    if found is None:
        raise nothing_here()
    return found


def by_link(token: str) -> Service:
    """The service that this link leads to; 404 for a link that nobody was given."""
    found = Service.objects.select_related("programme").filter(join_token=token).first()
    if found is None:
        raise nothing_here()
    return found


def intakes(service: Service) -> list[Intake]:
    """The intakes in their order."""
    return list(Intake.objects.filter(service=service).order_by("number"))


def current_intake(service: Service, *, today: date) -> Intake | None:
    """The intake in which people can ask on this day; None while none is open."""
    asking = Q(closes_on__isnull=True) | Q(closes_on__gte=today)
    return Intake.objects.filter(asking, service=service, opens_on__lte=today).order_by("number").first()


def lottery_due(service: Service, *, today: date) -> Intake | None:
    """The first intake whose last day is over and whose lots are not drawn yet."""
    if service.order != "lottery":
        return None
    rows = Intake.objects.filter(service=service, drawn_on__isnull=True, closes_on__lt=today)
    return rows.order_by("number").first()


def terms(service: Service) -> Terms | None:
    """The newest terms; None before the first."""
    return Terms.objects.filter(service=service).order_by("-version").first()


def agreement_of(*, service: Service, person: int) -> Agreement | None:
    """The newest agreement of a person."""
    rows = Agreement.objects.filter(terms__service=service, person_id=person).select_related("terms")
    return rows.order_by("-terms__version").first()


def place_of(*, service: Service, person: int) -> Place | None:
    """Where a person stands; None before they asked."""
    return Place.objects.filter(service=service, person_id=person).select_related("intake").first()


def ahead_of(place: Place) -> int:
    """How many wait before this place."""
    waiting = Place.objects.filter(service_id=place.service_id, state=PlaceState.WAITING)
    return waiting.filter(number__lt=place.number).count()


def record(*, service: Service, number: int) -> dict[str, Any]:
    """The public record of an intake's lottery; 404 before the draw."""
    found = Lottery.objects.filter(intake__service=service, intake__number=number).first()
    if found is None:
        raise nothing_here()
    return dict(found.record)


def second_contribution(said: str) -> bytes:
    """The 32 bytes that a public sentence stands for."""
    return hashlib.sha256(said.encode()).digest()


def receipt(place: Place | None) -> dict[str, Any] | None:
    """What finds one's own leaf in the record; None for whoever drew no lot."""
    if place is None or place.rank is None:
        return None
    return {"study_id": place.lot, "stratum": DRAW, "nonce": place.nonce, "rank": place.rank}


def reports(service: Service) -> list[YearReport]:
    """The reports that were made, the newest first."""
    return list(YearReport.objects.filter(service=service).order_by("-number"))


def year_report(*, programme: int, number: int) -> YearReport:
    """One report of a programme; 404 for another."""
    found = YearReport.objects.filter(programme_id=programme, number=number).select_related("service").first()
    if found is None:
        raise nothing_here()
    return found

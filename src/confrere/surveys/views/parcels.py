"""Thank-yous by post: asked for on the page after a survey, sent off by a coordinator."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people import actions as people
from confrere.people.queries import Offered, Standing, incentives
from confrere.people.queries import parcels as parcels_to
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to, open_to_strangers
from confrere.surveys.parcel_forms import AddressForm, IncentiveForm
from confrere.surveys.thanks import thanks
from confrere.surveys.views.answering import opened
from confrere.surveys.waves import all_waves
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def parcel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the thank-you of a sent survey, by the link alone. What was typed before is never shown again."""
    row = opened(request, token).row
    offer = thanks(row) if row.completed_at else None
    if offer is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    form = AddressForm(request.POST if request.method == "POST" and "give_up" not in request.POST else None)
    here = {"programme": row.programme_id, "incentive": offer.item.number, "person": offer.person}
    if request.method == "POST" and not form.is_bound:
        people.give_up_parcel(**here, now=timezone.now())
        return redirect("answer_sent", token=token)
    if form.is_valid():
        address = form.cleaned_data["address"]
        people.ask_parcel(**here, address=address, entitled=offer.entitled, now=timezone.now())
        return redirect("answer_sent", token=token)
    context = {"token": token, "thanks": offer, "form": form}
    return render(request, "surveys/parcel.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(Role.COORDINATOR)
@freshly_proved
def parcels(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What is offered and how many are left, what waits to be sent, and what was sent."""
    context = {
        "standing": standing,
        "items": incentives(programme=standing.programme),
        "waiting": parcels_to(programme=standing.programme, sent=False, sites=standing.sites),
        "shipped": parcels_to(programme=standing.programme, sent=True, sites=standing.sites),
    }
    return render(request, "surveys/parcels.html", context)


@require_safe
@open_to(Role.COORDINATOR)
@freshly_proved
def labels(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The addresses of what waits, to be printed."""
    waiting = parcels_to(programme=standing.programme, sent=False, sites=standing.sites)
    return render(request, "surveys/labels.html", {"standing": standing, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
def item(request: HttpRequest, standing: Standing, item: int | None = None) -> HttpResponse:
    """Offer an item, or change what is offered."""
    here = _item(standing, item)
    named = [(one.wave, one.title) for one in all_waves(programme=standing.programme, now=timezone.now())]
    initial = {"name": here.name, "stock": here.stock, "waves": here.waves} if here else {}
    form = IncentiveForm(named, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        refused = _offer(standing, item, form)
        if refused is None:
            return redirect("surveys:parcels", standing.programme_slug)
        form.add_error(None, refused)
    context = {"standing": standing, "form": form, "here": here}
    return render(request, "surveys/incentive.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(Role.COORDINATOR)
@freshly_proved
def ship(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Mark what was chosen as shipped, or take one such mark back."""
    chosen = [_uuid(one) for one in request.POST.getlist("parcel")]
    programme, sites = standing.programme, standing.sites
    actor, now = Actor.person(standing.person), timezone.now()
    if "back" in request.POST:
        back = _uuid(request.POST["back"])
        people.unship_parcel(programme=programme, sites=sites, parcel=back, actor=actor, now=now)
    else:
        people.ship_parcels(programme=programme, sites=sites, parcels=chosen, actor=actor, now=now)
    return redirect("surveys:parcels", standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
@freshly_proved
def drop(request: HttpRequest, standing: Standing, parcel: UUID) -> HttpResponse:
    """One parcel is not sent after all."""
    waiting = parcels_to(programme=standing.programme, sent=False, sites=standing.sites)
    row = next((one for one in waiting if one.pk == parcel), None)
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if request.method != "POST":
        return render(request, "surveys/parcel_drop.html", {"standing": standing, "parcel": row})
    actor = Actor.person(standing.person)
    people.drop_parcel(programme=standing.programme, parcel=parcel, actor=actor, now=timezone.now())
    return redirect("surveys:parcels", standing.programme_slug)


def _item(standing: Standing, item: int | None) -> Offered | None:
    """The item to be changed; None for a new one."""
    here = next((one for one in incentives(programme=standing.programme) if one.number == item), None)
    if item is not None and here is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return here


def _offer(standing: Standing, item: int | None, form: IncentiveForm) -> str | None:
    """Keep what is offered; the sentence of the refusal where that cannot be."""
    actor = Actor.person(standing.person)
    try:
        people.set_incentive(
            programme=standing.programme, incentive=item, **form.cleaned_data, actor=actor, now=timezone.now()
        )
    except Refusal as refusal:
        return refusal.sentence
    return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404) from error

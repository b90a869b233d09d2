"""From the link to a place: what the service is, a signature, one's own page."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.actions import expect
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to, open_to_signed_in, open_to_strangers, person_of
from confrere.service import actions, queries
from confrere.service.forms import AgreeForm, JoinForm
from confrere.service.rules import check_intake, check_open
from confrere.vault import days

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@open_to_strangers
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What one gets and how places are given; then an address, to which a code goes."""
    service = queries.by_link(token)
    check_open(service)
    onward = reverse("service_agree", args=[token])
    if request.user.is_authenticated:
        return redirect(onward)
    form = JoinForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        expect(request=request, zone=service.programme.zone, onward=onward, now=now, **form.cleaned_data)
        return redirect("newcomer_code")
    intake = queries.current_intake(service, today=days.of(now))
    context = {"service": service, "terms": queries.terms(service), "intake": intake, "form": form}
    return render(request, "service/join.html", context, status=422 if form.errors else 200)


@require_http_methods(READ)
@open_to_signed_in
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """The exact text, and the signature under it."""
    service, now = queries.by_link(token), timezone.now()
    check_open(service)
    check_intake(queries.current_intake(service, today=days.of(now)))
    terms = queries.terms(service)
    assert terms is not None  # no service is open without them
    form = AgreeForm(request.POST or None, initial={"version": terms.version, "sha256": terms.sha256})
    if request.method == "POST" and form.is_valid():
        signed = {key: form.cleaned_data[key] for key in ("version", "sha256", "name")}
        actions.join(programme=service.programme_id, person=person_of(request), now=now, **signed)
        return redirect("service:mine", programme=service.programme.slug)
    context = {"service": service, "terms": terms, "form": form}
    return render(request, "service/agree.html", context, status=422 if form.errors else 200)


@require_safe
@open_to_strangers
def lottery_record(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The public record of an intake's lots; leaves only, no names."""
    return _json(queries.record(service=queries.by_link(token), number=number), "lottery-record.json")


@require_safe
@open_to(Role.PARTICIPANT)
def mine(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where I stand, what I can take, how I stop."""
    service = queries.required(standing.programme)
    place = queries.place_of(service=service, person=standing.person)
    context = {
        "standing": standing,
        "service": service,
        "place": place,
        "number": 0 if place is None else queries.ahead_of(place) + 1,
        "agreement": queries.agreement_of(service=service, person=standing.person),
        "receipt": queries.receipt(place),
    }
    return render(request, "service/mine.html", context)


@require_safe
@open_to(Role.PARTICIPANT)
def receipt(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What finds my own leaf in the record of the lots."""
    place = queries.place_of(service=queries.required(standing.programme), person=standing.person)
    found = queries.receipt(place)
    if found is None:
        raise queries.nothing_here()
    return _json(found, "lottery-receipt.json")


@require_POST
@open_to(Role.PARTICIPANT)
def take(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Take the place that is kept for me."""
    actions.take(programme=standing.programme, person=standing.person, now=timezone.now())
    return redirect("service:mine", programme=standing.programme_slug)


@require_http_methods(READ)
@open_to(Role.PARTICIPANT)
def leave(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks once, then gives the place back or leaves the line."""
    if request.method != "POST":
        return render(request, "service/leave.html", {"standing": standing})
    actions.leave(programme=standing.programme, person=standing.person, now=timezone.now())
    actions.follow_up.defer(id=standing.programme)
    return redirect("service:mine", programme=standing.programme_slug)


def _json(found: object, name: str) -> HttpResponse:
    answer = HttpResponse(json.dumps(found, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

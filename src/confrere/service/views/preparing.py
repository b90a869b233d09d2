"""The director prepares a service: plan, terms, intakes, and opens it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.service import actions, queries
from confrere.service.forms import CohortForm, EndForm, IntakeForm, PlanForm, TermsForm
from confrere.service.models import Service
from confrere.service.rules import check_draft, check_move_service
from confrere.service.states import IntakeKind, ServiceState
from confrere.surveys import queries as surveys
from confrere.vault.audit import Actor

READ = ["GET", "HEAD", "POST"]


def _home(standing: Standing) -> HttpResponse:
    return redirect("service:home", programme=standing.programme_slug)


def _told(standing: Standing) -> dict[str, Any]:
    return {"programme": standing.programme, "actor": Actor.person(standing.person), "now": timezone.now()}


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def plan(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What one person gets, how places are given, what is asked."""
    service = queries.of_programme(standing.programme)
    if service is not None:
        check_draft(service)
    form = PlanForm(
        request.POST or None,
        initial=_initial(service),
        questionnaires=_titles(standing.programme),
    )
    if request.method == "POST" and form.is_valid():
        actions.prepare(site=standing.site, **_told(standing), **form.cleaned_data)
        return _home(standing)
    context = {"standing": standing, "form": form}
    return render(request, "service/plan.html", context, status=422 if form.errors else 200)


def _titles(programme: int) -> dict[str, str]:
    return {slug: one.title for slug, one in surveys.published(programme=programme).items()}


def _initial(service: Service | None) -> dict[str, Any]:
    if service is None:
        kiser = {"minutes": "90, 60, 60, 60, 60, 60", "window_days": 91, "offer_days": 7}
        return kiser | {"intake": "rolling", "order": "first-come"}
    names = ("title", "window_days", "intake", "order", "offer_days", "instruments", "questionnaire")
    return {name: getattr(service, name) for name in names} | {"minutes": ", ".join(map(str, service.minutes))}


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def terms(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What people agree to; a change is a new version, and whoever agreed before keeps theirs."""
    service = queries.required(standing.programme)
    newest = queries.terms(service)
    form = TermsForm(request.POST or None, initial={"text": newest.text if newest else ""})
    if request.method == "POST" and form.is_valid():
        actions.write_terms(**_told(standing), **form.cleaned_data)
        return _home(standing)
    context = {"standing": standing, "form": form, "newest": newest}
    return render(request, "service/terms.html", context, status=422 if form.errors else 200)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def intake(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Add an intake."""
    service = queries.required(standing.programme)
    rolling = service.intake == IntakeKind.ROLLING
    form = (IntakeForm if rolling else CohortForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days = {"closes_on": None, "starts_on": given["opens_on"]} if rolling else {}
        actions.add_intake(**_told(standing), **(days | given))
        return _home(standing)
    context = {"standing": standing, "service": service, "form": form, "hours": sum(service.minutes) / 60}
    return render(request, "service/intake.html", context, status=422 if form.errors else 200)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def opening(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks once, then opens the service."""
    service = queries.required(standing.programme)
    if request.method != "POST":
        check_move_service(service, ServiceState.OPEN)
        return render(request, "service/opening.html", {"standing": standing, "service": service})
    actions.open_service(**_told(standing))
    return _home(standing)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def ending(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Take nobody more, and say the last day."""
    service = queries.required(standing.programme)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_service(**_told(standing), **form.cleaned_data)
        return _home(standing)
    check_move_service(service, ServiceState.ENDED)
    context = {"standing": standing, "form": form}
    return render(request, "service/ending.html", context, status=422 if form.errors else 200)

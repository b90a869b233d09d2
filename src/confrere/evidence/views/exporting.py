from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confrere.evidence import actions, queries, rules
from confrere.evidence.actions import exporting
from confrere.evidence.forms import AgreementForm, PublicForm, TakeForm
from confrere.evidence.models import FrozenDataSet
from confrere.evidence.views.results import STUDY, attached, found_set
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.vault.refusals import Refusal


@open_to(*STUDY)
def exports(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Who took which rows, when and for what; and where rows are taken."""
    context = {
        "standing": standing,
        "exports": queries.exports(programme=standing.programme),
        "agreement": queries.agreement(programme=standing.programme),
        "newest": next(iter(queries.data_sets(programme=standing.programme)), None),
        "may_take": Role.STATISTICIAN in standing.roles,
        "may_write": Role.DIRECTOR in standing.roles,
    }
    return render(request, "evidence/exports.html", context)


@open_to(Role.DIRECTOR)
def agreement(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The director writes what whoever takes rows accepts."""
    versions = queries.agreements(programme=standing.programme)
    form = AgreementForm(request.POST or None, initial={"text": versions[0].text if versions else ""})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_agreement(standing=standing, text=form.cleaned_data["text"], now=timezone.now())
            return redirect("evidence:exports", standing.programme_slug)
        except Refusal as refusal:
            form.add_error("text", refusal.sentence)
    return render(request, "evidence/agreement.html", {"standing": standing, "form": form, "versions": versions})


@open_to(Role.STATISTICIAN)
@freshly_proved
def take(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The statistician reads the agreement, says what for, and takes one zip."""
    rules.check_may_read_arms(standing)
    found = found_set(standing, number)
    current = queries.agreement(programme=standing.programme)
    form = TakeForm(request.POST or None, initial={"sha256": current.sha256 if current else ""})
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = {"data_set": found, "agreed": said["sha256"], "purpose": said["purpose"], "now": timezone.now()}
        try:
            return _zip(actions.take(standing=standing, **asked), f"{standing.programme_slug}-{number}")
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    context = {"standing": standing, "set": found, "agreement": current, "form": form}
    return render(request, "evidence/take.html", context, status=status)


@open_to(Role.DIRECTOR)
@freshly_proved
def public(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The director makes columns coarser until no group is small, then writes the package."""
    rules.check_may_read_arms(standing)
    found = found_set(standing, number)
    form = PublicForm(exporting.read(found)[1], request.POST or None)
    context = {"standing": standing, "set": found, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if "write" in request.POST:
                return _published(standing, found, form)
            context["checked"] = exporting.check(data_set=found, choices=form.choices())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    return render(request, "evidence/public.html", context, status=status)


def _published(standing: Standing, found: FrozenDataSet, form: PublicForm) -> HttpResponse:
    purpose, now = form.cleaned_data["purpose"], timezone.now()
    packed = actions.publish(standing=standing, data_set=found, choices=form.choices(), purpose=purpose, now=now)
    return _zip(packed, f"{standing.programme_slug}-{found.number}-public")


def _zip(packed: bytes, name: str) -> HttpResponse:
    return attached(packed, name=f"{name}.zip", kind="application/zip")

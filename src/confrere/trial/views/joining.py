"""From the recruitment link to a signature. A stranger learns what this is, and nothing about anyone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from confrere.people import team
from confrere.people.actions import expect
from confrere.people.queries import site_of
from confrere.people.rules import came_by_code, open_to_signed_in, open_to_strangers, person_of
from confrere.trial import actions, copies, queries
from confrere.trial.forms import ConsentForm, JoinForm
from confrere.trial.models import Proof, Trial
from confrere.trial.rules import check_approval, check_can_sign, check_recruiting
from confrere.vault.refusals import Refusal

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@open_to_strangers
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What this is, in short; then an address, to which a code goes. No account is made before it is entered."""
    trial = _trial(token)
    check_recruiting(trial)
    check_approval(trial, now=timezone.now())
    onward = reverse("join_consent", args=[token])
    if request.user.is_authenticated:
        return redirect(onward)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        expect(request=request, zone=trial.programme.zone, onward=onward, now=timezone.now(), **form.cleaned_data)
        return redirect("newcomer_code")
    context = {"trial": trial, "protocol": queries.protocol(trial), "form": form}
    return render(request, "trial/join.html", context, status=422 if form.errors else 200)


@require_http_methods(READ)
@open_to_signed_in
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """The exact text, and the signature under it."""
    trial, person, now = _trial(token), person_of(request), timezone.now()
    signed = queries.consent_of(trial=trial, person=person)
    check_can_sign(trial=trial, signed=signed, now=now)
    text = queries.consent_text(trial)
    assert text is not None  # no trial is locked without one
    first = signed is None and site_of(person=person, programme=trial.programme_id) is None
    form = ConsentForm(
        request.POST or None,
        initial={"version": text.version, "sha256": text.sha256},
        sites=team.sites(trial.programme_id) if first else {},
    )
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = {key: form.cleaned_data.get(key) for key in ("version", "sha256", "name", "site")}
        actions.consent(programme=trial.programme_id, person=person, now=now, proved_by=_proof(request), **typed)
        return redirect("trial:mine", programme=trial.programme.slug)
    context = {
        "trial": trial,
        "text": text,
        "form": form,
        "sights": queries.sights(programme=trial.programme_id, now=now),
        "certificate": copies.certificate_words(queries.certificate(trial, on=now.date())),
        "signed": signed,
        "changes": queries.changes(signed.text.text, text.text) if signed else [],
    }
    return render(request, "trial/consent.html", context, status=422 if form.errors else 200)


def _proof(request: HttpRequest) -> Proof:
    """How this session began: nobody comes here without one of the two."""
    return Proof.CODE if came_by_code(request) else Proof.PASSKEY


def _trial(token: str) -> Trial:
    trial = queries.by_link(token)
    if trial is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return trial

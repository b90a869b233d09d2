"""Versions of the consent, for the director: what stands in them, what changed, and a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.trial import actions, queries, rules
from confrere.trial.forms import ConsentTextForm
from confrere.vault.audit import Actor

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@open_to(Role.DIRECTOR, Role.COORDINATOR, Role.STATISTICIAN)
def consent_texts(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every version with what changed; the director shows the change to come, and then publishes it."""
    trial, now = queries.required(standing.programme), timezone.now()
    versions = queries.texts(trial)
    newest = versions[0] if versions else None
    form = ConsentTextForm(
        request.POST or None, initial={"text": newest.text, "meaning": newest.meaning} if newest else {}
    )
    shown = []
    if request.method == "POST" and form.is_valid():
        rules.check_role(standing=standing, role=Role.DIRECTOR)
        if request.POST.get("act") == "publish":
            actions.publish_consent_text(
                programme=standing.programme, actor=Actor.person(standing.person), now=now, **form.cleaned_data
            )
            actions.follow_up.defer(id=standing.programme)
            return redirect("trial:consent_texts", standing.programme_slug)
        shown = queries.changes(newest.text if newest else "", form.cleaned_data["text"])
    olders = [*versions[1:], None]
    context = {
        "standing": standing,
        "versions": [
            {"text": one, "changes": queries.changes(before.text, one.text) if before else []}
            for one, before in zip(versions, olders, strict=False)
        ],
        "form": form,
        "shown": shown,
        "directs": Role.DIRECTOR in standing.roles,
        "undecided": len(queries.undecided(trial)),
        "sights": queries.sights(programme=standing.programme, now=now),
    }
    return render(request, "trial/consent_texts.html", context, status=422 if form.errors else 200)

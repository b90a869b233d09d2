"""Addresses of a member's own that are told that something is new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from confrere.lounge import actions, rules
from confrere.lounge.forms.taking import HookForm
from confrere.lounge.queries import MEMBERS, interface
from confrere.people.queries import Standing
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal

members = open_to(*MEMBERS)


@never_cache
@members
def hooks(request: HttpRequest, standing: Standing) -> HttpResponse:
    """One's own addresses, what they last answered, and a new one, whose secret is shown once."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    form, made = HookForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_hook(standing=standing, url=form.cleaned_data["url"], now=now)
        except Refusal as refused:
            form.add_error("url", refused.sentence)
        else:
            form = HookForm()
    context = {"standing": standing, "form": form, "made": made, "hooks": interface.hooks(standing=standing)}
    return render(request, "lounge/hooks.html", context, status=422 if form.errors else 200)


@require_POST
@members
def end_hook(request: HttpRequest, standing: Standing, key: int) -> HttpResponse:
    """Call it no longer."""
    actions.end_hook(standing=standing, hook=key, now=timezone.now())
    return redirect("lounge:hooks", standing.programme_slug)

"""Moderators keep the list of specialties."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confrere.lounge import actions, queries, rules
from confrere.lounge.forms.listing import SpecialtyForm
from confrere.lounge.views.gate import verified
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal


@open_to(Role.MODERATOR)
def edit_specialty(request: HttpRequest, standing: Standing, specialty: str = "") -> HttpResponse:
    """Add an entry, or rename, move, map or close one; `specialty` is empty for a new one."""
    verified(standing)
    listed = queries.places(programme=standing.programme)
    edited = listed.get(specialty)
    if specialty:
        rules.check_found(edited)
    form = SpecialtyForm(request.POST or None, listed=listed, edited=edited)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_specialty(standing=standing, now=timezone.now(), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("lounge:specialties", standing.programme_slug)
    context = {"standing": standing, "form": form, "edited": edited}
    return render(request, "lounge/specialty.html", context, status=422 if form.errors else 200)

"""Waiting for a coach who has no place or no hour."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from confrere.coaching import actions
from confrere.coaching.choosing_forms import WaitForm
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal


@require_POST
@open_to(Role.PARTICIPANT)
def wait(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Join the line, with the hours that suit."""
    form = WaitForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose the hours from the list."), status=422)
    actions.join_line(
        programme=standing.programme,
        site=standing.site,
        person=standing.person,
        coach=coach,
        suiting=form.cleaned_data["suits"],
        now=timezone.now(),
    )
    return redirect("coaching:coach", programme=standing.programme_slug, coach=coach)


@require_POST
@open_to(Role.PARTICIPANT)
def wait_no_longer(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Leave it."""
    actions.leave_line(programme=standing.programme, person=standing.person, coach=coach, now=timezone.now())
    return redirect("coaching:coaches", programme=standing.programme_slug)

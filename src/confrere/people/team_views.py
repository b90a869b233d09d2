"""Who works in a programme and at which sites: given and ended by directors, in the open, never for themselves."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from confrere.people import actions, rules, team
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.people.team_forms import AppointForm, SiteForm

GIVERS = (Role.DIRECTOR, Role.OPERATOR)
READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@open_to(*GIVERS)
@freshly_proved
def staff(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Everyone with a role, by site; below it, a role is given."""
    now, here = timezone.now(), team.sites(standing.programme)
    form = AppointForm(request.POST or None, roles=team.gives(standing.roles), sites=here)
    if request.method == "POST" and form.is_valid():
        actions.appoint(standing=standing, now=now, **form.cleaned_data)
        return redirect("team", programme=standing.programme_slug)
    context = {
        "standing": standing,
        "form": form,
        "groups": [
            (role, [(one, _may_end(standing, one)) for one in members])
            for role, members in groupby(team.staff(programme=standing.programme, now=now), key=lambda one: one.role)
        ],
        "sites": here,
        "directs": Role.DIRECTOR in standing.roles,
    }
    return render(request, "people/team/staff.html", context, status=422 if form.errors else 200)


def _may_end(standing: Standing, member: team.Member) -> bool:
    return member.role in team.gives(standing.roles) or member.person == standing.person


@require_http_methods(READ)
@open_to(*GIVERS)
@freshly_proved
def end(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Asks once, then ends one role of somebody."""
    now = timezone.now()
    if request.method == "POST":
        actions.dismiss(standing=standing, number=number, now=now)
        return redirect("team", programme=standing.programme_slug)
    members = {one.number: one for one in team.staff(programme=standing.programme, now=now)}
    member = rules.check_can_dismiss(standing=standing, member=members.get(number), now=now)
    return render(request, "people/team/end.html", {"standing": standing, "member": member})


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def add_site(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Add a further site."""
    form = SiteForm(request.POST or None, initial={"zone": standing.zone})
    if request.method == "POST" and form.is_valid():
        actions.add_site(standing=standing, now=timezone.now(), **form.cleaned_data)
        return redirect("team", programme=standing.programme_slug)
    context = {"standing": standing, "form": form}
    return render(request, "people/team/site.html", context, status=422 if form.errors else 200)

"""The programme as its team sees it: the flow, the promises, who is where; never who is in which arm."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import check_every_site, freshly_proved, open_to
from confrere.trial import actions, queries, rules
from confrere.trial.forms import AnnouncementForm
from confrere.vault.audit import Actor

TEAM = (Role.DIRECTOR, Role.COORDINATOR)


def without_a_trial(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What stands at a place of the menu while the programme has no trial: an empty state, not a dead end."""
    return render(request, "trial/none.html", {"standing": standing, "directs": Role.DIRECTOR in standing.roles})


@require_safe
@open_to(*TEAM, Role.STATISTICIAN)
def programme(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The flow as it is now, the protocol and its hash, the commitment, the recruitment link."""
    trial = queries.of_programme(standing.programme)
    if trial is None:
        return without_a_trial(request, standing)
    context = {
        "standing": standing,
        "trial": trial,
        "protocol": queries.protocol(trial),
        "flow": queries.flow(programme=standing.programme, sites=standing.sites),
        "shows_arms": queries.draws_are_over(trial),
        "boxes": queries.NAMED if standing.roles & {*TEAM} else (),
        "link": request.build_absolute_uri(rules.join_path(trial)),
        "funnel": queries.funnel(trial, standing.sites) if standing.roles & {*TEAM} else (),
        "directs": Role.DIRECTOR in standing.roles,
        "form": AnnouncementForm(),
    }
    return render(request, "trial/programme.html", context)


@require_safe
@open_to(*TEAM)
@freshly_proved
def people(request: HttpRequest, standing: Standing, box: str = "consented") -> HttpResponse:
    """Who stands in a box of the flow, up to "allocated". Opening the list is written down."""
    if queries.of_programme(standing.programme) is None:
        return without_a_trial(request, standing)
    names = actions.read_names(
        programme=standing.programme,
        box=box,
        actor=Actor.person(standing.person),
        now=timezone.now(),
        sites=standing.sites,
    )
    context = {"standing": standing, "box": box, "boxes": queries.NAMED, "names": names}
    return render(request, "trial/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.DIRECTOR)
@freshly_proved
def lock(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks once, then locks the protocol and commits to the draws."""
    if request.method != "POST":
        rules.check_draft(queries.required(standing.programme))
        return render(request, "trial/decide.html", {"standing": standing, "act": "lock"})
    actions.lock(programme=standing.programme, actor=Actor.person(standing.person), now=timezone.now())
    return redirect("trial:programme", programme=standing.programme_slug)


@require_POST
@open_to(*TEAM)
def announce(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Note that an announcement went out."""
    check_every_site(standing)
    form = AnnouncementForm(request.POST)
    addresses = form.cleaned_data["addresses"] if form.is_valid() else 0
    actor = Actor.person(standing.person)
    actions.announce(programme=standing.programme, addresses=addresses, actor=actor, now=timezone.now())
    return redirect("trial:programme", programme=standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.DIRECTOR)
@freshly_proved
def publish(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks once, then ends recruitment and publishes the record of the draws."""
    if request.method != "POST":
        rules.check_recruiting(queries.required(standing.programme))
        return render(request, "trial/decide.html", {"standing": standing, "act": "publish"})
    actions.close_and_publish(programme=standing.programme, actor=Actor.person(standing.person), now=timezone.now())
    return redirect("trial:programme", programme=standing.programme_slug)


@require_safe
@open_to(*Role)
def record(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """The published record, for `confrere verify` or anyone's own check."""
    made = queries.published_record(queries.required(standing.programme))
    answer = HttpResponse(json.dumps(made, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="allocation-record.json"'
    return answer

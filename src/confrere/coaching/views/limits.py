"""The limits of confidentiality: read before the first session, entered by the coordinator."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from confrere.coaching import actions, queries
from confrere.coaching.forms import LimitsForm, WordingForm
from confrere.coaching.queries import Wording
from confrere.coaching.states import STATES
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT, Role.COACH, Role.COORDINATOR, Role.DIRECTOR)
def limits(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What holds now; a participant says here that they have read it."""
    reader = Role.PARTICIPANT in standing.roles
    form = WordingForm(request.POST)
    if request.method == "POST" and reader and form.is_valid():
        actions.acknowledge(
            programme=standing.programme,
            site=standing.site,
            person=standing.person,
            limits=form.cleaned_data["limits"],
            now=timezone.now(),
        )
        return redirect("coaching:limits", programme=standing.programme_slug)
    wordings = queries.wordings(programme=standing.programme)
    context = {"standing": standing, "reader": reader, "writes": Role.COORDINATOR in standing.roles}
    context |= {"wordings": [_named(each) for each in wordings], "one": len(wordings) == 1}
    context |= {"read": reader and queries.has_read(programme=standing.programme, person=standing.person)}
    return render(request, "coaching/limits.html", context)


def _named(each: Wording) -> tuple[Wording, str]:
    return each, str(STATES[each.state])


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
@freshly_proved
def texts(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Put in what the site's counsel has worded; each change is a new version that people are asked to read."""
    state = request.GET.get("state", "")
    last = {each.state: each for each in queries.wordings(programme=standing.programme) if not each.general}
    here = last.get(state)
    first: dict[str, Any] = {"state": state, "text": here.text if here else "", "after": here.version if here else 0}
    form = LimitsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            write(standing, form.cleaned_data)
        except Refusal as no:
            form.add_error("text", no.sentence)
        else:
            return redirect("coaching:limits", programme=standing.programme_slug)
    found = [(str(STATES[each.state]), each.state, each.version, each.since) for each in last.values()]
    context = {"form": form, "texts": found}
    return render(request, "coaching/limits_texts.html", context, status=422 if form.errors else 200)


def write(standing: Standing, typed: dict[str, Any]) -> None:
    """What the form holds, as a new version."""
    actions.write_limits(
        programme=standing.programme,
        site=standing.site,
        actor=Actor.person(standing.person),
        now=timezone.now(),
        **typed,
    )

"""A coordinator types what a participant says on the telephone. Nothing that was answered before is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing, members_of, names
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.surveys import actions, links, queries
from confrere.surveys.views import paper
from confrere.surveys.views.paper import Paper
from confrere.vault import link
from confrere.vault.refusals import Refusal


def keeps_what_was_typed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Outside a gate: whoever was signed out while typing sees it again, with the way back in."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        typed = ", ".join(request.POST.getlist("value"))
        if typed and not request.user.is_authenticated:
            return render(request, "surveys/signed_out.html", {"typed": typed}, status=401)
        return view(request, **kwargs)

    return guarded


@require_safe
@open_to(Role.COORDINATOR)
@freshly_proved
def people(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Whom one may be speaking with: every participant, by name. Who has answered is not shown."""
    found = names(members_of(standing.programme, Role.PARTICIPANT, timezone.now(), standing.sites))
    listed = sorted(found.items(), key=lambda pair: pair[1].casefold())
    return render(request, "surveys/telephone.html", {"standing": standing, "people": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
@freshly_proved
def begin(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """What opening somebody's survey means; then it opens."""
    name = _name(standing, person)
    now = timezone.now()
    study_id = link.study_id(person=person, programme=standing.programme)
    windows = queries.windows(programme=standing.programme, study_id=study_id) if study_id else []
    open_ = next((window for window in windows if window.open_at(now)), None)
    if request.method != "POST" or open_ is None:
        context = {"standing": standing, "name": name, "window": open_}
        return render(request, "surveys/telephone_begin.html", context)
    since = actions.begin_call(standing=standing, person=person, response=open_.response, now=now)
    request.session[links.call(programme=standing.programme, person=person, wave=open_.wave)] = since
    return redirect("surveys:telephone_answer", standing.programme_slug, person, open_.wave)


@csrf_exempt  # the page makes Django's check itself, so that it can show again what was typed
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_was_typed
@open_to(Role.COORDINATOR)
def answer(request: HttpRequest, standing: Standing, person: int, wave: str) -> HttpResponse:
    """The next question of somebody's survey, as long as the call lasts."""
    held = _paper(request, standing, person, wave)
    if held is None:
        return redirect("surveys:telephone_begin", standing.programme_slug, person)
    return paper.answer(request, held)


@require_POST
@open_to(Role.COORDINATOR)
def send(request: HttpRequest, standing: Standing, person: int, wave: str) -> HttpResponse:
    """Send the survey for them."""
    held = _paper(request, standing, person, wave)
    if held is None:
        return redirect("surveys:telephone_begin", standing.programme_slug, person)
    return paper.send(held, to=reverse("surveys:telephone", args=[standing.programme_slug]))


def _name(standing: Standing, person: int) -> str:
    if person not in members_of(standing.programme, Role.PARTICIPANT, timezone.now(), standing.sites):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return names([person])[person]


def _paper(request: HttpRequest, standing: Standing, person: int, wave: str) -> Paper | None:
    """The survey of the call; None where this session began none."""
    _name(standing, person)
    since = request.session.get(links.call(programme=standing.programme, person=person, wave=wave))
    study_id = link.study_id(person=person, programme=standing.programme)
    if since is None or study_id is None:
        return None
    row = queries.by_token(links.token(programme=standing.programme, study_id=study_id, wave=wave))
    assert row is not None  # the call began with it, and responses are never deleted
    base = reverse("surveys:telephone_answer", args=[standing.programme_slug, person, wave])
    return Paper(row=row, base=base, since=since)

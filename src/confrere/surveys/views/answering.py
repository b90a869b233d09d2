"""A survey by its link alone: one question a screen, saved at each answer.

These pages never learn who answers: the link leads to a response, and a response has a study id only. The last one,
where something is offered by post, has the server look who it is, and shows nothing of that.
"""

from importlib.resources import files

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to, open_to_strangers
from confrere.surveys import links, queries
from confrere.surveys.parcel_forms import AddressForm
from confrere.surveys.thanks import thanks
from confrere.surveys.views import paper
from confrere.surveys.views.paper import Paper
from confrere.vault import link
from confrere.vault.refusals import Refusal

#: Links that nobody was given, tried from one address without a pause of five minutes.
TRIES = 60


@csrf_exempt  # the page makes Django's check itself, so that it can show again what was typed
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question that is next, or the one that `?q=` names; a POST saves its answer and goes on."""
    return paper.answer(request, opened(request, token))


@require_safe
@open_to_strangers
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Every screen, blank, for the time without a connection."""
    return paper.sheet(request, opened(request, token))


@require_safe
@open_to_strangers
def state(request: HttpRequest, token: str) -> HttpResponse:
    """What the server has of this survey, for a page that was offline."""
    return paper.state(request, opened(request, token))


@require_POST
@open_to_strangers
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Send the survey; questions that lack an answer are named."""
    return paper.send(opened(request, token), to=reverse("answer_sent", args=[token]))


@require_safe
@open_to_strangers
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, and what happens next."""
    row = opened(request, token).row
    if row.completed_at is None:
        return redirect("answer", token=token)
    context = {"response": row, "token": token, "thanks": thanks(row), "form": AddressForm()}
    return render(request, "surveys/sent.html", context)


@require_safe
@open_to_strangers
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens a survey without a connection; served here, since it may only reach its own folder."""
    script = files("confrere.surveys").joinpath("static/surveys/worker.js").read_text("utf-8")
    return HttpResponse(script, content_type="text/javascript")


@require_safe
@open_to(Role.PARTICIPANT)
def mine(request: HttpRequest, standing: Standing) -> HttpResponse:
    """From the home page into one's own survey, by the same link that the letters carry."""
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    now = timezone.now()
    for window in queries.windows(programme=standing.programme, study_id=study_id or ""):
        if study_id and window.open_at(now):
            token = links.token(programme=standing.programme, study_id=study_id, wave=window.wave)
            return redirect("answer", token=token)
    return render(request, "surveys/none.html", {"standing": standing})


def opened(request: HttpRequest, token: str) -> Paper:
    """The survey of a link. Whoever tries links that nobody was given is slowed down; real ones always open."""
    row = queries.by_token(token)
    if row is None:
        if _tried(request) > TRIES:
            raise Refusal(_("Too many links were tried from here. Wait a few minutes and try again."), status=429)
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return Paper(row=row, base=reverse("answer", args=[token]))


def _tried(request: HttpRequest) -> int:
    """How many links that nobody was given were tried from this address, this one too."""
    key = f"survey-links-tried:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0)
    return int(cache.incr(key))

"""A survey on a phone: one question a screen, saved at each answer, reached by its link alone.

These pages never learn who answers: the link leads to a response, and a response has a study id only.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to, open_to_strangers
from confrere.surveys import actions, links, queries
from confrere.surveys.forms import AnswerForm
from confrere.surveys.models import Response
from confrere.surveys.rules import check_open
from confrere.surveys.screens import Screen, screen
from confrere.vault import link
from confrere.vault.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question that is next, or the one that `?q=` names; a POST saves its answer and goes on."""
    now = timezone.now()
    row = _response(token)
    check_open(response=row, now=now)
    here = screen(row, asked=request.GET.get("q"))
    if here is None:
        return render(request, "surveys/send.html", {"token": token, "response": row})
    if request.method != "POST":
        form = AnswerForm(here.question, initial={"value": here.value})
        return _page(request, row, here, form)
    form = AnswerForm(here.question, request.POST)
    if not form.is_valid():
        return _page(request, row, here, form, status=422)
    name = here.question.name
    actions.record_answers(
        programme=row.programme_id, response=row.pk, answers={name: form.cleaned_data["value"]}, now=now
    )
    crossed = here.crossed(request.POST.get("seen", ""), form.cleaned_data["value"])
    return redirect(_on(token, here, crossed=crossed))


@require_POST
@open_to_strangers
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Send the survey; questions that lack an answer are named."""
    row = _response(token)
    actions.complete(programme=row.programme_id, response=row.pk, now=timezone.now())
    return redirect("answer_sent", token=token)


@require_safe
@open_to_strangers
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, and what happens next."""
    row = _response(token)
    if row.completed_at is None:
        return redirect("answer", token=token)
    return render(request, "surveys/sent.html", {"response": row})


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


def _response(token: str) -> Response:
    row = queries.by_token(token)
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return row


def _on(token: str, here: Screen, *, crossed: bool) -> str:
    """The next screen, which says that the answer was saved; after a crossing this one again, with both answers."""
    next_ = here.question.name if crossed else here.after
    asked = {"saved": here.question.name} | ({"crossed": "1"} if crossed else {}) | ({"q": next_} if next_ else {})
    return reverse("answer", args=[token], query=asked)


def _page(request: HttpRequest, row: Response, here: Screen, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    context = {
        "response": row,
        "here": here,
        "form": form,
        "field": form["value"],
        "saved": "saved" in request.GET,
        "crossed": "crossed" in request.GET,
    }
    return render(request, "surveys/question.html", context, status=status)

"""Anonymous pulses: the team's page, what was found, and the page behind a link that opens once."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to, open_to_strangers
from confrere.surveys import actions, queries
from confrere.surveys import pulses as read
from confrere.surveys.forms import PulseForm, PulseStartForm
from confrere.surveys.models import Pulse, PulseToken
from confrere.surveys.rules import check_can_spend
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

TEAM = (Role.DIRECTOR, Role.COORDINATOR)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*TEAM)
def pulses(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The pulses so far, and a form that starts the next one."""
    fitting = read.fitting_questionnaires(standing.programme)
    form = PulseStartForm([(row.slug, row.title) for row in fitting], request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _start(standing, form)
    found = read.of_programme(standing.programme)
    context = {"standing": standing, "pulses": found, "form": form, "fitting": fitting}
    return render(request, "surveys/pulses.html", context, status=422 if form.errors else 200)


def _start(standing: Standing, form: PulseStartForm) -> HttpResponse:
    now = timezone.now()
    number = actions.start_pulse(
        programme=standing.programme,
        site=standing.site,
        questionnaire=form.cleaned_data["questionnaire"],
        closes=now + timedelta(days=form.cleaned_data["days"]),
        actor=Actor.person(standing.person),
        now=now,
    )
    return redirect("surveys:pulse", standing.programme_slug, number)


@require_safe
@open_to(*TEAM, Role.PARTICIPANT)
def pulse(request: HttpRequest, standing: Standing, pulse: int) -> HttpResponse:
    """One pulse: until when it is open, then what was found. Those who answered read the same as those who asked."""
    row = Pulse.objects.select_related("questionnaire").filter(programme=standing.programme, pk=pulse).first()
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    context = {"standing": standing, "pulse": row, "found": read.found(row), "asks": standing.roles & {*TEAM}}
    return render(request, "surveys/pulse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def pulse_answer(request: HttpRequest, token: str) -> HttpResponse:
    """All questions on one page; sending them spends the link."""
    now = timezone.now()
    rows = PulseToken.objects.select_related("pulse__questionnaire")
    open_ = check_can_spend(token=rows.filter(digest=actions.token_digest(token)).first(), now=now)
    form = PulseForm(queries.questions(open_.questionnaire), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.answer_pulse(token=token, answers=form.cleaned_data, now=now)
        return render(request, "surveys/pulse_sent.html", {"pulse": open_})
    fields = [(form[question.name], question.kind) for question in form.questions.values()]
    context = {"pulse": open_, "form": form, "fields": fields}
    return render(request, "surveys/pulse_answer.html", context, status=422 if form.errors else 200)

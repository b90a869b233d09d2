"""Running the study: the board, notes, queries, unblinding and the data lock. Study ids stand here, never names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import actions, queries, rules
from confrere.trial.forms import CorrectionForm, DeviationForm, EventForm, QueryForm, UnblindingForm, WordsForm
from confrere.trial.models import DataQuery
from confrere.trial.views.team import without_a_trial
from confrere.vault import actions as vault
from confrere.vault import queries as kept
from confrere.vault.refusals import Refusal
from confrere.vault.rules import can_unlock

TEAM = (Role.DIRECTOR, Role.COORDINATOR, Role.STATISTICIAN)
#: Who reads values and arms under a study id.
CODED = (Role.COORDINATOR, Role.STATISTICIAN)
#: Who writes what those who wait are offered.
OFFERING = (Role.DIRECTOR, Role.COORDINATOR)
READ = ["GET", "HEAD", "POST"]


@require_safe
@open_to(*TEAM)
def conduct(request: HttpRequest, standing: Standing) -> HttpResponse:
    """How the study runs, on one page: the lock, the board, and where notes are kept."""
    trial, now = queries.of_programme(standing.programme), timezone.now()
    if trial is None:
        return without_a_trial(request, standing)
    lock = kept.data_lock(standing.programme)
    context = {
        "trial": trial,
        "board": queries.board(trial, now=now, sites=standing.sites),
        "lock": lock,
        "locks": kept.data_locks(standing.programme),
        "may_lock": lock is None and Role.DIRECTOR in standing.roles and trial.state == "published",
        "may_agree": lock is not None and can_unlock(lock=lock, person=standing.person),
        "form": WordsForm(),
        "reads_codes": bool(standing.roles & {*CODED}),
        "offers": bool(standing.roles & {*OFFERING}),
        "queries": [one for one in queries.data_queries(trial, standing.sites) if one.closed_on is None],
    }
    return _page(request, standing, "conduct", context)


@require_safe
@open_to(*CODED)
def wave(request: HttpRequest, standing: Standing, wave: str) -> HttpResponse:
    """Which study ids have sent a wave, and which have not."""
    trial = queries.required(standing.programme)
    rows = queries.board(trial, now=timezone.now(), sites=standing.sites)
    found = next((row for row in rows if row.wave == wave), None)
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return _page(request, standing, "wave", {"row": found})


@require_http_methods(READ)
@open_to(*TEAM)
def deviations(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What went otherwise than the protocol says."""
    form = DeviationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_deviation(standing=standing, now=timezone.now(), **form.cleaned_data)
        return redirect("trial:deviations", standing.programme_slug)
    rows = queries.deviations(queries.required(standing.programme), standing.sites)
    return _page(request, standing, "deviations", {"rows": rows, "form": form})


@require_http_methods(READ)
@open_to(*TEAM)
def events(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What unwanted happened: a kind, a day, a reference, and no words."""
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_event(standing=standing, now=timezone.now(), **form.cleaned_data)
        return redirect("trial:events", standing.programme_slug)
    rows = queries.adverse_events(queries.required(standing.programme), standing.sites)
    return _page(request, standing, "events", {"rows": rows, "form": form})


@require_http_methods(READ)
@open_to(*CODED)
def data_queries(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Questions about values; the statistician asks."""
    trial = queries.required(standing.programme)
    form = QueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rules.check_role(standing=standing, role=Role.STATISTICIAN)
        number = actions.ask_about(standing=standing, now=timezone.now(), **form.cleaned_data)
        return redirect("trial:query", standing.programme_slug, number)
    context = {
        "rows": queries.data_queries(trial, standing.sites),
        "form": form,
        "asks": Role.STATISTICIAN in standing.roles,
    }
    return _page(request, standing, "queries", context)


@require_http_methods(READ)
@open_to(*CODED)
def query(request: HttpRequest, standing: Standing, query: int) -> HttpResponse:
    """One question about a value: the value as it stands, the reply, corrections. No name stands beside it."""
    row = rules.check_asked(queries.data_query(programme=standing.programme, number=query, sites=standing.sites))
    if request.method == "POST":
        _act_on(request, standing, row)
        return redirect("trial:query", standing.programme_slug, row.pk)
    asked, value = queries.asked_value(row)
    shown = ", ".join(value) if isinstance(value, list) else value
    mended = [
        one
        for one in answered.corrections(programme=standing.programme)
        if (one.response.study_id, one.response.wave, one.question) == (row.study_id, row.wave, row.question)
    ]
    context = {
        "row": row,
        "asked": asked,
        "value": shown,
        "mended": mended,
        "replies": Role.COORDINATOR in standing.roles,
        "closes": Role.STATISTICIAN in standing.roles and rules.can_close(row) and row.closed_on is None,
        "form": WordsForm(),
        "correction": CorrectionForm(initial={"value": shown}),
    }
    return _page(request, standing, "query", context)


def _act_on(request: HttpRequest, standing: Standing, row: DataQuery) -> None:
    act, now = request.POST.get("act"), timezone.now()
    if act == "close":
        rules.check_role(standing=standing, role=Role.STATISTICIAN)
        actions.close_query(standing=standing, query=row.pk, now=now)
        return
    rules.check_role(standing=standing, role=Role.COORDINATOR)
    if act == "correct":
        surveys.correct(
            programme=standing.programme,
            study_id=row.study_id,
            wave=row.wave,
            question=row.question,
            person=standing.person,
            now=now,
            **_filled(CorrectionForm(request.POST)),
        )
        return
    actions.reply(standing=standing, query=row.pk, now=now, **_filled(WordsForm(request.POST)))


@require_http_methods(READ)
@open_to(*TEAM)
@freshly_proved
def unblindings(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Who had to learn an arm, why, and who agreed. Coordinator or statistician asks; another agrees."""
    form = UnblindingForm(request.POST or None)
    asks = sorted(standing.roles & {*CODED})
    if request.method == "POST" and form.is_valid():
        if not asks:
            raise Refusal(_("Your role in this programme does not open this page."), status=403)
        actions.ask_unblinding(standing=standing, role=asks[0], now=timezone.now(), **form.cleaned_data)
        return redirect("trial:unblindings", standing.programme_slug)
    rows = [
        {"row": row, "mine": row.asked_by == standing.person}
        for row in queries.unblindings(queries.required(standing.programme), standing.sites)
    ]
    return _page(request, standing, "unblindings", {"rows": rows, "form": form, "asks": bool(asks)})


@require_POST
@open_to(*TEAM)
@freshly_proved
def agree(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Another person agrees."""
    actions.agree_unblinding(standing=standing, unblinding=number, now=timezone.now())
    return redirect("trial:unblindings", standing.programme_slug)


@require_POST
@open_to(*CODED)
@freshly_proved
def arm(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The arm, once, to whoever asked. Reading it is written down, so it is no link that opens by itself."""
    found = actions.read_arm(standing=standing, unblinding=number, now=timezone.now())
    return _page(request, standing, "arm", {"arm": found})


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def lock(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks once, then closes the study data."""
    if request.method == "POST":
        actions.lock_data(standing=standing, now=timezone.now())
        return redirect("trial:conduct", standing.programme_slug)
    return _page(request, standing, "lock", {})


@require_POST
@open_to(*TEAM)
@freshly_proved
def unlock(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The first person asks with a reason; another one agrees."""
    programme, person, now = standing.programme, standing.person, timezone.now()
    if request.POST.get("act") == "agree":
        vault.unlock_data(programme=programme, person=person, now=now)
    else:
        vault.ask_unlock(programme=programme, reason=request.POST.get("text", ""), person=person, now=now)
    return redirect("trial:conduct", standing.programme_slug)


@require_http_methods(READ)
@open_to(*OFFERING)
def write_resources(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the site offers those whose coaching comes later, in its own words."""
    newest = queries.resources(queries.required(standing.programme))
    if request.method == "POST":
        actions.publish_resources(standing=standing, text=request.POST.get("text", ""), now=timezone.now())
        return redirect("trial:write_resources", standing.programme_slug)
    form = WordsForm(initial={"text": newest.text if newest else ""})
    return _page(request, standing, "resources", {"form": form, "newest": newest})


def _filled(form: WordsForm | CorrectionForm) -> dict[str, Any]:
    if not form.is_valid():
        raise Refusal(next(str(error) for errors in form.errors.values() for error in errors), status=422)
    return form.cleaned_data


def _page(request: HttpRequest, standing: Standing, name: str, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, f"trial/conduct/{name}.html", {"standing": standing, **context}, status=status)

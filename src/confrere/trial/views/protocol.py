"""The protocol from an empty page: begin, write it as text, look at any version, print it, keep the board's papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.trial import actions, queries
from confrere.trial.editing import STEPS, AmendForm, BeginForm, EventForm, StampedForm, TextForm, read_data
from confrere.trial.protocol import lines, load_protocol, shipped_protocol
from confrere.trial.views.saving import Saved, save
from confrere.trial.wording import scheme_in_words
from confrere.vault.audit import Actor

READERS = (Role.DIRECTOR, Role.COORDINATOR, Role.STATISTICIAN)
READ = ["GET", "HEAD", "POST"]
#: Lines shown before and after the one that needs attention.
AROUND = 3


@require_safe
@open_to(*READERS)
def protocol(request: HttpRequest, standing: Standing) -> HttpResponse:
    """How far the protocol is, what is missing, every version, and what changed after the lock."""
    newest = queries.newest_version(standing.programme)
    data = read_data(newest.text) if newest else {}
    context = {
        "standing": standing,
        "trial": queries.of_programme(standing.programme),
        "newest": newest,
        "problem": queries.problem(newest.text) if newest else None,
        "steps": [(step, step.begun(data or {})) for step in STEPS],
        "versions": queries.versions(standing.programme),
        "amendments": queries.amendments(standing.programme),
        "stamped": queries.stamped_consents(standing.programme),
        "events": queries.reported_events(standing.programme),
        "directs": Role.DIRECTOR in standing.roles,
        "writes_events": not standing.roles.isdisjoint({Role.DIRECTOR, Role.COORDINATOR}),
        "wonders": not standing.roles.isdisjoint({Role.DIRECTOR, Role.STATISTICIAN}),
        "begin": BeginForm(),
    }
    return render(request, "trial/protocol/protocol.html", context)


@require_POST
@open_to(Role.DIRECTOR)
def begin(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Begin with a protocol that comes with the product, or with a file."""
    form = BeginForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"standing": standing, "begin": form}
        return render(request, "trial/protocol/begin.html", context, status=422)
    saved = save(standing, form.text(shipped_protocol), after=0, posted=request.POST)
    if saved.refused is not None:
        raise saved.refused
    return redirect("trial:protocol", programme=standing.programme_slug)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def text(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The protocol as text. What was typed is kept whatever is wrong with it; the first error stands at its line."""
    newest = queries.newest_version(standing.programme)
    shown, after = (newest.text, newest.number) if newest else ("", 0)
    form, saved = TextForm(_posted(request), initial={"text": shown, "after": after}), Saved()
    if request.method == "POST" and form.is_valid():
        shown = form.cleaned_data["text"]
        saved = save(standing, shown, after=form.cleaned_data["after"], posted=request.POST)
        if saved.refused is None:
            return redirect("trial:protocol_text", programme=standing.programme_slug)
    known = {"standing": standing, "form": form, "saved": saved, "after": saved.after(after)}
    context = known | _said(shown) | {"amend": _amend_form(request, standing)}
    return render(request, "trial/protocol/text.html", context, status=saved.status)


@require_safe
@open_to(*READERS)
def version(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """A version, and what it changed."""
    one = queries.version(standing.programme, number)
    before = queries.version_before(one)
    context = {
        "standing": standing,
        "version": one,
        "lines": lines(before.text if before else "", one.text),
        "newest": queries.newest_version(standing.programme),
        "draft": queries.can_start(standing.programme),
        "directs": Role.DIRECTOR in standing.roles,
    }
    return render(request, "trial/protocol/version.html", context)


@require_POST
@open_to(Role.DIRECTOR)
def back(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Go back to an earlier draft: it is saved again as the newest."""
    newest = queries.newest_version(standing.programme)
    one = queries.version(standing.programme, number)
    saved = save(standing, one.text, after=newest.number if newest else 0, posted=request.POST)
    if saved.refused is not None:
        raise saved.refused
    return redirect("trial:protocol", programme=standing.programme_slug)


@require_safe
@open_to(*READERS)
def printed(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The whole protocol to read and to print; the text itself where it is not finished."""
    newest = queries.newest_version(standing.programme)
    read = load_protocol(newest.text) if newest and queries.problem(newest.text) is None else None
    context = {
        "standing": standing,
        "trial": queries.of_programme(standing.programme),
        "newest": newest,
        "protocol": read,
        "scheme": read and scheme_in_words(read.scheme),
        "amendments": queries.amendments(standing.programme),
    }
    return render(request, "trial/protocol/printed.html", context)


@require_safe
@open_to(*READERS)
def file(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """The newest text as a file."""
    newest = queries.newest_version(standing.programme)
    answer = HttpResponse(newest.text if newest else "", content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="protocol.toml"'
    return answer


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def stamped(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Keep the consent that the board stamped."""
    form = StampedForm(_posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        who = _who(standing)
        actions.keep_stamped_consent(content=content, now=timezone.now(), **who)
        return redirect("trial:protocol", programme=standing.programme_slug)
    context = {"standing": standing, "form": form, "title": _("A stamped consent")}
    return render(request, "trial/protocol/paper.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(*READERS)
def stamped_file(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:  # the gate passes it
    """A stamped consent as it was uploaded; always a download, never shown inside the site."""
    answer = HttpResponse(queries.stamped_consent(standing.programme, number), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="stamped-consent-{number}.pdf"'
    return answer


@require_http_methods(READ)
@open_to(Role.DIRECTOR, Role.COORDINATOR)
def event(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Note that something was reported to the board."""
    form = EventForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        who = _who(standing)
        actions.note_reported_event(now=timezone.now(), **form.cleaned_data, **who)
        return redirect("trial:protocol", programme=standing.programme_slug)
    context = {"standing": standing, "form": form, "title": _("A report to the review board")}
    return render(request, "trial/protocol/paper.html", context, status=422 if form.errors else 200)


def _who(standing: Standing) -> dict[str, Any]:
    return {"programme": standing.programme, "site": standing.site, "actor": Actor.person(standing.person)}


def _said(shown: str) -> dict[str, Any]:
    """What is wrong with the text on the screen, and the lines around it."""
    problem = queries.problem(shown) if shown.strip() else None
    here = problem.line if problem and problem.line else 1
    first = max(here - AROUND, 1)
    around = shown.splitlines()[first - 1 : here + AROUND]
    numbered = [{"text": line, "here": number == here} for number, line in enumerate(around, first)]
    return {"shown": shown, "problem": problem, "around": {"first": first, "lines": numbered}}


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _amend_form(request: HttpRequest, standing: Standing) -> AmendForm | None:
    return None if queries.can_start(standing.programme) else AmendForm(_posted(request))

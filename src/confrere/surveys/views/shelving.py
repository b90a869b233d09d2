"""The shelf of questionnaires: what there is, versions and their differences, files in and out."""

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire import VERSIONS, Reading, carry, recognise
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.surveys import actions, comparing, definition, library, queries
from confrere.surveys.definition import Coming
from confrere.surveys.question_forms import FileForm, TitleForm
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

EDITORS = (Role.DIRECTOR, Role.COORDINATOR)
LARGEST = 1_000_000
"""Bytes of a file that is taken here; the command line takes larger ones."""
ENDINGS = {"redcap": "csv", "odm": "xml", "odm2": "xml", "fhir": "json", "fhir-r5": "json"}


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def shelf(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every questionnaire, and the beginning of a new one."""
    form = TitleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        slug = actions.begin(
            programme=standing.programme,
            site=standing.site,
            title=form.cleaned_data["title"],
            actor=Actor.person(standing.person),
            now=timezone.now(),
        )
        return redirect("surveys:draft", standing.programme_slug, slug)
    context = {"standing": standing, "titles": library.shelf(programme=standing.programme), "form": form}
    return render(request, "surveys/editor/shelf.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(*EDITORS)
def questionnaire(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """One questionnaire: its versions, what changed from one to the next, where it is asked."""
    title = library.title(programme=standing.programme, slug=slug)
    older = [*title.versions[1:], None]
    context = {
        "standing": standing,
        "title": title,
        "history": [(row, comparing.changes(old, row)) for row, old in zip(title.versions, older, strict=True)],
        "formats": VERSIONS,
    }
    return render(request, "surveys/editor/questionnaire.html", context)


@require_POST
@open_to(*EDITORS)
def revise(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """Begin the next version."""
    actions.revise(
        programme=standing.programme,
        site=standing.site,
        slug=slug,
        actor=Actor.person(standing.person),
        now=timezone.now(),
    )
    return redirect("surveys:draft", standing.programme_slug, slug)


@require_safe
@open_to(*EDITORS)
def version(request: HttpRequest, standing: Standing, slug: str, number: int) -> HttpResponse:
    """A published version, word for word, and its hash."""
    row = queries.version(programme=standing.programme, slug=slug, number=number)
    context = {"standing": standing, "row": row, "questions": queries.questions(row), "formats": VERSIONS}
    return render(request, "surveys/editor/version.html", context)


@require_safe
@open_to(*EDITORS)
def export(request: HttpRequest, standing: Standing, slug: str, number: int, kind: str) -> HttpResponse:
    """A published version as a file of another system; `?look` shows first what does not come along."""
    if kind not in VERSIONS:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    row = queries.version(programme=standing.programme, slug=slug, number=number)
    made = carry(
        Reading(questionnaire=queries.exchanged(row)),
        source="instruments",
        to=kind,  # type: ignore[arg-type]  # one of VERSIONS, as was just asked
        made_at=row.published_at.isoformat(),
    )
    if "look" in request.GET:
        context = {"standing": standing, "row": row, "lost": made.lost, "format": VERSIONS[made.target], "kind": kind}
        return render(request, "surveys/editor/export.html", context)
    name = f"{slug}-{number}-{kind}.{ENDINGS[kind]}"
    return HttpResponse(
        made.text,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def bring(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A file of another system: what it becomes and what is lost, then, once said so, a draft."""
    if request.method != "POST":
        return _asked(request, standing, FileForm())
    if "content" in request.POST:
        return _take(request, standing)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _asked(request, standing, form)
    file = form.cleaned_data["file"]
    content = file.read(LARGEST + 1)
    try:
        found = _read(content)
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return _asked(request, standing, form)
    title = found.title or file.name.rpartition(".")[0].replace("_", " ").capitalize() or file.name
    context = {
        "standing": standing,
        "found": found,
        "questions": definition.expanded(found.blocks),
        "content": base64.b64encode(content).decode(),
        "form": TitleForm(initial={"title": title[:200]}),
    }
    return render(request, "surveys/editor/brought.html", context)


def _take(request: HttpRequest, standing: Standing) -> HttpResponse:
    try:
        content = base64.b64decode(request.POST["content"], validate=True)
    except ValueError:  # also of letters that no such text has
        raise Refusal(_("Please choose the file again."), status=422) from None
    slug = actions.begin(
        programme=standing.programme,
        site=standing.site,
        title=request.POST.get("title", "")[:200],
        blocks=_read(content).blocks,
        actor=Actor.person(standing.person),
        now=timezone.now(),
    )
    return redirect("surveys:draft", standing.programme_slug, slug)


def _read(content: bytes) -> Coming:
    if len(content) > LARGEST:
        raise Refusal(_("This file is larger than 1 MB, which no questionnaire is."), status=422)
    try:
        found = recognise(content)
    except InputError as error:
        raise Refusal(str(error), status=422) from None
    return definition.coming(found.reading, record_first=found.format == "redcap")


def _asked(request: HttpRequest, standing: Standing, form: FileForm) -> HttpResponse:
    context = {"standing": standing, "form": form}
    return render(request, "surveys/editor/bring.html", context, status=422 if form.errors else 200)

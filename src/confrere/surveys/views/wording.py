"""Instruments: what is known of each, and the wording that a site brings with its word that it may use it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from confrere.people.queries import Standing
from confrere.people.rules import open_to
from confrere.surveys import actions, library
from confrere.surveys.definition import Pack
from confrere.surveys.library import Wording
from confrere.surveys.question_forms import PackForm
from confrere.surveys.views.shelving import EDITORS
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@require_safe
@open_to(*EDITORS)
def instruments(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every instrument that we know, and whether its wording is there."""
    context = {"standing": standing, "wordings": library.wordings(programme=standing.programme)}
    return render(request, "surveys/editor/instruments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def instrument(request: HttpRequest, standing: Standing, name: str) -> HttpResponse:
    """What is known of one instrument; a POST brings its wording."""
    here = library.wording(programme=standing.programme, instrument=name)
    form = PackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        refused = _bring(standing, here, form)
        if refused is None:
            return redirect("surveys:instrument", standing.programme_slug, name)
        form.add_error(None, refused)
    context = {"standing": standing, "here": here, "form": form}
    return render(request, "surveys/editor/instrument.html", context, status=422 if form.errors else 200)


def _bring(standing: Standing, here: Wording, form: PackForm) -> str | None:
    """Keep the wording; the sentence of the refusal where it does not fit."""
    typed = form.cleaned_data
    texts, labels = _lines(typed["items"]), _lines(typed["labels"])
    # Too few or too many lines pair up with no item: the pack is refused as one that does not fit.
    names = (
        here.scale.item_ids if len(texts) == len(here.scale.items) else [str(number) for number in range(len(texts))]
    )
    try:
        actions.import_pack(
            programme=standing.programme,
            site=standing.site,
            instrument=here.scale.id,
            pack=Pack(items=dict(zip(names, texts, strict=True)), labels=labels),
            attestation=typed["attestation"],
            actor=Actor.person(standing.person),
            now=timezone.now(),
        )
    except Refusal as refusal:
        return refusal.sentence
    return None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]

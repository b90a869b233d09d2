"""The guided steps of a protocol: a form for each table, saved over the newest version."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.trial import queries
from confrere.trial.editing import STEPS, AmendForm, CarryForm, Step, read_data, step_of
from confrere.trial.protocol import write_protocol
from confrere.trial.views.saving import Saved, save
from confrere.vault.refusals import Refusal

READ = ["GET", "HEAD", "POST"]


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def step(request: HttpRequest, standing: Standing, step: str) -> HttpResponse:
    """A step that is one form, or the list of its tables."""
    wanted, data, after = _begin(standing, step)
    if data is None:
        return redirect("trial:protocol_text", programme=standing.programme_slug)
    if wanted.at:
        context = {"standing": standing, "step": wanted, "steps": _steps(wanted, data, standing)}
        return render(request, "trial/protocol/items.html", context | {"items": _named(wanted.items(data))})
    form, saved = wanted.form(request.POST if request.method == "POST" else None, table=data, data=data), Saved()
    if request.method == "POST" and form.is_valid():
        form.write(data)
        saved = _save(request, standing, data, after)
        if saved.refused is None:
            return redirect("trial:protocol_step", programme=standing.programme_slug, step=_next(wanted).slug)
    context = _context(request, standing, wanted, data, saved.after(after)) | {"form": form, "saved": saved}
    return render(request, "trial/protocol/step.html", context, status=422 if form.errors else saved.status)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def item(request: HttpRequest, standing: Standing, step: str, number: int) -> HttpResponse:
    """One table of a list: change it, move it up, take it away. One past the end is a new one."""
    wanted, data, after = _begin(standing, step)
    if data is None:
        return redirect("trial:protocol_text", programme=standing.programme_slug)
    items = wanted.items(data)
    if not wanted.at or not 1 <= number <= len(items) + 1:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    table, act, saved = (items[number - 1] if number <= len(items) else {}), request.POST.get("act", "save"), Saved()
    form = wanted.form(request.POST if request.method == "POST" and act == "save" else None, table=table, data=data)
    if request.method == "POST" and (act != "save" or form.is_valid()):
        if act == "save":
            form.write(table)
        wanted.put_items(data, _acted(items, number - 1, table, act))
        saved = _save(request, standing, data, after)
        if saved.refused is None:
            return redirect("trial:protocol_step", programme=standing.programme_slug, step=wanted.slug)
    context = _context(request, standing, wanted, data, saved.after(after)) | {"form": form, "saved": saved}
    context |= {"number": number, "new": number > len(items)}
    return render(request, "trial/protocol/step.html", context, status=422 if form.errors else saved.status)


def _begin(standing: Standing, slug: str) -> tuple[Step, dict[str, Any] | None, int]:
    wanted = step_of(slug)
    if wanted is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    newest = queries.newest_version(standing.programme)
    return wanted, read_data(newest.text if newest else ""), newest.number if newest else 0


def _named(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What each table is called by people, and in the protocol; an outcome has a name only."""
    names = [str(one.get("name", "")) for one in items]
    called = [
        one.get("title") or one.get("text") or name.replace("_", " ").capitalize()
        for one, name in zip(items, names, strict=True)
    ]
    return list(zip(called, names, strict=True))


def _acted(items: list[dict[str, Any]], index: int, table: dict[str, Any], act: str) -> list[dict[str, Any]]:
    """The list with the table saved at its place, moved up by one, or without it."""
    others = [one for place, one in enumerate(items) if place != index]
    if act == "delete":
        return others
    place = max(index - 1, 0) if act == "up" else index
    return [*others[:place], table, *others[place:]]


def _save(request: HttpRequest, standing: Standing, data: dict[str, Any], newest: int) -> Saved:
    seen = request.POST.get("seen", "")  # "after" is a question of the waves' form
    known = int(seen) if seen.isdecimal() and len(seen) < 9 else newest  # what a number field sends
    return save(standing, write_protocol(data), after=known, posted=request.POST)


def _context(
    request: HttpRequest, standing: Standing, wanted: Step, data: dict[str, Any], after: int
) -> dict[str, Any]:
    locked = not queries.can_start(standing.programme)
    carries = wanted.slug == "places"
    return {
        "standing": standing,
        "step": wanted,
        "steps": _steps(wanted, data, standing),
        "after": after,
        "amend": AmendForm(request.POST if request.method == "POST" else None) if locked else None,
        "carry": CarryForm(request.GET or None, data=data) if carries else None,
    }


def _steps(wanted: Step, data: dict[str, Any], standing: Standing) -> list[dict[str, Any]]:
    return [
        {
            "name": one.title,
            "state": "now" if one == wanted else "done" if one.begun(data) else "next",
            "url": reverse("trial:protocol_step", args=[standing.programme_slug, one.slug]),
        }
        for one in STEPS
    ]


def _next(wanted: Step) -> Step:
    return STEPS[min(STEPS.index(wanted) + 1, len(STEPS) - 1)]

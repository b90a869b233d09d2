"""A text that is held: the page again, with what was found, why, and a box for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from confrere.lounge import distress, guard
from confrere.lounge.rules.keeping import Held, check_identifiers

#: What the boxes "not an identifier" are called in the form.
MARK = "not_an_identifier"
#: More marks than any text of ours can need are not read.
MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of a held text, cut where something was found. Parts without a finding are not shown."""

    part: str
    pieces: Sequence[guard.Piece]


def marked(request: HttpRequest) -> frozenset[str]:
    """Keys of what the author has marked as no identifier, in this very form."""
    return frozenset(request.POST.getlist(MARK)[:MOST])


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page shows of a held text. rows: each distinct finding, and whether it is ticked already."""

    sentence: str
    shown: Sequence[Shown]
    rows: Sequence[tuple[guard.Finding, bool]]
    mark: str = MARK


def panel(request: HttpRequest, *, held: Held, parts: Mapping[str, str]) -> Panel:
    """The findings of a form's texts, those that hold it highlighted. Boxes that were ticked stay ticked."""
    ticked = marked(request)
    found = guard.findings(parts)
    shown = [
        Shown(name, list(guard.pieces(text, [one for one in found if one.part == name])))
        for name, text in parts.items()
        if any(one.part == name for one in held.found)
    ]
    return Panel(held.sentence, shown, [(one, one.key in ticked) for one in guard.distinct(found)])


def needs_help(parts: Mapping[str, object]) -> bool:
    """Whether what was just written sounds like distress. Asked and forgotten."""
    return distress.sounds_like_distress(*(value for value in parts.values() if isinstance(value, str)))


def help_page(request: HttpRequest, *, onward: str) -> HttpResponse:
    """What was written stands; before going on, where help answers at once. Nothing about it is kept."""
    return render(request, "lounge/help.html", {"onward": onward})


def passes(request: HttpRequest, form: forms.Form) -> bool:
    """Whether nothing in a valid form may point at a patient, or all of it is marked.

    If not, the form has an error, and the page shows what was found by `lounge/held.html`. Nothing is stored.
    """
    parts = {name: value for name, value in form.cleaned_data.items() if isinstance(value, str)}
    try:
        check_identifiers(parts=parts, marked=marked(request))
    except Held as held:
        form.add_error(None, held.sentence)
        request.held = panel(request, held=held, parts=parts)  # type: ignore[attr-defined]  # read by held.html
        return False
    return True

"""Showing that one is a physician: what one says, what shows it, how far it has come."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from confrere.people import actions, queries
from confrere.people import sign_on as going
from confrere.people.forms.door import BadgeForm, LicenceStep, NameStep, NumberStep
from confrere.people.queries import Standing
from confrere.people.queries import door as doors
from confrere.people.queries import registers as found
from confrere.people.rules import door as rules
from confrere.people.rules import open_to, open_to_signed_in, person_of
from confrere.people.rules.claims import Said
from confrere.vault.refusals import Refusal

comers = open_to(*queries.COMERS)
STEPS: tuple[str | Promise, ...] = (_("Name"), _("Number"), _("Licence"), _("Look again"))
#: Answers that another answer would mend; they stand on the form, with what was typed.
_MENDED = {409, 422, 503}


@open_to_signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Leads to one's own verification, in the programme in which one can be verified."""
    now = timezone.now()
    for programme in queries.programmes_of(person=person_of(request), now=now):
        here = queries.standing(person=person_of(request), programme=programme.slug, now=now)
        if here is not None and here.roles & queries.COMERS:
            return redirect("door", programme.slug)
    raise Refusal(gettext("None of your programmes has a lounge that could open to you."), status=404)


@comers
def door(request: HttpRequest, standing: Standing) -> HttpResponse:
    """How far one's own verification has come, and what is missing."""
    return _door(request, standing, BadgeForm())


def _door(request: HttpRequest, standing: Standing, form: BadgeForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    claim = doors.claim_of(standing.person)
    context = {
        "standing": standing,
        "claim": claim,
        "credential": queries.credential(person=standing.person, now=now),
        "reason": rules.why_closed(person=standing.person, now=now),
        "open": claim is not None and (rules.looks_open(claim) or claim.state == "lapsed"),
        "standing_claim": claim is not None and claim.state in {"open", "bound", "frozen", "lapsed"},
        "sign_on": bool(settings.SIGN_ON),
        "form": form,
        "link": request.session.pop("people.voucher_link", ""),
        "sent": request.session.pop("people.roster_asked", False),
    }
    return render(request, "people/door/door.html", context, status=status)


@comers
def claim(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Four steps on one address; nothing is kept until the last one is sent."""
    said = request.POST if request.method == "POST" else {}
    step = _step(said.get("step", "1"))
    forms_ = [_form(number, said if number < step else None) for number in (1, 2, 3)]
    wrong = next((number for number in range(1, step) if not forms_[number - 1].is_valid()), None)
    if wrong:
        return _ask(request, standing, wrong, forms_[wrong - 1], status=422)
    if "send" not in said:
        return _ask(request, standing, step, forms_[step - 1] if step <= len(forms_) else None)
    try:
        actions.claim(standing=standing, said=_said(forms_), now=timezone.now())
    except Refusal as no:
        if no.status not in _MENDED:
            raise
        return _ask(request, standing, 4, None, refused=no)
    return redirect("door", standing.programme_slug)


def _step(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4"} else 1


def _form(number: int, said: Any) -> forms.Form:
    if number == 2:
        return NumberStep(said, registers=found.claimable())
    return NameStep(said) if number == 1 else LicenceStep(said)


def _said(filled: list[forms.Form]) -> Said:
    return Said(**{name: value.strip() for form in filled for name, value in form.cleaned_data.items()})


def _ask(
    request: HttpRequest,
    standing: Standing,
    step: int,
    form: forms.Form | None,
    *,
    status: int = 200,
    refused: Refusal | None = None,
) -> HttpResponse:
    """One step; what the others said goes along unseen."""
    here = set(form.fields) if form else set()
    others = ("given", "family", "register", "number", "jurisdiction", "licence", "specialty")
    context = {
        "standing": standing,
        "step": step,
        "next": step + 1,
        "form": form,
        "steps": [
            {"name": name, "state": "done" if number < step else "now" if number == step else "next"}
            for number, name in enumerate(STEPS, start=1)
        ],
        "carried": [(name, request.POST.get(name, "")) for name in others if name not in here],
        "registers": found.claimable(),
        "refused": refused.sentence if refused else "",
    }
    return render(request, "people/door/claim.html", context, status=refused.status if refused else status)


@comers
@require_POST
def ask_roster(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A letter to the mailbox on the institution's list; the answer is the same whether there is one."""
    actions.ask_roster(person=standing.person, now=timezone.now())
    request.session["people.roster_asked"] = True
    return redirect("door", standing.programme_slug)


@comers
def bind(request: HttpRequest, standing: Standing, token: str) -> HttpResponse:
    """What the link in that letter opens: a question, so that no mail program's look-ahead answers it."""
    now = timezone.now()
    if request.method == "POST":
        actions.follow_link(standing=standing, secret=token, now=now)
        return redirect("door", standing.programme_slug)
    return render(request, "people/door/bind.html", {"standing": standing})


@comers
@require_POST
def voucher_link(request: HttpRequest, standing: Standing) -> HttpResponse:
    """A link to hand to two colleagues; shown once."""
    request.session["people.voucher_link"] = actions.make_voucher_link(person=standing.person, now=timezone.now())
    return redirect("door", standing.programme_slug)


@comers
def vouch(request: HttpRequest, standing: Standing, token: str) -> HttpResponse:
    """A colleague is asked whether they know the person."""
    now = timezone.now()
    claimed = actions.voucher_link(standing=standing, secret=token, now=now)
    context = {"standing": standing, "claim": claimed, "given": False}
    if request.method == "POST":
        actions.vouch(standing=standing, secret=token, now=now)
        context["given"] = True
    return render(request, "people/door/vouch.html", context)


@comers
@require_POST
def badge(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Two pictures for two moderators."""
    form = BadgeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _door(request, standing, form, status=422)
    pictures = {name: form.cleaned_data[name].read() for name in ("badge", "face")}
    actions.show_badge(person=standing.person, now=timezone.now(), **pictures)
    return redirect("door", standing.programme_slug)


@comers
@require_POST
def sign_on(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Leads to the institution's sign-in by a link: a form may not send anybody to another server."""
    if not settings.SIGN_ON:
        raise Refusal(gettext("There is nothing here, or it is not yours to open."), status=404)
    url, trip = going.leave(back=_back(standing))
    request.session["people.trip"] = asdict(trip)
    return render(request, "people/door/leave.html", {"standing": standing, "url": url})


@comers
def sign_on_back(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where the institution sends people back to; what was remembered counts once."""
    remembered = request.session.pop("people.trip", None)
    if not settings.SIGN_ON or remembered is None:
        raise Refusal(gettext("There is nothing here, or it is not yours to open."), status=404)
    arrived = going.arrive(trip=going.Trip(**remembered), said=request.GET.dict(), back=_back(standing))
    actions.arrive(person=standing.person, arrived=arrived, now=timezone.now())
    return redirect("door", standing.programme_slug)


def _back(standing: Standing) -> str:
    return settings.ORIGIN + reverse("door_sign_on_back", args=[standing.programme_slug])


@comers
def give_up(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Asks, then takes one's own claim back."""
    if request.method == "POST":
        actions.give_up(person=standing.person, now=timezone.now())
        return redirect("door", standing.programme_slug)
    return render(request, "people/door/give_up.html", {"standing": standing})

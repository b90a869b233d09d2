"""A participant's own part: place, consent, draw, and the two ways to stop."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.trial import actions, copies, papers, queries
from confrere.trial.forms import LeavingForm
from confrere.trial.models import Consent, LeavingReason, Trial, WithdrawalKind
from confrere.trial.views.team import without_a_trial
from confrere.vault import link
from confrere.vault.refusals import Refusal


@require_safe
@open_to(Role.PARTICIPANT)
def mine(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where I stand and what I can stop."""
    trial = queries.of_programme(standing.programme)
    if trial is None:
        return without_a_trial(request, standing)
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    place = queries.place_of(trial=trial, study_id=study_id)
    drawn = queries.allocation_of(trial=trial, study_id=study_id)
    context = {
        "standing": standing,
        "trial": trial,
        "consent": queries.consent_of(trial=trial, person=standing.person),
        "place": place,
        "number": 0 if place is None else queries.ahead_of(place) + 1,
        "arm": None if drawn is None else queries.protocol(trial).arm(drawn.arm),
        "lot": queries.lottery_receipt(trial=trial, study_id=study_id),
        "lots": queries.lots(trial),
        "stopped": queries.withdrawn(trial=trial, study_id=study_id or ""),
        "again": queries.asked_again(trial) if standing.person in queries.undecided(trial) else None,
        "certificate": copies.certificate_words(queries.certificate(trial, on=timezone.now().date())),
    }
    return render(request, "trial/mine.html", context)


@require_safe
@open_to(Role.PARTICIPANT)
def copy(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """A copy of what I signed: text, name, time, meaning and hash."""
    trial = queries.required(standing.programme)
    signed = _signed(trial, standing)
    certificate = queries.certificate(trial, on=timezone.now().date())
    answer = HttpResponse(copies.as_text(signed, certificate=certificate), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="consent.txt"'
    return answer


@require_safe
@open_to(Role.PARTICIPANT)
def copy_pdf(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """The same copy as a PDF, with who can see what on this day."""
    trial, now = queries.required(standing.programme), timezone.now()
    made = copies.as_copy(
        _signed(trial, standing),
        title=queries.protocol(trial).title,
        sights=queries.sights(programme=standing.programme, now=now),
        certificate=queries.certificate(trial, on=now.date()),
    )
    answer = HttpResponse(papers.consent_pdf(made), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="consent.pdf"'
    return answer


def _signed(trial: Trial, standing: Standing) -> Consent:
    signed = queries.consent_of(trial=trial, person=standing.person)
    if signed is None:
        raise Refusal(_("You have not signed a consent in this programme."), status=404)
    return signed


@require_safe
@open_to(Role.PARTICIPANT)
def offered(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the site offers while coaching is still to come, or ever."""
    text = queries.offered(queries.required(standing.programme))
    return render(request, "trial/offered.html", {"standing": standing, "text": text})


@require_safe
@open_to(Role.PARTICIPANT)
def receipt(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """What finds my own line in the published record, for `confrere verify --receipt` and the page of the proof."""
    trial = queries.required(standing.programme)
    drawn = queries.allocation_of(
        trial=trial, study_id=link.study_id(person=standing.person, programme=standing.programme)
    )
    if drawn is None:
        raise Refusal(_("Nothing was drawn for you in this programme."), status=404)
    mine = {name: getattr(drawn, name) for name in ("study_id", "stratum", "arm", "nonce")}
    answer = HttpResponse(json.dumps(mine, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="allocation-receipt.json"'
    return answer


@require_safe
@open_to(Role.PARTICIPANT)
def lot(request: HttpRequest, standing: Standing) -> HttpResponse:  # the gate passes it
    """What finds my own lot in the record of the lottery."""
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    mine = queries.lottery_receipt(trial=queries.required(standing.programme), study_id=study_id)
    if mine is None:
        raise Refusal(_("You were not in a lottery in this programme."), status=404)
    answer = HttpResponse(json.dumps(mine, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="lottery-receipt.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT)
def stop(request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:
    """Asks once, in words, then stops."""
    wanted, study_id = _kind(kind), _study_id(standing)
    if request.method == "POST":
        said = request.POST.get("reason", "")
        reason = said if said in LeavingReason else ""  # whatever else was sent: leaving is never refused
        actions.withdraw(
            programme=standing.programme, study_id=study_id, kind=wanted, reason=reason, now=timezone.now()
        )
        actions.follow_up.defer(id=standing.programme)
        return redirect("trial:mine", programme=standing.programme_slug)
    return render(request, "trial/stop.html", {"standing": standing, "kind": wanted, "form": LeavingForm()})


@require_POST
@open_to(Role.PARTICIPANT)
def back(request: HttpRequest, standing: Standing, kind: str) -> HttpResponse:  # the gate passes it
    """A stop by mistake is taken back."""
    study_id = _study_id(standing)
    actions.take_back(programme=standing.programme, study_id=study_id, kind=_kind(kind), now=timezone.now())
    actions.follow_up.defer(id=standing.programme)
    return redirect("trial:mine", programme=standing.programme_slug)


def _kind(kind: str) -> str:
    if kind not in WithdrawalKind:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return kind


def _study_id(standing: Standing) -> str:
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    if study_id is None:
        raise Refusal(_("There is nothing to stop: you take no part in this study."))
    return study_id

"""The workbook: pages that are read on the device, and the few answers that its scripts need. Never a word of it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from confrere.coaching import actions, queries
from confrere.coaching.queries import Way
from confrere.coaching.views import workbook_words
from confrere.people.actions import passkey_options, prove_by_passkey
from confrere.people.queries import Standing, passkeys
from confrere.people.roles import Role
from confrere.people.rules import check_not_too_often, has_proved, open_to, proved_within
from confrere.vault.limits import LIMITS
from confrere.vault.refusals import Refusal

#: The server's share is released only so long after the person has shown who they are.
PROOF: Final = timedelta(minutes=5)

type Body = dict[str, Any]


def malformed() -> Refusal:
    """For what no page of ours sends."""
    return Refusal(_("This was not understood. Open the page again."), status=422)


def answers(view: Callable[[HttpRequest, Standing, Body], Body]) -> Callable[..., HttpResponse]:
    """A view that a script asks: JSON in, JSON out, and a refusal as its sentence."""

    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, standing: Standing) -> HttpResponse:
        try:
            given = json.loads(request.body)
            if not isinstance(given, dict):
                raise malformed()
            return JsonResponse(view(request, standing, given))
        except (KeyError, TypeError, ValueError, RecursionError):
            return JsonResponse({"sentence": malformed().sentence}, status=422)
        except Refusal as no:
            return JsonResponse({"sentence": no.sentence}, status=no.status)

    return answered


def check_proof(request: HttpRequest, given: Body) -> None:
    """A passkey's answer that came along, or a proof that is not older than five minutes."""
    if given.get("passkey"):
        prove_by_passkey(request=request, answer=given["passkey"])
    if not has_proved(request, within=PROOF):
        raise Refusal(_("Show once more who you are: that counts for five minutes."), status=403)


@require_safe
@open_to(Role.PARTICIPANT)
def workbook(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Set it up, or open it: what happens then happens on the device."""
    found = queries.workbook(programme=standing.programme, person=standing.person)
    context = {
        "standing": standing,
        "written": found is not None and found.version > 0,
        "passkeys": len(passkeys(standing.person)),
        "earlier": queries.set_aside(programme=standing.programme, person=standing.person),
        "limits": LIMITS,
        "words": workbook_words.words(),
        "examples": workbook_words.examples(),
    }
    return render(request, "coaching/workbook.html", context)


@require_safe
@open_to(Role.PARTICIPANT)
@proved_within(PROOF)
def prove(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Only somebody who has just shown who they are comes through here, back to the workbook."""
    return redirect("coaching:workbook", programme=standing.programme_slug)


@open_to(Role.PARTICIPANT)
@answers
def ask(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """What the browser needs to ask the person's passkeys; the number is no secret."""
    found = queries.workbook(programme=standing.programme, person=standing.person)
    return {"options": passkey_options(request=request), "number": str(found.number) if found else ""}


@open_to(Role.PARTICIPANT)
@answers
def unlock(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """The ciphertext and the server's share, to somebody who has shown within five minutes who they are."""
    check_proof(request, given)
    opened = actions.open_workbook(
        programme=standing.programme, site=standing.site, person=standing.person, now=timezone.now()
    )
    sealed = opened.sealed
    return {
        "number": str(sealed.number),
        "version": sealed.version,
        "newest": sealed.newest,
        "sealed": b64encode(sealed.sealed).decode(),
        "share": b64encode(opened.share).decode(),
        "ways": [
            {"kind": way.kind, "credential": way.credential, "wrapped": b64encode(way.wrapped).decode()}
            for way in sealed.ways
        ],
    }


def _way(given: Body) -> Way:
    kind, credential = given["kind"], given.get("credential", "")
    if not isinstance(kind, str) or not isinstance(credential, str):
        raise malformed()
    return Way(kind=kind, credential=credential, wrapped=b64decode(given["wrapped"], validate=True))


def _whole(given: object) -> int:
    if not isinstance(given, int) or not 0 < given < 2**31:
        raise malformed()
    return given


@open_to(Role.PARTICIPANT)
@answers
def save(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """Keep the next version."""
    actions.save_workbook(
        programme=standing.programme,
        person=standing.person,
        number=UUID(str(given["number"])),
        version=_whole(given["version"]),
        sealed=b64decode(given["sealed"], validate=True),
        ways=[_way(each) for each in given.get("ways", [])],
    )
    return {}


@open_to(Role.PARTICIPANT)
@answers
def lock(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """Another way in: only for somebody who has just shown who they are, and could open it."""
    check_proof(request, given)
    actions.lock_workbook(
        programme=standing.programme,
        person=standing.person,
        number=UUID(str(given["number"])),
        way=_way(given),
        now=timezone.now(),
    )
    return {}


@require_POST
@open_to(Role.PARTICIPANT)
@proved_within(PROOF)
def aside(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Begin anew, or take an earlier one back."""
    programme, person, now = standing.programme, standing.person, timezone.now()
    try:
        number = UUID(request.POST["number"]) if "number" in request.POST else None
    except ValueError:
        raise malformed() from None
    if number is None:
        actions.set_aside_workbook(programme=programme, person=person, now=now)
    else:
        actions.take_workbook_back(programme=programme, person=person, number=number, now=now)
    return redirect("coaching:workbook", programme=standing.programme_slug)


@open_to(Role.PARTICIPANT)
@answers
def device(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """The key of the device that waits under six digits. Guesses are counted before anything is looked up."""
    check_not_too_often(request, action="workbook_code", person=standing.person)
    key = actions.device_behind(programme=standing.programme, code=str(given["code"])[:6], now=timezone.now())
    return {"key": b64encode(key).decode()}


@open_to(Role.PARTICIPANT)
@answers
def show(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """Hand ciphertext over to that device."""
    check_not_too_often(request, action="workbook_code", person=standing.person)
    sealed = b64decode(given["sealed"], validate=True)
    actions.show(programme=standing.programme, code=str(given["code"])[:6], sealed=sealed, now=timezone.now())
    return {}


@require_safe
@open_to(Role.COACH)
def shown(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The coach's device, waiting to be shown a workbook."""
    context = {"standing": standing, "words": workbook_words.words()}
    return render(request, "coaching/workbook_shown.html", context)


@open_to(Role.COACH)
@answers
def wait(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """A device waits under six digits."""
    actions.wait_to_be_shown(
        programme=standing.programme,
        site=standing.site,
        ticket=str(given["ticket"]),
        code=str(given["code"]),
        public_key=b64decode(given["key"], validate=True),
        now=timezone.now(),
    )
    return {}


@open_to(Role.COACH)
@answers
def fetch(request: HttpRequest, standing: Standing, given: Body) -> Body:
    """What was handed over for this device, once; empty until then."""
    sealed = actions.fetch_shown(programme=standing.programme, ticket=str(given["ticket"]), now=timezone.now())
    return {"sealed": b64encode(sealed).decode()}

"""What strangers read of a study before they decide, and how an address leaves its list. No cookie is set here."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from confrere.people.rules import open_to_strangers
from confrere.trial import actions, announcing, queries
from confrere.trial.models import Trial
from confrere.trial.rules import can_recruit, check_locked
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: What a participant leaves here, in the order in which it comes about.
LEFT_BEHIND = (
    kept.ACCOUNT,
    kept.CONSENT,
    kept.LINK,
    kept.ANSWER,
    kept.PLACE,
    kept.ALLOCATION,
    kept.ENTITLEMENT,
    kept.BOOKING,
    kept.HELD_SESSION,
    kept.FROZEN,
    kept.RELEASE,
)


@require_safe
@open_to_strangers
def study(request: HttpRequest, token: str) -> HttpResponse:
    """What this is, who may take part, who will see what, where help is, how chance decides."""
    trial = _trial(token)
    check_locked(trial)
    if request.method == "GET":
        actions.count_visit(trial=trial, now=timezone.now())
    context = {
        "trial": trial,
        "protocol": queries.protocol(trial),
        "invitation": queries.invitation(trial),
        "recruits": can_recruit(trial),
        "kinds": [kept.classes()[name] for name in LEFT_BEHIND],
        "lottery": queries.lottery(trial),
    }
    return render(request, "trial/recruiting/study.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def stop(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """No further announcement, without signing in.

    The code in the address is the proof, so no cookie is needed beside it: mail programs may send this by themselves.
    """
    trial = _trial(token)
    digest = announcing.digest_of_code(site=trial.site_id, code=code)
    if digest is None:
        raise _nothing()
    done = request.method == "POST"
    if done:
        actor = Actor.system("announcement stop")
        actions.opt_out(programme=trial.programme_id, digest=digest, actor=actor, now=timezone.now())
    return render(request, "trial/recruiting/stop.html", {"trial": trial, "done": done})


@require_safe
@open_to_strangers
def lottery_record(request: HttpRequest, token: str) -> HttpResponse:
    """The record of a drawn lottery; leaves only, no names."""
    record = queries.lottery_record(_trial(token))
    answer = HttpResponse(json.dumps(record, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="lottery-record.json"'
    return answer


def _trial(token: str) -> Trial:
    trial = queries.by_link(token)
    if trial is None:
        raise _nothing()
    return trial


def _nothing() -> Refusal:
    return Refusal(_("There is nothing here, or it is not yours to open."), status=404)

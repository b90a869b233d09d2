"""A first talk that leaves no record, and where to go when coaching is not what is needed. Counted nowhere.

Nothing here reads or writes the database, touches a session or writes a line of a log; a test compares every table.
"""

from collections import deque
from time import monotonic
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from confrere.people.rules import open_to_strangers
from confrere.post.actions import send_at_once
from confrere.vault.refusals import Refusal
from confrere.web.forms import MailForm

BUSY: Final = _("Many questions were sent in the last minute. Call, or try again in a minute.")
#: So many questions a minute leave this process, whoever asks: a bound without a name.
AT_MOST: Final = 6
_sent: deque[float] = deque(maxlen=AT_MOST)


@require_safe
@open_to_strangers
def which_help(request: HttpRequest) -> HttpResponse:
    """Coaching, therapy, or both: how to tell, and whom to call."""
    context = {
        "numbers": settings.HELP_NUMBERS,
        "physician_health": settings.PHYSICIAN_HEALTH,
        "employee_assistance": settings.EMPLOYEE_ASSISTANCE,
        "consultation": settings.CONSULTATION,
        "simulated": settings.DEMO,
    }
    return render(request, "web/which_help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
@sensitive_variables()
def consultation(request: HttpRequest) -> HttpResponse:
    """The number, its hours and the live room; a mail form only where the site wants one."""
    offered = settings.CONSULTATION
    form = MailForm(request.POST or None) if offered["mail"] else None
    context: dict[str, object] = {
        "offered": offered,
        "form": form,
        "simulated": settings.DEMO,
        "open": any(offered.values()),
    }
    if request.method != "POST":
        return render(request, "web/consultation.html", context | {"sent": "sent" in request.GET})
    if form is None:
        raise Http404
    refused = send_question(form) if form.is_valid() else ""
    if form.is_valid() and not refused:
        return redirect("/consultation/?sent")  # else the browser keeps what was posted, to post it again
    return render(request, "web/consultation.html", context | {"refused": refused}, status=503 if refused else 422)


@sensitive_variables()
def send_question(form: MailForm) -> str:
    """Send it now; the sentence with which that failed, "" if it left. Nothing is kept either way."""
    now = monotonic()
    if len(_sent) == AT_MOST and now - _sent[0] < 60:
        return str(BUSY)
    _sent.append(now)
    try:
        send_at_once(
            to=settings.CONSULTATION["mail"], answer_to=form.cleaned_data["address"], body=form.cleaned_data["text"]
        )
    except Refusal as no:
        return no.sentence
    return ""

"""The moderators' queue, with the evidence side by side; the coordinators' list and the registers' age."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from confrere.people import actions
from confrere.people.forms.door import RosterForm
from confrere.people.models import Rostered
from confrere.people.queries import Standing, specialties
from confrere.people.queries import door as doors
from confrere.people.queries import registers as found
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, moderating, open_to
from confrere.vault.refusals import Refusal

moderators = open_to(Role.MODERATOR)
keepers = open_to(Role.COORDINATOR, Role.MODERATOR)


@moderators
@freshly_proved
def queue(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What waits for a moderator, whose word counted lately, and who is inside."""
    context = {
        "standing": standing,
        "claims": doors.queue(programme=standing.programme),
        "vouches": doors.vouched_lately(programme=standing.programme, now=timezone.now()),
        "members": doors.members(programme=standing.programme),
    }
    return render(request, "people/door/queue.html", context)


@moderators
@freshly_proved
def look(request: HttpRequest, standing: Standing, claim: int) -> HttpResponse:
    """One claim beside all evidence; POST says what one found, or closes the door at once."""
    row = actions.claim_here(standing=standing, claim=claim)
    if request.method == "POST":
        _do(request.POST.get("act", ""), standing=standing, claim=claim)
        return redirect("door_queue", standing.programme_slug)
    context = {
        "standing": standing,
        "claim": row,
        "beside": doors.beside(row),
        "specialty": specialties().get(row.specialty, row.specialty),
        "asked": moderating.asked_of(row),
        "may_look": moderating.can_look(claim=row, moderator=standing.person),
        "may_hold": moderating.can_hold(claim=row, moderator=standing.person),
        "decisions": row.decisions.order_by("at", "pk"),
    }
    return render(request, "people/door/look.html", context)


def _do(act: str, *, standing: Standing, claim: int) -> None:
    now = timezone.now()
    if act == "hold":
        actions.hold(standing=standing, claim=claim, now=now)
    elif act in {"yes", "no"}:
        actions.look(standing=standing, claim=claim, agrees=act == "yes", now=now)
    else:
        raise Refusal("Choose one of the buttons.", status=422)


@moderators
@freshly_proved
@require_GET
@never_cache
def picture(request: HttpRequest, standing: Standing, claim: int, of: str) -> HttpResponse:
    """Badge or face, opened for this request."""
    row = actions.claim_here(standing=standing, claim=claim)
    moderating.check_can_look(claim=row, moderator=standing.person)
    data = actions.picture(claim=row, of=of, now=timezone.now())
    return HttpResponse(data, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


@keepers
@freshly_proved
def roster(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The institution's list, and how old the registers are."""
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["file"].read().decode("utf-8-sig", "replace")
        actions.upload_roster(standing=standing, text=text, now=timezone.now())
        return redirect("door_roster", standing.programme_slug)
    context = {
        "standing": standing,
        "form": form,
        "lines": Rostered.objects.filter(programme=standing.programme).count(),
        "files": found.files(),
    }
    return render(request, "people/door/roster.html", context, status=422 if form.errors else 200)

"""For coordinators and directors: who has sessions and has booked none. Never who meets whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from confrere.coaching import queries, words
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to


@require_safe
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def waiting(request: HttpRequest, standing: Standing) -> HttpResponse:
    """By name, because somebody should ask whether something is in the way."""
    found = queries.unbooked(programme=standing.programme, now=timezone.now())
    context = {
        "head": [_("Name"), _("Could book since"), (_("Days at least"), "number")],
        "rows": [[each.name, words.day(each.since, zone=standing.zone), each.days] for each in found],
    }
    return render(request, "coaching/waiting.html", context)

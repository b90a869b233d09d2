"""For coordinators and directors: who has booked none, and who is granted sessions by hand. Never who meets whom."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.forms import ExtendForm, GrantForm
from confrere.coaching.models import Source
from confrere.coaching.rules import nothing_here
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@require_safe
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def waiting(request: HttpRequest, standing: Standing) -> HttpResponse:
    """By name, because somebody should ask whether something is in the way."""
    found = queries.unbooked(programme=standing.programme, now=timezone.now(), sites=standing.sites)
    context = {
        "head": [_("Name"), _("Could book since"), (_("Days at least"), "number")],
        "standing": standing,
        "grants_too": Role.COORDINATOR in standing.roles,
        "rows": [[each.name, words.day(each.since, zone=standing.zone), each.days] for each in found],
    }
    return render(request, "coaching/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
@freshly_proved
def grants(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Grant sessions to a participant, and see which of these grants are open."""
    now = timezone.now()
    named = people.names(people.members_of(standing.programme, Role.PARTICIPANT, now, standing.sites))
    form = GrantForm(request.POST or None, people=sorted(named.items(), key=lambda each: each[1].casefold()))
    if request.method == "POST" and form.is_valid():
        grant(standing, form.cleaned_data, now=now)
        return redirect("coaching:grants", programme=standing.programme_slug)
    found = queries.granted_by_hand(programme=standing.programme, now=now, sites=standing.sites)
    context: dict[str, Any] = {"standing": standing, "form": form}
    context |= {"grants": [(each, words.day(each.until, zone=standing.zone)) for each in found]}
    others = queries.granted_elsewhere(programme=standing.programme, now=now, sites=standing.sites)
    secret = queries.draws_to_come(programme=standing.programme)
    shown = [each for each in others if not (secret and each.source is Source.TRIAL)]
    context |= {"others": [(each, words.day(each.until, zone=standing.zone)) for each in shown], "secret": secret}
    return render(request, "coaching/grants.html", context, status=422 if form.errors else 200)


def grant(standing: Standing, typed: dict[str, Any], *, now: datetime) -> None:
    """Sessions from today until the end of a day by the coordinator's clock; the first may be longer."""
    end = end_of(typed["until"], zone=standing.zone)
    actions.grant(
        programme=standing.programme,
        site=people.site_of(person=typed["person"], programme=standing.programme) or standing.site,
        person=typed["person"],
        minutes=[typed["first"] or typed["minutes"], *[typed["minutes"]] * (typed["sessions"] - 1)],
        since=now,
        until=end,
        source=Source.COORDINATOR,
        actor=Actor.person(standing.person),
        now=now,
    )


@require_POST
@open_to(Role.COORDINATOR)
def end_grant(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """End one of these grants."""
    actor, now = Actor.person(standing.person), timezone.now()
    found = queries.granted_by_hand(programme=standing.programme, now=now, sites=standing.sites)
    ended = person in {each.person for each in found} and actions.revoke(
        programme=standing.programme, person=person, source=Source.COORDINATOR, actor=actor, now=now
    )
    if not ended:
        raise nothing_here()
    return redirect("coaching:grants", programme=standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
@freshly_proved
def extend(request: HttpRequest, standing: Standing, person: int, source: str) -> HttpResponse:
    """Let a grant last longer. It is noted who did it."""
    now = timezone.now()
    granted = queries.one_grant(
        programme=standing.programme, person=person, source=source, now=now, sites=standing.sites
    )
    secret = source == Source.TRIAL and queries.draws_to_come(programme=standing.programme)
    if granted is None or secret:
        raise nothing_here()
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = end_of(form.cleaned_data["until"], zone=standing.zone)
        actor, here = Actor.person(standing.person), standing.programme
        try:
            actions.extend(programme=here, person=person, source=source, until=until, actor=actor, now=now)
        except Refusal as no:
            form.add_error("until", no.sentence)
        else:
            return redirect("coaching:grants", programme=standing.programme_slug)
    context = {"form": form, "granted": granted, "until": words.day(granted.until, zone=standing.zone)}
    return render(request, "coaching/extend.html", context, status=422 if form.errors else 200)


def end_of(day: date, *, zone: str) -> datetime:
    """The end of a day by this clock."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone))

"""Group sessions for their coach and their participants; supervision for coaches; who is in which group of coaches."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.gathering_forms import CircleForm, GroupForm, SupervisionForm
from confrere.coaching.gathering_rules import can_call_off, can_give_back, can_say_took_place, check_join
from confrere.coaching.models import Gathering
from confrere.coaching.queries import Meeting
from confrere.coaching.rules import nothing_here, reason, shows_place
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.vault.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT, Role.COACH)
def groups(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Group sessions that one can join or is in; a coach offers them here."""
    now, coaches = timezone.now(), Role.COACH in standing.roles
    form = GroupForm(request.POST or None, zone=standing.zone, initial={"key": uuid4()})
    if request.method == "POST" and coaches and form.is_valid():
        try:
            number = actions.offer_group(**placed(standing, now), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:group", programme=standing.programme_slug, gathering=number)
    mine = queries.meetings(programme=standing.programme, person=standing.person)
    context = {
        "form": form if coaches else None,
        "mine": [(each, moment(each, standing)) for each in mine if each.kind is Gathering.Kind.GROUP],
        "open": to_join(standing, now=now) if Role.PARTICIPANT in standing.roles else None,
    }
    return render(request, "coaching/groups.html", context, status=422 if form.errors and coaches else 200)


def placed(standing: Standing, now: datetime) -> dict[str, Any]:
    return {"programme": standing.programme, "site": standing.site, "person": standing.person, "now": now}


def moment(each: Meeting, standing: Standing) -> str:
    return words.moment(each.span.start, zone=standing.zone)


def to_join(standing: Standing, *, now: datetime) -> list[tuple[Meeting, str, str]]:
    """(group session, when, why not) of coaches whom this person may meet, and in which they are not yet."""
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person, "now": now}
    pages = {each.coach: each for each in queries.directory(**asked, room=None)}
    mine = queries.ledger(**asked)
    return [
        (each, moment(each, standing), reason(check_join, found=each, page=pages[each.coach], ledger=mine, now=now))
        for each in queries.open_groups(**asked)
        if each.coach in pages and not each.mine
    ]


@require_safe
@open_to(Role.PARTICIPANT, Role.COACH)
def group(request: HttpRequest, standing: Standing, gathering: int) -> HttpResponse:
    """One gathering, for those who are in it: when and where; its leader sees who comes, and nobody else does."""
    now = timezone.now()
    found = queries.meeting(programme=standing.programme, person=standing.person, number=gathering)
    if found is None:
        raise nothing_here()
    leads = found.leader == standing.person
    asked: dict[str, Any] = {"found": found, "person": standing.person, "now": now}
    supervision = found.kind is Gathering.Kind.SUPERVISION
    read = supervision or leads or queries.has_read(programme=standing.programme, person=standing.person) is not None
    context = {
        "meeting": found,
        "when": moment(found, standing),
        "until": words.hour(found.span.end, zone=standing.zone),
        "leads": leads,
        "supervision": supervision,
        "has_read": read,
        "names": queries.names_in(number=gathering, leader=found.leader) if leads else [],
        "shows_place": read and shows_place(span=found.span, now=now),
        "can_call_off": can_call_off(**asked),
        "can_give_back": can_give_back(**asked),
        "can_say": can_say_took_place(**asked),
    }
    return render(request, "coaching/group.html", context)


@require_POST
@open_to(Role.PARTICIPANT)
def join(request: HttpRequest, standing: Standing, gathering: int) -> HttpResponse:
    """Take a place."""
    now = timezone.now()
    actions.join_group(programme=standing.programme, person=standing.person, gathering=gathering, now=now)
    return redirect("coaching:group", programme=standing.programme_slug, gathering=gathering)


@require_POST
@open_to(Role.PARTICIPANT)
def give_back(request: HttpRequest, standing: Standing, gathering: int) -> HttpResponse:
    """Give it back."""
    now = timezone.now()
    actions.give_back(programme=standing.programme, person=standing.person, gathering=gathering, now=now)
    return redirect("coaching:groups", programme=standing.programme_slug)


@require_POST
@open_to(Role.COACH)
def call_off(request: HttpRequest, standing: Standing, gathering: int) -> HttpResponse:
    """Call it off, as its leader."""
    now = timezone.now()
    actions.call_off(programme=standing.programme, person=standing.person, gathering=gathering, now=now)
    return redirect("coaching:calendar", programme=standing.programme_slug)


@require_POST
@open_to(Role.COACH)
def took_place(request: HttpRequest, standing: Standing, gathering: int) -> HttpResponse:
    """Say whether it took place, as its leader."""
    actions.took_place(
        programme=standing.programme,
        person=standing.person,
        gathering=gathering,
        held=request.POST.get("said") == "yes",
        now=timezone.now(),
    )
    return redirect("coaching:group", programme=standing.programme_slug, gathering=gathering)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def supervision(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The groups of coaches that one is in, and when they meet; the supervisor plans it here."""
    now = timezone.now()
    circles = queries.circles(programme=standing.programme, person=standing.person)
    led = [(each.circle, ", ".join(each.members)) for each in circles if each.supervisor == standing.person]
    form = SupervisionForm(request.POST or None, circles=led, zone=standing.zone, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_supervision(**placed(standing, now), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:supervision", programme=standing.programme_slug)
    mine = queries.meetings(programme=standing.programme, person=standing.person)
    context = {
        "form": form if led else None,
        "circles": [(each, ", ".join(each.members)) for each in circles],
        "mine": [(each, moment(each, standing)) for each in mine if each.kind is Gathering.Kind.SUPERVISION],
    }
    return render(request, "coaching/supervision.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def circles(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Which coaches meet under whose supervision. When they meet, and what for, stands nowhere here."""
    now = timezone.now()
    named = people.names(people.members_of(standing.programme, Role.COACH, now, standing.sites))
    form = CircleForm(request.POST or None, coaches=sorted(named.items(), key=lambda each: each[1].casefold()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.form_circle(**placed(standing, now), sites=standing.sites, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:circles", programme=standing.programme_slug)
    found = queries.circles(programme=standing.programme, sites=standing.sites)
    context = {"form": form, "circles": [(each, ", ".join(each.members)) for each in found]}
    return render(request, "coaching/circles.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def end_circle(request: HttpRequest, standing: Standing, circle: int) -> HttpResponse:
    """End such a group."""
    now = timezone.now()
    actions.end_circle(
        programme=standing.programme, person=standing.person, circle=circle, sites=standing.sites, now=now
    )
    return redirect("coaching:circles", programme=standing.programme_slug)

"""Choosing freely: whom not to meet, a first conversation, another coach."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from confrere.coaching import actions, queries, words
from confrere.coaching.choosing_forms import ChangeForm, ShunForm
from confrere.coaching.choosing_rules import CONVERSATION, check_end_conversation, check_may_converse, talk_within
from confrere.coaching.forms import TimeForm
from confrere.coaching.queries import Ledger, Page
from confrere.coaching.rules import nothing_here, reason
from confrere.coaching.views.times import Choice, times
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal

#: So long before its start the way to a conversation is shown.
SHOWN_BEFORE = CONVERSATION


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT)
def shunned(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Whom one does not want to meet. What is typed is turned into check sums and shown to nobody, oneself included."""
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person}
    if request.POST.get("which") == "forget":
        actions.forget_shunned(**asked, now=timezone.now())
        return redirect("coaching:shunned", programme=standing.programme_slug)
    form = ShunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.shun(**asked, site=standing.site, given=form.given(), now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:shunned", programme=standing.programme_slug)
    context = {"form": form, "count": queries.shunned(**asked)}
    return render(request, "coaching/shunned.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT)
def first(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Twenty minutes with a coach before choosing."""
    now, form = timezone.now(), TimeForm(request.POST)
    if request.method != "POST":
        return first_page(request, standing, coach, now=now)
    if not form.is_valid():
        return first_page(request, standing, coach, now=now, refusal=Refusal(form.first_error(), status=422))
    try:
        number = actions.converse(
            programme=standing.programme,
            site=standing.site,
            person=standing.person,
            coach=coach,
            now=now,
            start=form.cleaned_data["start"],
            key=form.cleaned_data["key"],
        )
    except Refusal as refusal:
        return first_page(request, standing, coach, now=now, refusal=refusal)
    return redirect("coaching:conversation", programme=standing.programme_slug, conversation=number)


def first_page(
    request: HttpRequest, standing: Standing, coach: int, *, now: datetime, refusal: Refusal | None = None
) -> HttpResponse:
    """The free times for it; after a refusal with its sentence and its status."""
    page = queries.page(programme=standing.programme, coach=coach, person=standing.person, now=now)
    if page is None:
        raise nothing_here()
    mine = queries.ledger(programme=standing.programme, person=standing.person, now=now)
    had = queries.had(programme=standing.programme, person=standing.person)
    why = reason(check_may_converse, page=page, ledger=mine, had=had, person=standing.person, now=now)
    context = {
        "coach": page,
        "minutes": CONVERSATION.seconds // 60,
        "why": why,
        "refused": refusal and refusal.sentence,
        **times(request, Choice(starts=[] if why else free(page, standing, mine, now=now), zone=standing.zone)),
    }
    return render(request, "coaching/first.html", context, status=refusal.status if refusal else 200)


def free(page: Page, standing: Standing, mine: Ledger | None, *, now: datetime) -> list[datetime]:
    """Starts at which it could be."""
    within = None if mine is None else talk_within(ledger=mine, now=now)
    if within is None:
        return []
    return queries.open_slots(
        programme=standing.programme,
        coaches=[page.coach],
        minutes=CONVERSATION.seconds // 60,
        within=within,
        person=standing.person,
        now=now,
    )[page.coach]


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT, Role.COACH)
def conversation(request: HttpRequest, standing: Standing, conversation: int) -> HttpResponse:
    """A first conversation, for its two people: when, and where shortly before; calling it off."""
    now = timezone.now()
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person}
    if request.method == "POST":
        actions.end_conversation(**asked, conversation=conversation, now=now)
        return redirect("today", programme=standing.programme_slug)
    found = queries.conversation(**asked, number=conversation)
    if found is None:
        raise nothing_here()
    mine = found.coach_person == standing.person
    read = queries.has_read(programme=standing.programme, person=standing.person) is not None
    context = {
        "talk": found,
        "other": found.other(standing.person),
        "when": words.moment(found.span.start, zone=standing.zone),
        "until": words.hour(found.span.end, zone=standing.zone),
        "shown": found.span.start - SHOWN_BEFORE <= now < found.span.end and (mine or read),
        "has_read": mine or read,
        "can_end": not reason(check_end_conversation, found=found, now=now),
    }
    return render(request, "coaching/conversation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT)
def leave(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Ask once, then cancel what is to come with this coach; nobody asks why."""
    now = timezone.now()
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person}
    if request.method == "POST":
        actions.leave_coach(**asked, coach=coach, now=now)
        return redirect("coaching:coaches", programme=standing.programme_slug)
    mine = [each for each in queries.sessions(**asked) if each.participant == standing.person and each.coach == coach]
    if not mine:
        raise nothing_here()
    to_come = [words.moment(each.span.start, zone=standing.zone) for each in mine if each.span.start > now]
    return render(request, "coaching/leave.html", {"name": mine[0].coach_name, "sessions": to_come})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
def changes(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Open one more change of coach for a participant. No reason is asked, and whose coach it was is not shown."""
    now = timezone.now()
    named = people.names(people.members_of(standing.programme, Role.PARTICIPANT, now, standing.sites))
    form = ChangeForm(request.POST or None, people=sorted(named.items(), key=lambda each: each[1].casefold()))
    context: dict[str, Any] = {"form": form, "done": ""}
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        actions.open_change(
            programme=standing.programme, site=standing.site, person=person, actor=standing.person, now=now
        )
        context["done"] = _("%(name)s can change the coach once more.") % {"name": named[person]}
    return render(request, "coaching/changes.html", context, status=422 if form.errors else 200)

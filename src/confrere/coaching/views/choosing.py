"""A participant's pages: own sessions, coaches, free times."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.choosing_forms import SearchForm, WaitForm
from confrere.coaching.choosing_rules import check_may_converse
from confrere.coaching.forms import TimeForm
from confrere.coaching.models import LIVE
from confrere.coaching.queries import Ledger, Page, Session
from confrere.coaching.rules import check_book, check_line, check_takes, next_room, nothing_here, reason
from confrere.coaching.views.times import Choice, times
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal


@require_safe
@open_to(Role.PARTICIPANT)
def home(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What is booked, what is left, and the way to the next free hour."""
    now = timezone.now()
    mine = queries.ledger(programme=standing.programme, person=standing.person, now=now)
    sessions = queries.sessions(programme=standing.programme, person=standing.person, states=LIVE)
    with_me = [each for each in sessions if each.participant == standing.person]
    context = {
        "ledger": mine,
        "left": left(mine, standing=standing),
        "why": reason(check_book, ledger=mine, now=now),
        "sessions": [(each, words.moment(each.span.start, zone=standing.zone)) for each in with_me if each.is_booked],
        "coach": coach_to_book(with_me, standing, now=now),
        "talks": [
            (each, words.moment(each.span.start, zone=standing.zone))
            for each in queries.conversations(programme=standing.programme, person=standing.person, now=now)
            if each.person == standing.person
        ],
    }
    return render(request, "coaching/home.html", context)


def coach_to_book(with_me: list[Session], standing: Standing, *, now: datetime) -> Session | None:
    """One's last session with a coach who can still be booked; None leads to the choice."""
    if not with_me:
        return None
    last = with_me[-1]
    page = queries.page(programme=standing.programme, coach=last.coach, person=standing.person, now=now)
    return last if page is not None and not page.pauses else None


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT)
def coaches(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every coach with the next free hour in one's own clock. That somebody looked, or for what, is written nowhere."""
    now = timezone.now()
    mine = queries.ledger(programme=standing.programme, person=standing.person, now=now)
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person, "now": now}
    room = next_room(ledger=mine, now=now)
    everybody = queries.directory(**asked, room=room)
    form = SearchForm(request.POST or None, languages=[each for one in everybody for each in one.speaks])
    found = everybody
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted(zone=standing.zone)
        by_hour = queries.directory(**asked, room=room, wanted=wanted) if wanted else everybody
        found = [each for each in by_hour if suits(each, form)]
    context = {
        "left": left(mine, standing=standing),
        "why": reason(check_book, ledger=mine, now=now),
        "form": form,
        "searched": form.is_bound,
        "there": bool(everybody),
        "coaches": [(each, each.next_free and words.moment(each.next_free, zone=standing.zone)) for each in found],
    }
    return render(request, "coaching/coaches.html", context, status=422 if form.errors else 200)


def suits(each: Page, form: SearchForm) -> bool:
    """Whether a coach is what was looked for: with a free hour then, the language, the area."""
    wanted = form.cleaned_data
    return (
        (not wanted["when"] or each.next_free is not None)
        and (not wanted["language"] or wanted["language"] in each.speaks)
        and (not wanted["area"] or wanted["area"] in each.areas)
    )


@open_to(Role.PARTICIPANT)
def coach(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """One coach and the free times of a week; choosing one books it."""
    now = timezone.now()
    if request.method != "POST":
        return free_times(request, standing, coach=coach, now=now)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return free_times(request, standing, coach=coach, now=now, refusal=Refusal(form.first_error(), status=422))
    try:
        booking = actions.book(
            programme=standing.programme, person=standing.person, coach=coach, now=now, **form.cleaned_data
        )
    except Refusal as refusal:
        chosen = form.cleaned_data["start"]
        return free_times(request, standing, coach=coach, now=now, refusal=refusal, chosen=chosen)
    return redirect("coaching:session", programme=standing.programme_slug, booking=booking)


@require_POST
@open_to(Role.PARTICIPANT)
def hold(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Keep the chosen time for a few minutes, while the page is read once more. Answers with nothing but whether."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        raise Refusal(form.first_error(), status=422)
    now, start = timezone.now(), form.cleaned_data["start"]
    actions.hold(programme=standing.programme, person=standing.person, coach=coach, start=start, now=now)
    return HttpResponse(status=204)


def free_times(
    request: HttpRequest,
    standing: Standing,
    *,
    coach: int,
    now: datetime,
    refusal: Refusal | None = None,
    chosen: datetime | None = None,
) -> HttpResponse:
    """The coach's page with what is free now; after a refusal with its sentence and its status."""
    page = queries.page(programme=standing.programme, coach=coach, person=standing.person, now=now)
    if page is None or (refusal is not None and refusal.status == 404):
        raise nothing_here()
    mine = queries.ledger(programme=standing.programme, person=standing.person, now=now)
    why = reason(check_book, ledger=mine, now=now) or reason(check_takes, page=page, person=standing.person)
    lines = queries.in_line(programme=standing.programme, person=standing.person)
    line = next((each for each in lines if each.coach == coach), None)
    starts = [] if why else _starts(page, standing, mine, now=now)
    had = queries.had(programme=standing.programme, person=standing.person)
    context = {
        "coach": page,
        "k": mine and mine.next_k,
        "minutes": mine and mine.next_k and mine.length(mine.next_k),
        "left": left(mine, standing=standing),
        "why": why,
        "can_wait": not starts and not reason(check_line, ledger=mine, page=page, person=standing.person, now=now),
        "line": line,
        "wait_form": WaitForm(),
        "turn": line and line.until and _turn(line.until, zone=standing.zone),
        "times_left": range(2, (mine.remaining if mine else 0) + 1),
        "can_talk": not reason(check_may_converse, page=page, ledger=mine, had=had, person=standing.person, now=now),
        "refused": refusal and refusal.sentence,
        **times(request, Choice(starts=starts, zone=standing.zone, chosen=chosen)),
    }
    return render(request, "coaching/coach.html", context, status=refusal.status if refusal else 200)


def _turn(until: datetime, *, zone: str) -> str:
    return _("A place is kept for you until %(moment)s; after that it goes to the next in line.") % {
        "moment": words.moment(until, zone=zone)
    }


def _starts(page: Page, standing: Standing, mine: Ledger | None, *, now: datetime) -> list[datetime]:
    room = next_room(ledger=mine, now=now)
    if room is None:
        return []
    return queries.open_slots(
        programme=standing.programme,
        coaches=[page.coach],
        minutes=room.minutes,
        within=room.within,
        person=standing.person,
        now=now,
    )[page.coach]


def left(mine: Ledger | None, *, standing: Standing) -> str:
    """How many sessions are left and until when, in words; empty without a grant."""
    if mine is None:
        return ""
    return words.left(remaining=mine.remaining, granted=len(mine.minutes), until=mine.until, zone=standing.zone)

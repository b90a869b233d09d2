"""One session, for its two people: where, what became of it, moving and cancelling it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.forms import SaidForm, TimeForm
from confrere.coaching.models import Said
from confrere.coaching.queries import Session
from confrere.coaching.rules import (
    SHOWN_BEFORE,
    can_say,
    check_cancel,
    check_confirm,
    check_move,
    nothing_here,
    reason,
    room_to_move,
    shows_place,
)
from confrere.coaching.views.times import Choice, times
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.vault.refusals import Refusal


def mine(standing: Standing, booking: int) -> Session:
    """One's own session, or the 404 that everybody else gets."""
    found = queries.session(programme=standing.programme, person=standing.person, booking=booking)
    if found is None:
        raise nothing_here()
    return found


@require_safe
@open_to(Role.PARTICIPANT, Role.COACH)
def session(request: HttpRequest, standing: Standing, booking: int) -> HttpResponse:
    """When, with whom and where; after its start, what became of it."""
    now, found = timezone.now(), mine(standing, booking)
    asked = {"session": found, "now": now}
    is_coach = found.coach_person == standing.person
    read = queries.has_read(programme=standing.programme, person=found.participant) is not None
    context = {
        "session": found,
        "shows_place": shows_place(span=found.span, now=now) and (is_coach or read),
        "has_read": read,
        "over": now >= found.span.end,
        "shown_from": words.hour(found.span.start - SHOWN_BEFORE, zone=standing.zone),
        "when": words.moment(found.span.start, zone=standing.zone),
        "until": words.hour(found.span.end, zone=standing.zone),
        "other": found.other(standing.person),
        "is_coach": is_coach,
        "answers": [each for each in Said if can_say(session=found, person=standing.person, said=each, has_read=read)],
        "said": found.said_by(standing.person).label,
        "has_said": found.said_by(standing.person) is not Said.NOTHING,
        "can_confirm": not reason(check_confirm, **asked),
        "can_move": not reason(check_move, person=standing.person, **asked),
        "why_not": reason(check_cancel, person=standing.person, **asked),
    }
    return render(request, "coaching/session.html", context)


@require_POST
@open_to(Role.PARTICIPANT, Role.COACH)
def said(request: HttpRequest, standing: Standing, booking: int) -> HttpResponse:
    """One tap: it happened, was moved, or did not happen."""
    form = SaidForm(request.POST)
    answer = form.cleaned_data["said"] if form.is_valid() else Said.NOTHING
    actions.confirm_held(
        programme=standing.programme, person=standing.person, booking=booking, said=answer, now=timezone.now()
    )
    return redirect("coaching:session", programme=standing.programme_slug, booking=booking)


@open_to(Role.PARTICIPANT, Role.COACH)
def cancel(request: HttpRequest, standing: Standing, booking: int) -> HttpResponse:
    """Ask once, then cancel."""
    now, found = timezone.now(), mine(standing, booking)
    if request.method != "POST":
        check_cancel(session=found, person=standing.person, now=now)
        when = words.moment(found.span.start, zone=standing.zone)
        return render(request, "coaching/cancel.html", {"session": found, "when": when})
    actions.cancel(programme=standing.programme, person=standing.person, booking=booking, now=now)
    return redirect("coaching:session", programme=standing.programme_slug, booking=booking)


@open_to(Role.PARTICIPANT)
def move(request: HttpRequest, standing: Standing, booking: int) -> HttpResponse:
    """The free times of the same coach; choosing one moves the session."""
    now, found = timezone.now(), mine(standing, booking)
    if request.method != "POST":
        check_move(session=found, person=standing.person, now=now)
        return other_times(request, standing, found, now=now)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return other_times(request, standing, found, now=now, refusal=Refusal(form.first_error(), status=422))
    start = form.cleaned_data["start"]
    try:
        actions.move(programme=standing.programme, person=standing.person, booking=booking, start=start, now=now)
    except Refusal as refusal:
        return other_times(request, standing, found, now=now, refusal=refusal, chosen=start)
    return redirect("coaching:session", programme=standing.programme_slug, booking=booking)


def other_times(
    request: HttpRequest,
    standing: Standing,
    found: Session,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    chosen: datetime | None = None,
) -> HttpResponse:
    """Where the session could go; after a refusal with its sentence and its status."""
    ledger = queries.ledger_of(found.entitlement)
    room = room_to_move(ledger=ledger, session=found, now=now)
    starts = room and queries.open_slots(
        programme=standing.programme,
        coaches=[found.coach],
        minutes=room.minutes,
        within=room.within,
        person=standing.person,
        moving=found.booking,
        now=now,
    )
    context = {
        "session": found,
        "when": words.moment(found.span.start, zone=standing.zone),
        "refused": refusal and refusal.sentence,
        **times(
            request,
            Choice(
                starts=[start for start in (starts or {}).get(found.coach, []) if start != found.span.start],
                zone=standing.zone,
                chosen=chosen,
            ),
        ),
    }
    return render(request, "coaching/move.html", context, status=refusal.status if refusal else 200)

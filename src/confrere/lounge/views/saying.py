"""One act each, sent by a button: accept, endorse, vote, bookmark, follow, be called; and what stood there before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confrere.lounge import actions, queries, rules
from confrere.lounge.models.own import Stance
from confrere.lounge.views.gate import mask_here, members, post_here, question_here, verified
from confrere.people.queries import Standing


@require_POST
@members
def accept(request: HttpRequest, standing: Standing, question: int, answer: int) -> HttpResponse:
    asked, given = question_here(standing, question), post_here(standing, question, answer)
    mask = mask_here(request, asked)
    actions.accept(standing=standing, question=asked, answer=given, mask=mask, now=timezone.now())
    return _back(standing, question)


@require_POST
@members
def endorse(request: HttpRequest, standing: Standing, question: int, answer: int) -> HttpResponse:
    """`on` in the form endorses; without it the endorsement goes."""
    given = post_here(standing, question, answer)
    actions.endorse(standing=standing, post=given, on="on" in request.POST, now=timezone.now())
    return _back(standing, question)


@require_POST
@members
def vote(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    found = question_here(standing, question)
    poll = rules.check_poll_found(getattr(found, "poll", None))
    choice = request.POST.get("choice", "")
    number = int(choice) if choice.isascii() and choice.isdigit() and len(choice) < 3 else -1
    actions.vote(standing=standing, poll=poll, choice=number, now=timezone.now())
    return _back(standing, question)


@require_POST
@members
def keep(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """`bookmark` in the form is on or off; `stance` says what the member wants to hear of the question."""
    found, now = question_here(standing, question), timezone.now()
    if "bookmark" in request.POST:
        actions.bookmark(standing=standing, question=found, on=request.POST["bookmark"] == "on", now=now)
    if request.POST.get("stance") in Stance.values:
        actions.follow(standing=standing, question=found, stance=Stance(request.POST["stance"]), now=now)
    return _back(standing, question)


@require_POST
@members
def listen(request: HttpRequest, standing: Standing, specialty: str) -> HttpResponse:
    """What the member wants to hear of a specialty; `called` is on or off, for their own."""
    now = timezone.now()
    if request.POST.get("stance") in Stance.values:
        stance = Stance(request.POST["stance"])
        actions.follow_specialty(standing=standing, specialty=specialty, stance=stance, now=now)
    if "called" in request.POST:
        actions.be_called(standing=standing, called=request.POST["called"] == "on", now=now)
    return redirect("lounge:specialty", standing.programme_slug, specialty)


@members
def history(request: HttpRequest, standing: Standing, question: int, post: int) -> HttpResponse:
    """What stood in a post before it was changed."""
    verified(standing)
    found = post_here(standing, question, post)
    context = {"standing": standing, "post": found, "revisions": queries.revisions(post=found)}
    return render(request, "lounge/history.html", context)


def _back(standing: Standing, question: int) -> HttpResponse:
    return redirect("lounge:question", standing.programme_slug, question)

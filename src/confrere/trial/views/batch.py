"""The draw of everybody at once, in its steps: promise, close, open and draw."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.trial import actions, queries, rules
from confrere.vault.audit import Actor

#: Wider than the longest number that is promised or opened; a rule says what is wrong with it.
MOST = 200


@require_safe
@open_to(Role.DIRECTOR, Role.STATISTICIAN)
def batch(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where the draw stands, what it waits for, and whom."""
    trial = queries.required(standing.programme)
    rules.check_draws_at_once(queries.protocol(trial))
    context = {
        "standing": standing,
        "trial": trial,
        "batch": queries.batch_of(trial),
        "directs": Role.DIRECTOR in standing.roles,
        "counts": Role.STATISTICIAN in standing.roles,
    }
    return render(request, "trial/batch.html", context)


@require_POST
@open_to(Role.STATISTICIAN)
@freshly_proved
def promise(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Keep the hash of the statistician's number; the number itself stays with them."""
    commitment = request.POST.get("commitment", "")[:MOST].strip().lower()
    who = Actor.person(standing.person)
    actions.promise_second(programme=standing.programme, commitment=commitment, actor=who, now=timezone.now())
    return redirect("trial:batch", programme=standing.programme_slug)


@require_POST
@open_to(Role.DIRECTOR)
@freshly_proved
def close(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Close enrolment and fix the roster."""
    actions.close_enrolment(programme=standing.programme, actor=Actor.person(standing.person), now=timezone.now())
    return redirect("trial:batch", programme=standing.programme_slug)


@require_POST
@open_to(Role.STATISTICIAN)
@freshly_proved
def draw(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Open the number and draw."""
    second = request.POST.get("second", "")[:MOST].strip().lower()
    who = Actor.person(standing.person)
    actions.draw_everybody(programme=standing.programme, second=second, actor=who, now=timezone.now())
    actions.follow_up.defer(id=standing.programme)
    return redirect("trial:batch", programme=standing.programme_slug)

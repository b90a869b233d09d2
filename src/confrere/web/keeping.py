"""What ends when in a programme, and what is kept longer: for the director and the operators."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from confrere.people import queries as people
from confrere.people.actions import end_programme
from confrere.people.queries import GRACE, Standing
from confrere.people.roles import Role
from confrere.people.rules import check_has_role, freshly_proved, open_to
from confrere.vault import queries as vault
from confrere.vault import rules
from confrere.vault.actions import ask_hold, ask_lift, confirm_hold, lift_hold
from confrere.vault.audit import Actor
from confrere.vault.classification import classes
from confrere.vault.refusals import Refusal
from confrere.web.forms import EndForm, HoldForm

#: What a button on a hold asks for.
STEPS = {"confirm": confirm_hold, "ask-lift": ask_lift, "lift": lift_hold}


@dataclass(frozen=True, slots=True)
class Shown:
    """A hold as the page shows it; act: the one step that this person can take now, "" for none."""

    number: int
    words: str
    reason: str
    asked_at: datetime
    confirmed_at: datetime | None
    lifted_at: datetime | None
    act: str


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.DIRECTOR, Role.OPERATOR)
@freshly_proved
def keeping(request: HttpRequest, standing: Standing) -> HttpResponse:
    """When the programme ends and what is erased then; legal holds."""
    if request.method == "POST":
        act(request, standing, now=timezone.now())
        return redirect("keeping", programme=standing.programme_slug)
    last = people.last_day(standing.programme)
    context = {
        "ends_on": last,
        "erased_on": last and erased_on(last),
        "ends": [each for each in classes().values() if each.end != "none"],
        "holds": [_shown(hold, standing.person) for hold in vault.holds(programmes=[standing.programme])],
        "end_form": EndForm(initial={"ends_on": last}) if Role.DIRECTOR in standing.roles else None,
        "hold_form": HoldForm(),
    }
    return render(request, "web/keeping.html", context)


def act(request: HttpRequest, standing: Standing, *, now: datetime) -> None:
    """What a form of the page asks for; refuses a form that asks for nothing known."""
    wanted, number = request.POST.get("act", ""), request.POST.get("hold", "")
    programme, person = standing.programme, standing.person
    if wanted == "end":
        check_has_role(standing=standing, roles=frozenset({Role.DIRECTOR}))
        ends_on = _filled(EndForm(request.POST))["ends_on"]
        end_programme(programme=programme, ends_on=ends_on, now=now, actor=Actor.person(person))
    elif wanted == "hold":
        asked = _filled(HoldForm(request.POST))
        ask_hold(programme=programme, site=standing.site, person=person, now=now, **asked)
    elif wanted in STEPS and number.isascii() and number.isdecimal():
        STEPS[wanted](programme=programme, hold=int(number[:18]), person=person, now=now)
    else:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def erased_on(last: date) -> date:
    """The day on which the first round erases what ends with a programme."""
    return last + GRACE + timedelta(days=1)


def _filled(form: EndForm | HoldForm) -> dict[str, Any]:
    if not form.is_valid():
        raise Refusal(next(str(error) for errors in form.errors.values() for error in errors), status=422)
    return form.cleaned_data


def _shown(hold: vault.Hold, person: int) -> Shown:
    can = {
        "confirm": hold.confirmed_at is None and rules.can_confirm(hold=hold, person=person),
        "ask-lift": hold.lift_asked_at is None and rules.can_ask_lift(hold=hold),
        "lift": rules.can_lift(hold=hold, person=person),
    }
    return Shown(
        number=hold.pk,
        words=", ".join(classes()[name].title for name in hold.classes),
        reason=hold.reason,
        asked_at=hold.asked_at,
        confirmed_at=hold.confirmed_at,
        lifted_at=hold.lifted_at,
        act=next((step for step, yes in can.items() if yes), ""),
    )

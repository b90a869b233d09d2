"""A coach's statement and log; what the programme pays, and what it got for it."""

import csv
from datetime import datetime
from decimal import Decimal
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.forms import RateForm
from confrere.coaching.models import LineKind
from confrere.coaching.queries import Capacity, Line, Month
from confrere.coaching.queries.pay import PILOT_COST
from confrere.coaching.rules import nothing_here
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import can_do_for_every_site, check_every_site, check_own_staff, freshly_proved, open_to
from confrere.vault.refusals import Refusal


@require_safe
@open_to(Role.COACH)
def pay(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the coach is paid, month by month, the newest first."""
    months = queries.statement(programme=standing.programme, coach=standing.person)
    context = {"standing": standing, "head": heads(), "months": [shown(month) for month in months]}
    return render(request, "coaching/pay.html", context)


def heads() -> list[object]:
    """The columns of a statement."""
    return [_("Day"), _("What"), (_("Minutes"), "number"), (_("Rate an hour"), "number"), (_("Amount"), "number")]


def shown(month: Month) -> tuple[str, list[list[object]], str]:
    """A month's name, its rows, and its sum in words."""
    sentence = _("%(hours)s hours, %(amount)s in all.")
    told = {"hours": hours(month.minutes), "amount": amount(month.amount, month.lines[0].currency)}
    return date_format(month.first, "F Y"), [row(line) for line in month.lines], sentence % told


def row(line: Line) -> list[object]:
    """A line of a statement, as the columns of `heads` want it."""
    return [day(line), line.kind.label, line.minutes or "–", rate(line), money(line)]


def day(line: Line) -> str:
    return date_format(line.day, "j F Y", use_l10n=False)


def rate(line: Line) -> str:
    return "–" if line.kind is LineKind.STIPEND else amount(line.hourly, line.currency)


def money(line: Line) -> str:
    return amount(line.amount, line.currency)


def amount(value: Decimal, currency: str) -> str:
    """For example "USD 1,250.00"; with a true minus sign below zero."""
    return f"{currency} {value:,.2f}".replace("-", "−")


def hours(minutes: int) -> str:
    """For example "1.5", as logs count them."""
    return f"{Decimal(minutes) / 60:.2f}".rstrip("0").rstrip(".")


@require_safe
@open_to(Role.COACH)
def pay_csv(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The same lines as a file. No cell can be a formula: the cost centre begins with a letter or a figure."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pay.csv"'
    sheet = csv.writer(answer)
    sheet.writerow(["day", "what", "minutes", "hourly", "amount", "currency", "cost_centre"])
    for line in queries.lines(programme=standing.programme, coach=standing.person):
        sheet.writerow(
            [line.day, line.kind.value, line.minutes, line.hourly, line.amount, line.currency, line.cost_centre]
        )
    return answer


#: What counts as an hour for a certifying body, and as which kind.
LOGGED = {
    LineKind.SESSION: _l("individual"),
    LineKind.GROUP: _l("group"),
    LineKind.SUPERVISION: _l("supervision"),
}


@require_safe
@open_to(Role.COACH)
def log(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The coached hours as a certifying body asks for them, without a client's name; made to be printed."""
    found = [
        line
        for line in queries.lines(programme=standing.programme, coach=standing.person)
        if line.kind in LOGGED and not line.taken_back
    ]
    coached = [line for line in found if line.kind is not LineKind.SUPERVISION]
    context = {
        "standing": standing,
        "coach": people.names([standing.person])[standing.person],
        "head": [_("Day"), (_("Minutes"), "number"), _("Kind"), _("Paid")],
        "rows": [[day(line), line.minutes, LOGGED[line.kind], _("yes") if line.amount else _("no")] for line in found],
        "hours": hours(sum(line.minutes for line in coached)),
        "with_groups": hours(sum(line.minutes for line in coached if line.kind is LineKind.GROUP)),
        "supervised": hours(sum(line.minutes for line in found if line.kind is LineKind.SUPERVISION)),
    }
    return render(request, "coaching/log.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def payments(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The rates, what each coach was paid, and a form for new rates."""
    now = timezone.now()
    form = RateForm(request.POST or None, initial={"since": words.local(now, zone=standing.zone).date()})
    if request.method == "POST" and form.is_valid():
        check_every_site(standing)
        actions.set_rate(
            programme=standing.programme, site=standing.site, person=standing.person, now=now, **form.cleaned_data
        )
        return redirect("coaching:payments", programme=standing.programme_slug)
    context = {
        "standing": standing,
        "form": form,
        "may_set": can_do_for_every_site(standing),
        **paid(standing, now=now),
    }
    return render(request, "coaching/payments.html", context, status=422 if form.errors else 200)


def paid(standing: Standing, *, now: datetime) -> dict[str, object]:
    """Lines by coach, coaches whose training is unpaid, the rate of today."""
    lines = lines_here(standing)
    coaches = people.members_of(standing.programme, Role.COACH, now, standing.sites)
    named = people.names([*coaches, *(line.coach for line in lines)])
    trained = {line.coach for line in lines if line.kind is LineKind.STIPEND}
    today = words.local(now, zone=standing.zone).date()
    return {
        "rate": queries.rate_on(programme=standing.programme, day=today),
        "untrained": sorted((named[each], each) for each in set(coaches) - trained),
        "lines": [(line, named[line.coach], day(line), money(line), can_go(line)) for line in lines[::-1]],
        "waiting": queries.delivery(programme=standing.programme).unpaid,
    }


def lines_here(standing: Standing) -> list[Line]:
    """What coaches of one's sites were paid."""
    here = people.own_staff(standing, Role.COACH)
    return [line for line in queries.lines(programme=standing.programme) if here is None or line.coach in here]


def can_go(line: Line) -> bool:
    """Whether a button to take it back stands beside a line."""
    return not line.taken_back and line.kind is not LineKind.REVERSAL


@require_http_methods(["POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def training(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """Pay a coach's training, once."""
    now = timezone.now()
    check_own_staff(standing, Role.COACH, coach)
    actions.pay_stipend(
        programme=standing.programme,
        site=standing.site,
        person=standing.person,
        coach=coach,
        day=words.local(now, zone=standing.zone).date(),
        now=now,
    )
    return redirect("coaching:payments", programme=standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def take_back(request: HttpRequest, standing: Standing, line: int) -> HttpResponse:
    """Ask once, then take a line back."""
    found = next((each for each in lines_here(standing) if each.line == line), None)
    if found is None:
        raise nothing_here()
    if request.method != "POST":
        told = {"name": people.names([found.coach])[found.coach], "day": day(found), "amount": money(found)}
        context = {"standing": standing, "text": _("%(name)s, %(day)s: %(amount)s.") % told, "can": can_go(found)}
        return render(request, "coaching/take_back.html", context)
    actions.take_back(
        programme=standing.programme, site=standing.site, person=standing.person, line=line, now=timezone.now()
    )
    return redirect("coaching:payments", programme=standing.programme_slug)


@require_safe
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def delivery(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Delivered against granted, and what it cost: counts only, and none while it would count an arm."""
    if queries.draws_to_come(programme=standing.programme):
        raise Refusal(
            _(
                "While people can still be drawn, these counts would tell how many are in an arm. "
                "They stand here when nobody can be drawn any more."
            ),
            status=403,
        )
    found = queries.delivery(programme=standing.programme)
    cost = queries.cost(programme=standing.programme, participants=found.begun)
    rate = queries.rate_on(programme=standing.programme, day=words.local(timezone.now(), zone=standing.zone).date())
    rows = [
        [_("People to whom sessions were granted"), found.people],
        [_("of them with at least one session held"), found.begun],
        [_("Sessions granted"), found.granted],
        [_("Sessions held"), found.held],
    ]
    if found.first_after is not None:
        told = ngettext("%(days)s day", "%(days)s days", ceil(found.first_after)) % {"days": ceil(found.first_after)}
        rows.append([_("From the grant to the first session, half of them within"), told])
    context = {"standing": standing, "head": [_("What"), (_("How many"), "number")], "rows": rows}
    context |= ahead(queries.capacity(programme=standing.programme, now=timezone.now()), zone=standing.zone)
    if cost is not None and rate is not None:
        context |= {"costs": costs(cost.onboarding, cost.ongoing, rate.currency), "cost_head": cost_head()}
    return render(request, "coaching/delivery.html", context)


def ahead(windows: tuple[Capacity, Capacity], *, zone: str) -> dict[str, object]:
    """The coaches' hours of both windows, in hours, and in a sentence whether they suffice."""
    ends = [date_format(words.local(one.span.end, zone=zone), "j F Y", use_l10n=False) for one in windows]
    rows = [
        [_("Until %(day)s") % {"day": day}, *(hours(each) for each in (one.offered, one.kept, one.free, one.owed))]
        for day, one in zip(ends, windows, strict=True)
    ]
    short = [
        _("Until %(day)s coaches offer %(hours)s hours too few.") % {"day": day, "hours": hours(one.short)}
        for day, one in zip(ends, windows, strict=True)
        if one.short
    ]
    told = " ".join(short) or _("The hours offered suffice for everyone who may book now.")
    columns = (_("Hours offered"), _("of them kept"), _("still free"), _("Hours that people may still book"))
    return {"ahead_head": [_("Window"), *((name, "number") for name in columns)], "ahead": rows, "ahead_told": told}


def cost_head() -> list[object]:
    return [_("Cost of one participant"), (_("Amount"), "number"), (_("Against 1,400 in the pilot"), "number")]


def costs(onboarding: Decimal, ongoing: Decimal, currency: str) -> list[list[object]]:
    """Both ways of counting, each against what the pilot's outside coaches cost."""
    named = [(_("with the coaches' training"), onboarding), (_("without it"), ongoing)]
    return [[name, amount(value, currency), f"{value - PILOT_COST:+,.2f}".replace("-", "−")] for name, value in named]

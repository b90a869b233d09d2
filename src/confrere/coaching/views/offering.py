"""A coach's pages: calendar, hours, the page that participants read."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.forms import HoursForm, PageForm
from confrere.coaching.queries import Offered, Page
from confrere.coaching.rules import nothing_here
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to


@require_safe
@open_to(Role.COACH)
def calendar(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Who comes when, and the way to more hours."""
    sessions = queries.sessions(programme=standing.programme, person=standing.person)
    context = {
        "sessions": [
            (each, words.moment(each.span.start, zone=standing.zone), words.hour(each.span.end, zone=standing.zone))
            for each in sessions
            if each.coach_person == standing.person
        ],
        "page": queries.coach_of(programme=standing.programme, person=standing.person),
        "talks": [
            (each, words.moment(each.span.start, zone=standing.zone))
            for each in queries.conversations(programme=standing.programme, person=standing.person, now=timezone.now())
            if each.coach_person == standing.person
        ],
        "file": queries.file_of(programme=standing.programme, person=standing.person),
    }
    return render(request, "coaching/calendar.html", context)


@open_to(Role.COACH)
def hours(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The hours offered, and a form for more."""
    now = timezone.now()
    form = HoursForm(request.POST or None, now=now, initial={"zone": standing.zone})
    if not form.is_valid():
        return hours_page(request, standing, form, now=now)
    actions.offer_hours(programme=standing.programme, person=standing.person, now=now, **form.cleaned_data)
    return redirect("coaching:hours", programme=standing.programme_slug)


def hours_page(request: HttpRequest, standing: Standing, form: HoursForm, *, now: datetime) -> HttpResponse:
    """The list with the form; 422 when something typed needs attention, kept as typed."""
    offered = queries.hours_of(programme=standing.programme, person=standing.person, now=now)
    context = {
        "form": form,
        "asks_fold": form.asks_fold(),
        "head": [_("Day"), _("Time"), _("How often"), _("Change")],
        "rows": [offered_row(each, standing) for each in offered],
    }
    return render(request, "coaching/hours.html", context, status=422 if form.is_bound else 200)


def offered_row(each: Offered, standing: Standing) -> list[object]:
    """One stretch, by the coach's own clock."""
    withdraw = queries.address("withdraw", standing, hours=each.hours)
    start, end = (words.hour(at, zone=standing.zone) for at in (each.span.start, each.span.end))
    return [
        words.weekday(each.span.start, zone=standing.zone),
        f"{start} – {end}",
        _("every week") if each.weekly else _("once"),
        (_("Withdraw"), withdraw),
    ]


@open_to(Role.COACH)
def withdraw(request: HttpRequest, standing: Standing, hours: int) -> HttpResponse:
    """Ask once, then offer these hours no longer."""
    now = timezone.now()
    found = [
        each
        for each in queries.hours_of(programme=standing.programme, person=standing.person, now=now)
        if each.hours == hours
    ]
    if not found:
        raise nothing_here()
    if request.method != "POST":
        when = words.moment(found[0].span.start, zone=standing.zone)
        return render(request, "coaching/withdraw.html", {"hours": found[0], "when": when})
    series = request.POST.get("which") == "series"
    actions.withdraw_hours(programme=standing.programme, person=standing.person, hours=hours, series=series, now=now)
    return redirect("coaching:hours", programme=standing.programme_slug)


@open_to(Role.COACH)
def page(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What participants read before they choose."""
    mine = queries.coach_of(programme=standing.programme, person=standing.person)
    form = PageForm(request.POST or None, initial=typed(mine))
    if not form.is_valid():
        context = {"form": form, "there": mine is not None}
        return render(request, "coaching/page.html", context, status=422 if form.is_bound else 200)
    actions.write_page(
        programme=standing.programme,
        site=standing.site,
        person=standing.person,
        now=timezone.now(),
        **form.cleaned_data,
    )
    return redirect("coaching:calendar", programme=standing.programme_slug)


def typed(mine: Page | None) -> dict[str, object]:
    """What stands on the page now, for the form."""
    return {name: getattr(mine, name) for name in PageForm.base_fields} if mine else {}

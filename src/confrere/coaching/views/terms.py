"""A coach's own rules: what bookings must keep to, days away, another calendar, the picture; and holidays for all."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.coaching import actions, queries, words
from confrere.coaching.hours_forms import AwayForm, CalendarForm, RulesForm
from confrere.coaching.rules import nothing_here
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.post import pictures
from confrere.post import queries as post
from confrere.vault.refusals import Refusal

#: Octets of an uploaded picture that are looked at; a larger one is refused.
MOST_OCTETS = pictures.MOST_BYTES + 1


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def rules(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Buffer, notice and the most sessions on a day."""
    mine = queries.coach_of(programme=standing.programme, person=standing.person)
    stand = {name: getattr(mine, name) for name in RulesForm.base_fields} if mine else {}
    form = RulesForm(request.POST or None, initial=stand)
    if request.method == "POST" and form.is_valid():
        actions.set_rules(programme=standing.programme, person=standing.person, now=timezone.now(), **form.cleaned_data)
        return redirect("coaching:hours", programme=standing.programme_slug)
    return render(request, "coaching/rules.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def away(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Days on which nobody books with this coach."""
    now, form = timezone.now(), AwayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.go_away(
                programme=standing.programme, person=standing.person, zone=standing.zone, now=now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:away", programme=standing.programme_slug)
    return away_page(request, standing, form, person=standing.person, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR)
def holidays(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Days on which nobody books with anybody."""
    now, form = timezone.now(), AwayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_for_all(
                programme=standing.programme,
                site=standing.site,
                person=standing.person,
                zone=standing.zone,
                now=now,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:holidays", programme=standing.programme_slug)
    return away_page(request, standing, form, person=None, now=now)


def away_page(
    request: HttpRequest, standing: Standing, form: AwayForm, *, person: int | None, now: datetime
) -> HttpResponse:
    """The days with the form for more. person None: the programme's holidays."""
    context = {
        "form": form,
        "for_all": person is None,
        "rows": queries.away(programme=standing.programme, person=person, now=now),
        "holidays": queries.away(programme=standing.programme, person=None, now=now) if person else [],
    }
    return render(request, "coaching/away.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(Role.COACH, Role.COORDINATOR)
def come_back(request: HttpRequest, standing: Standing, away: int) -> HttpResponse:
    """These days can be booked again: one's own, or for everybody."""
    asked: dict[str, Any] = {
        "programme": standing.programme,
        "person": standing.person,
        "away": away,
        "now": timezone.now(),
    }
    if request.POST.get("which") == "all":
        if Role.COORDINATOR not in standing.roles:
            raise nothing_here()
        actions.open_for_all(**asked)
        return redirect("coaching:holidays", programme=standing.programme_slug)
    actions.come_back(**asked)
    return redirect("coaching:away", programme=standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def busy(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Another calendar of the coach's, and what became of reading it. Its address is never shown again."""
    form = CalendarForm(request.POST if request.POST.get("which") == "address" else None)
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person, "now": timezone.now()}
    if request.POST.get("which") == "end":
        actions.unsubscribe(**asked)
        return redirect("coaching:busy", programme=standing.programme_slug)
    if request.method == "POST" and form.is_valid():
        actions.subscribe(**asked, **form.cleaned_data)
        return redirect("coaching:busy", programme=standing.programme_slug)
    found = queries.busy_calendar(programme=standing.programme, person=standing.person)
    context = {
        "form": form,
        "calendar": found,
        "read": found and found.read_at and words.moment(found.read_at, zone=standing.zone),
        "trouble": found and found.trouble and found.get_trouble_display(),
    }
    return render(request, "coaching/busy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def face(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The picture on the coach's page: put up, replace, take down."""
    mine = queries.coach_of(programme=standing.programme, person=standing.person)
    asked: dict[str, Any] = {"programme": standing.programme, "person": standing.person, "now": timezone.now()}
    refused = ""
    if request.POST.get("which") == "down":
        actions.take_down_picture(**asked)
        return redirect("coaching:page", programme=standing.programme_slug)
    if request.method == "POST":
        sent = request.FILES.get("picture")
        try:
            actions.put_up_picture(upload=sent.read(MOST_OCTETS) if sent else b"", **asked)
        except Refusal as refusal:
            refused = refusal.sentence
        else:
            return redirect("coaching:page", programme=standing.programme_slug)
    context = {"page": mine, "refused": refused}
    return render(request, "coaching/face.html", context, status=422 if refused else 200)


@require_safe
@open_to(Role.PARTICIPANT, Role.COACH, Role.COORDINATOR, Role.DIRECTOR)
def picture(request: HttpRequest, standing: Standing, coach: int) -> HttpResponse:
    """A coach's picture, for whoever may read the page: 404 alike for none and for one that is not offered."""
    found = queries.picture_of(programme=standing.programme, coach=coach, person=standing.person, now=timezone.now())
    octets = None if found is None else post.picture(found)
    if octets is None:
        raise nothing_here()
    return HttpResponse(octets, content_type="image/jpeg")

"""Telling people of the study, as its team does it: list, words, announcements, lottery, who is represented."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people import team
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import check_every_site, freshly_proved, open_to
from confrere.trial import actions, announcing, queries, rules
from confrere.trial.forms import (
    AddressListForm,
    CountsForm,
    InvitationForm,
    LeaveOutForm,
    LotteryForm,
    MailingForm,
    SaidForm,
)
from confrere.trial.models import MOST_ANNOUNCEMENTS
from confrere.vault.audit import Actor

TEAM = (Role.DIRECTOR, Role.COORDINATOR)
READ = ["GET", "HEAD", "POST"]


def _back(standing: Standing) -> HttpResponse:
    return redirect("trial:recruiting", programme=standing.programme_slug)


def _own(standing: Standing) -> dict[int, str]:
    """The sites that one looks after, with their names."""
    return {
        site: name
        for site, name in team.sites(standing.programme).items()
        if standing.sites is None or site in standing.sites
    }


@require_safe
@open_to(*TEAM)
def recruiting(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Everything about recruitment on one page: the funnel, the list, the announcements, the lottery."""
    trial = queries.required(standing.programme)
    numbers = range(1, MOST_ANNOUNCEMENTS + 1)
    context = {
        "standing": standing,
        "trial": trial,
        "funnel": queries.funnel(trial, standing.sites),
        "on_list": queries.on_list(trial, standing.sites),
        "would_go": len(queries.addressees(trial, standing.sites)),
        "mailings": [
            (number, queries.mailing(trial, number), queries.progress(trial, number, standing.sites))
            for number in numbers
        ],
        "link": request.build_absolute_uri(rules.study_path(trial)),
        "lottery": queries.lottery(trial),
        "pending": queries.lottery_pending(trial),
        "directs": Role.DIRECTOR in standing.roles,
        "leave_out": LeaveOutForm(),
    }
    return render(request, "trial/recruiting/recruiting.html", context)


@require_http_methods(READ)
@open_to(*TEAM)
@freshly_proved
def addresses(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Import a list; afterwards the page says what became of each line."""
    queries.required(standing.programme)
    here = _own(standing)
    form = AddressListForm(request.POST or None, request.FILES or None, sites=here)
    imported = None
    if request.method == "POST" and form.is_valid():
        actor = Actor.person(standing.person)
        text = form.cleaned_data["text"]
        site = form.cleaned_data.get("site") or next(iter(here))
        imported = actions.import_list(
            programme=standing.programme, site=site, text=text, actor=actor, now=timezone.now()
        )
        form = AddressListForm(sites=here)
    context = {"standing": standing, "form": form, "imported": imported}
    return render(request, "trial/recruiting/addresses.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*TEAM)
def leave_out(request: HttpRequest, standing: Standing) -> HttpResponse:
    """For somebody who said it by telephone."""
    form = LeaveOutForm(request.POST)
    rules.check_form(form)
    digest = announcing.digest(site=queries.required(standing.programme).site_id, email=form.cleaned_data["email"])
    actor = Actor.person(standing.person)
    actions.opt_out(programme=standing.programme, digest=digest, actor=actor, now=timezone.now())
    return _back(standing)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def invitation(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the public page says in the director's own words."""
    trial = queries.required(standing.programme)
    found = queries.invitation(trial)
    initial = {"who_may": found.who_may, "contact": found.contact} if found else {}
    form = InvitationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actor = Actor.person(standing.person)
        actions.write_invitation(programme=standing.programme, actor=actor, now=timezone.now(), **form.cleaned_data)
        return _back(standing)
    context = {"standing": standing, "trial": trial, "form": form}
    return render(request, "trial/recruiting/invitation.html", context, status=422 if form.errors else 200)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def announcement(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Write an announcement; beneath it stands the whole letter as it will arrive."""
    trial = queries.required(standing.programme)
    mailing = queries.mailing(trial, number)
    rules.check_announcement(number=number, mailing=mailing, before=queries.mailing(trial, number - 1))
    initial = {"subject": mailing.subject, "text": mailing.text} if mailing else {}
    form = MailingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.write_announcement(
            programme=standing.programme,
            number=number,
            actor=Actor.person(standing.person),
            now=timezone.now(),
            **form.cleaned_data,
        )
        return redirect("trial:announcement", programme=standing.programme_slug, number=number)
    study = request.build_absolute_uri(rules.study_path(trial))
    whole = announcing.letter(text=mailing.text, study=study, stop=f"{study}stop/…/") if mailing else ""
    context = {"standing": standing, "number": number, "mailing": mailing, "form": form, "whole": whole}
    return render(request, "trial/recruiting/announcement.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(Role.DIRECTOR)
def try_out(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Send the announcement to oneself."""
    actions.try_announcement(programme=standing.programme, number=number, person=standing.person, now=timezone.now())
    return redirect("trial:announcement", programme=standing.programme_slug, number=number)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def send_out(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Asks once, with the count, then sends."""
    trial = queries.required(standing.programme)
    rules.check_recruiting(trial)
    if request.method != "POST":
        mailing = queries.mailing(trial, number)
        rules.check_announcement(number=number, mailing=mailing, before=queries.mailing(trial, number - 1))
        context = {"standing": standing, "number": number, "count": len(queries.addressees(trial))}
        return render(request, "trial/recruiting/send.html", context)
    actions.send_announcement(
        programme=standing.programme,
        number=number,
        count=rules.number_in(request.POST.get("count", "")),
        actor=Actor.person(standing.person),
        now=timezone.now(),
    )
    return _back(standing)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
@freshly_proved
def lottery(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Announce the lottery with its last day; after that day, draw it."""
    trial = queries.required(standing.programme)
    found = queries.lottery(trial)
    form = (SaidForm if found else LotteryForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = Actor.person(standing.person)
        act = partial(actions.draw_lottery if found else actions.announce_lottery, **form.cleaned_data)
        act(programme=standing.programme, actor=actor, now=timezone.now())
        return _back(standing)
    context = {"standing": standing, "trial": trial, "lottery": found, "form": form}
    return render(request, "trial/recruiting/lottery.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(*TEAM)
def representation(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Those who take part beside those who could: one comparison of all sites together."""
    check_every_site(standing)
    trial = queries.required(standing.programme)
    context = {
        "standing": standing,
        "compared": queries.compared(trial),
        "factors": queries.factors(trial),
        "directs": Role.DIRECTOR in standing.roles,
    }
    return render(request, "trial/recruiting/representation.html", context)


@require_http_methods(READ)
@open_to(Role.DIRECTOR)
def institution(request: HttpRequest, standing: Standing, question: str) -> HttpResponse:
    """Enter the institution's counts for one question."""
    asked = rules.check_factor(queries.factors(queries.required(standing.programme)), question)
    form = CountsForm(request.POST or None, levels=[(option.value, option.label) for option in asked.options])
    if request.method == "POST" and form.is_valid():
        actions.count_institution(
            programme=standing.programme,
            question=question,
            counts=form.cleaned_data,
            actor=Actor.person(standing.person),
            now=timezone.now(),
        )
        return redirect("trial:representation", programme=standing.programme_slug)
    context = {"standing": standing, "asked": asked, "form": form}
    return render(request, "trial/recruiting/institution.html", context, status=422 if form.errors else 200)

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from confrere.people.queries import Standing, programmes_of
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to, open_to_signed_in, open_to_strangers, person_of
from confrere.post import queries as post
from confrere.vault.limits import LIMITS, UNCLAIMED
from confrere.vault.refusals import Refusal
from confrere.vault.sheet import BEYOND
from confrere.web import existing
from confrere.web.forms import DEVICE, AppearanceForm
from confrere.web.frame import THEME_COOKIE, simulated, theme
from confrere.web.parts import examples
from confrere.web.rules import check_parts_are_open
from confrere.web.today import cards, greeting

A_YEAR = 365 * 24 * 3600


@open_to_strangers
def home(request: HttpRequest) -> HttpResponse:
    """Strangers read what this is; a person with one programme is led into it, with several chooses."""
    if not request.user.is_authenticated:
        return render(request, "web/home.html")
    programmes = programmes_of(person=request.user.pk, now=timezone.now())
    if len(programmes) == 1:
        return redirect("today", programme=programmes[0].slug)
    return render(request, "web/choose.html", {"programmes": programmes})


@open_to(*Role)
def today(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What is mine to do now, in this programme."""
    now = timezone.now()
    context = {
        "greeting": greeting(name=standing.name, zone=standing.zone, now=now),
        "cards": cards(standing=standing, now=now),
    }
    return render(request, "web/today.html", context)


@open_to_strangers
def help_now(request: HttpRequest) -> HttpResponse:
    """Where to get help at once. Reads nothing, sets nothing, keeps nothing."""
    return render(request, "web/help_now.html", {"numbers": settings.HELP_NUMBERS, "simulated": settings.DEMO})


@open_to_signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Everything about oneself: the account, what exists, how to leave."""
    return render(request, "web/me.html")


@open_to_signed_in
def what_exists(request: HttpRequest) -> HttpResponse:
    """What exists about me: how much of what, who can see it, how long it lives."""
    person = person_of(request)
    found, absent = existing.parts(person=person)
    longer = existing.kept_longer(person=person, now=timezone.now())
    context = {"parts": found, "absent": absent, "longer": longer}
    context |= {"beyond": BEYOND, "limits": LIMITS, "unclaimed": UNCLAIMED}
    return render(request, "web/what_exists.html", context)


@open_to_signed_in
@freshly_proved
def what_exists_in(request: HttpRequest, table: str) -> HttpResponse:
    """The rows themselves, only to someone who has just shown who they are."""
    found = existing.rows(person=person_of(request), table=table)
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return render(request, "web/what_exists_in.html", {"found": found})


@open_to_strangers
def appearance(request: HttpRequest) -> HttpResponse:
    """Light or dark and the language, in two cookies."""
    if request.method != "POST":
        initial = {"theme": theme(request) or DEVICE, "language": get_language()}
        return render(request, "web/appearance.html", {"form": AppearanceForm(initial=initial)})
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return render(request, "web/appearance.html", {"form": form}, status=422)
    response = redirect("appearance")
    chosen = {THEME_COOKIE: form.cleaned_data["theme"], settings.LANGUAGE_COOKIE_NAME: form.cleaned_data["language"]}
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=A_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


@open_to_strangers
def parts(request: HttpRequest) -> HttpResponse:
    """Each part in all its states; with real people only an operator's business (`programme_parts`)."""
    check_parts_are_open(simulated=simulated())
    return render(request, "web/parts.html", examples())


@open_to(Role.OPERATOR)
def programme_parts(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The page of parts, for operators of a programme with real people."""
    return render(request, "web/parts.html", examples())


@open_to(Role.OPERATOR)
def letters(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Whether letters leave: counts only, nobody's address and nobody's words."""
    now = timezone.now()
    context = {"counter": post.counter(now), "down": post.worker_is_down(now), "late": post.LATE}
    return render(request, "web/letters.html", context)

"""The waves as the programme's team sees them: their letters, and how far each is, as counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.people import actions as people
from confrere.people.queries import Standing, members_of, refusing
from confrere.people.roles import Role
from confrere.people.rules import check_every_site, freshly_proved, open_to
from confrere.surveys import actions
from confrere.surveys import waves as read
from confrere.surveys.forms import RemindersForm, TextForm
from confrere.surveys.letters import Text
from confrere.surveys.models import LetterKind
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

TEAM = (Role.DIRECTOR, Role.COORDINATOR)
KINDS = tuple(LetterKind)
#: What was done, by the word in the address to which one is led afterwards.
DONE = {
    "days": gettext_lazy("The days of the reminders are changed."),
    "rest": gettext_lazy("The letters rest. Those that wait do not leave; surveys stay open."),
    "on": gettext_lazy("The letters go on."),
    "text": gettext_lazy("The new words stand. Letters that have not left yet leave with them."),
    "sample": gettext_lazy("A letter with these words is on its way to you. They do not stand yet."),
    "again": gettext_lazy("Letters to this address are tried again."),
}


@require_safe
@open_to(*TEAM)
def waves(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every wave: its window, how many are invited, have begun and are complete, and when the next letter is due."""
    now = timezone.now()
    found = read.all_waves(programme=standing.programme, now=now, sites=standing.sites)
    refused = refusing(members_of(standing.programme, Role.PARTICIPANT, now, standing.sites))
    context = {"standing": standing, "waves": found, "refused": len(refused)}
    context |= {"rows": _rows(found, standing), "head": _head()}
    return render(request, "surveys/waves.html", context)


def _head() -> list[str | tuple[str, str]]:
    counted = (_("Surveys"), _("Invited"), _("Begun"), _("Complete"), _("Refused mail"), _("Letters stopped"))
    return [_("Wave"), _("Window"), *((name, "number") for name in counted), _("Next letter")]


def _rows(found: list[read.Wave], standing: Standing) -> list[list[object]]:
    """The table of the waves, a row each."""
    return [
        [
            (one.title, reverse("surveys:wave", args=[standing.programme_slug, one.wave])),
            _("from %(first)s to %(last)s") % {"first": _day(one.opens, standing), "last": _day(one.closes, standing)}
            if one.opens
            else _("not open for anybody yet"),
            one.surveys,
            one.invited,
            one.begun,
            one.complete,
            one.refusing,
            one.quiet,
            _next(one, standing),
        ]
        for one in found
    ]


def _next(one: read.Wave, standing: Standing) -> str:
    if one.resting:
        return _("resting")
    return _day(one.next_letter, standing) if one.next_letter else _("none")


def _day(moment: datetime | None, standing: Standing) -> str:
    return date_format(moment.astimezone(ZoneInfo(standing.zone)), "j F Y") if moment else ""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*TEAM)
def wave(request: HttpRequest, standing: Standing, wave: str) -> HttpResponse:
    """One wave: the days of its reminders, its letters, and whether they rest. A POST changes the days."""
    found = _wave(standing, wave)
    form = RemindersForm(request.POST or None, initial={"days": ", ".join(map(str, found.reminders))})
    if request.method == "POST" and form.is_valid():
        _act(actions.set_reminders, standing, wave, reminders=form.cleaned_data["days"])
        return _on(standing, "wave", wave, done="days")
    texts = [(kind, read.text(programme=standing.programme, wave=wave, reminder=kind == "reminder")) for kind in KINDS]
    context = {"standing": standing, "wave": found, "form": form, "texts": texts, "done": _done(request)}
    return render(request, "surveys/wave.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*TEAM)
def rest(request: HttpRequest, standing: Standing, wave: str) -> HttpResponse:
    """Let the letters about a wave rest, or go on."""
    _wave(standing, wave)
    resting = request.POST.get("resting") == "yes"
    _act(actions.rest_letters, standing, wave, resting=resting)
    return _on(standing, "wave", wave, done="rest" if resting else "on")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*TEAM)
def text(request: HttpRequest, standing: Standing, wave: str, kind: str) -> HttpResponse:
    """What a letter says, as it will look. A POST shows the words, sends them to oneself, or lets them stand."""
    found, which = _wave(standing, wave), _kind(kind)
    present = read.text(programme=standing.programme, wave=wave, reminder=which == LetterKind.REMINDER)
    form = TextForm(request.POST or None, initial={"subject": present.subject, "body": present.body})
    words = form.cleaned_data["text"] if form.is_bound and form.is_valid() else present
    closes = found.closes or timezone.now() + timedelta(days=14)
    if form.is_valid() and not {"preview", "sample"} & request.POST.keys():
        _act(actions.write_text, standing, wave, kind=which, subject=words.subject, body=words.body)
        return _on(standing, "wave", wave, done="text")
    if form.is_valid() and "sample" in request.POST:
        _send_sample(standing, wave, words, closes)
    context = {"standing": standing, "wave": found, "kind": which, "form": form, "words": words}
    context["whole"] = actions.letter_about(
        closes=closes, zone=standing.zone, text=words, token=actions.SAMPLE, stop=actions.SAMPLE
    )
    context["done"] = DONE["sample"] if form.is_valid() and "sample" in request.POST else ""
    return render(request, "surveys/text.html", context, status=422 if form.errors else 200)


def _send_sample(standing: Standing, wave: str, words: Text, closes: datetime) -> None:
    actions.send_sample(
        programme=standing.programme,
        wave=wave,
        text=words,
        closes=closes,
        zone=standing.zone,
        person=standing.person,
        now=timezone.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*TEAM)
@freshly_proved
def refused(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Whose address refuses mail; a POST tries one again. Whoever is in the programme only, and nothing of letters."""
    now = timezone.now()
    found = refusing(members_of(standing.programme, Role.PARTICIPANT, now, standing.sites))
    if request.method != "POST":
        return render(request, "surveys/refused.html", {"standing": standing, "refused": found, "done": _done(request)})
    asked = [one for one in found if str(one.person) == request.POST.get("person")]
    if not asked:
        raise _nothing()
    people.try_address_again(person=asked[0].person, actor=Actor.person(standing.person), now=now)
    return _on(standing, "refused", done="again")


def _wave(standing: Standing, wave: str) -> read.Wave:
    found = read.all_waves(programme=standing.programme, now=timezone.now(), sites=standing.sites)
    for one in found:
        if one.wave == wave:
            return one
    raise _nothing()


def _kind(kind: str) -> LetterKind:
    if kind not in LetterKind.values:
        raise _nothing()
    return LetterKind(kind)


def _nothing() -> Refusal:
    return Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def _on(standing: Standing, page: str, *below: str, done: str) -> HttpResponse:
    return redirect(reverse(f"surveys:{page}", args=[standing.programme_slug, *below], query={"done": done}))


def _done(request: HttpRequest) -> object:
    return DONE.get(request.GET.get("done", ""))


def _act(verb: Callable[..., object], standing: Standing, wave: str, **said: object) -> None:
    check_every_site(standing)
    verb(
        programme=standing.programme,
        site=standing.site,
        wave=wave,
        actor=Actor.person(standing.person),
        now=timezone.now(),
        **said,
    )

"""The coordinator's board of coaches: which stage each has reached and what it waits for. Never whom they meet."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from confrere.coaching import actions, queries, words
from confrere.coaching.joining import can_stage, waits_for
from confrere.coaching.models import Complaint, Stage
from confrere.coaching.queries import File
from confrere.coaching.roster_forms import (
    AgreementForm,
    CertificateForm,
    ComplaintForm,
    InviteForm,
    SupervisionForm,
    TrainingForm,
)
from confrere.coaching.rules import nothing_here
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import can_do_for_every_site, check_every_site, check_own_staff, freshly_proved, open_to
from confrere.vault import days
from confrere.vault.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def roster(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every coach of one's sites by stage, with what waits; and the way to open a file."""
    now = timezone.now()
    here = people.own_staff(standing, Role.COACH)
    files = [file for file in queries.files(programme=standing.programme) if here is None or file.person in here]
    form = InviteForm(request.POST or None, people=uninvited(standing, files, now=now))
    if request.method == "POST" and form.is_valid():
        coach = form.cleaned_data["coach"]
        actions.invite_coach(
            programme=standing.programme, site=standing.site, person=standing.person, coach=coach, now=now
        )
        return redirect("coaching:roster", programme=standing.programme_slug)
    context = {"form": form, "stages": board(files, now=now), "agreement": text_of(standing)}
    return render(request, "coaching/roster.html", context, status=422 if form.errors else 200)


def uninvited(standing: Standing, files: list[File], *, now: datetime) -> list[tuple[int, str]]:
    """Those with the role of a coach who have no file, or were removed, by name."""
    followed = {file.person for file in files if file.stage is not Stage.REMOVED}
    rest = set(people.members_of(standing.programme, Role.COACH, now, standing.sites)) - followed
    return sorted(people.names(rest).items(), key=lambda each: each[1].casefold())


def board(files: list[File], *, now: datetime) -> list[tuple[str, list[tuple[File, list[str]]]]]:
    """(stage, its coaches with what each waits for), for every stage in which somebody is."""
    return [
        (str(stage.label), [(file, waits_for(file=file, today=days.of(now))) for file in found])
        for stage in Stage
        if (found := [file for file in files if file.stage is stage])
    ]


def text_of(standing: Standing) -> str:
    """The agreement as it stands; empty before somebody puts one up."""
    found = queries.agreement(programme=standing.programme)
    return found.text if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def agreement(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The text that coaches sign; a draft of ours to begin with."""
    form = AgreementForm(request.POST or None, initial={"text": text_of(standing) or words.agreement()})
    if request.method == "POST" and form.is_valid():
        check_every_site(standing)
        actions.put_up_agreement(
            programme=standing.programme,
            site=standing.site,
            person=standing.person,
            text=form.cleaned_data["text"],
            now=timezone.now(),
        )
        return redirect("coaching:roster", programme=standing.programme_slug)
    text = text_of(standing)
    context = {"form": form, "there": bool(text), "text": text, "may_put_up": can_do_for_every_site(standing)}
    return render(request, "coaching/agreement.html", context, status=422 if form.errors else 200)


def file_here(standing: Standing, coach: int) -> File:
    """The file of a coach of one's sites."""
    found = queries.file_of(programme=standing.programme, person=check_own_staff(standing, Role.COACH, coach))
    if found is None:
        raise nothing_here()
    return found


#: What can be typed on a coach's file: the form, and the verb that takes it.
TYPED: dict[str, tuple[type[forms.Form], Any]] = {
    "training": (TrainingForm, actions.set_training),
    "certificate": (CertificateForm, actions.certify),
    "supervision": (SupervisionForm, actions.supervised),
    "complaint": (ComplaintForm, actions.complain),
}
#: Verbs that also need the site.
PLACED = frozenset({"certificate", "complaint"})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def coach_file(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """One coach: what was done when, and the next step."""
    now, file = timezone.now(), file_here(standing, person)
    step = request.POST.get("step", "")
    if request.method != "POST":
        return file_page(request, standing, file, now=now)
    if step not in TYPED:
        raise nothing_here()
    form = TYPED[step][0](request.POST, auto_id=f"{step}_%s")
    if form.is_valid():
        try:
            take(step, form.cleaned_data, standing, person=person, now=now)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, refusal.sentence)
        else:
            return redirect("coaching:coach_file", programme=standing.programme_slug, person=person)
    return file_page(request, standing, file, now=now, refused=(step, form))


def take(step: str, typed: dict[str, Any], standing: Standing, *, person: int, now: datetime) -> None:
    """Give what was typed to its verb."""
    placed = {"site": standing.site} if step in PLACED else {}
    TYPED[step][1](programme=standing.programme, person=standing.person, coach=person, now=now, **placed, **typed)


def file_page(
    request: HttpRequest,
    standing: Standing,
    file: File,
    *,
    now: datetime,
    refused: tuple[str, forms.Form] | None = None,
) -> HttpResponse:
    """The file with the forms that its stage allows; 422 when something typed needs attention."""
    context = {
        "file": file,
        "waits": waits_for(file=file, today=days.of(now)),
        "sections": [
            (step, title, refused[1] if refused and refused[0] == step else TYPED[step][0](auto_id=f"{step}_%s"))
            for step, title, can in steps(file)
            if can
        ],
        "complaints": queries.complaints(file=file.file),
        "can_pause": can_stage(file=file, to=Stage.PAUSED),
        "pauses": file.stage is Stage.PAUSED,
        "can_remove": can_stage(file=file, to=Stage.REMOVED),
    }
    return render(request, "coaching/file.html", context, status=422 if refused else 200)


def steps(file: File) -> list[tuple[str, str, bool]]:
    """(name, title, whether it can be done now) of what can be typed."""
    in_training = file.stage is Stage.TRAINING
    return [
        ("training", _("Training"), in_training or can_stage(file=file, to=Stage.TRAINING)),
        ("certificate", _("Certificate"), file.stage is not Stage.PAUSED and can_stage(file=file, to=Stage.CERTIFIED)),
        ("supervision", _("Supervision"), file.stage in (Stage.CERTIFIED, Stage.PAUSED)),
        ("complaint", _("A complaint came"), file.stage is not Stage.REMOVED),
    ]


@require_POST
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def pause(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """Nobody books with this coach for a while; or again."""
    check_own_staff(standing, Role.COACH, person)
    verb = actions.end_pause if request.POST.get("which") == "end" else actions.pause_coach
    verb(programme=standing.programme, person=standing.person, coach=person, now=timezone.now())
    return redirect("coaching:coach_file", programme=standing.programme_slug, person=person)


@require_POST
@open_to(Role.COORDINATOR, Role.DIRECTOR)
def close_complaint(request: HttpRequest, standing: Standing, complaint: int) -> HttpResponse:
    """How a complaint ended: right, or not."""
    of = Complaint.objects.filter(programme=standing.programme, pk=complaint).values_list("file__person", flat=True)
    for coach in of:
        check_own_staff(standing, Role.COACH, coach)
    upheld = request.POST.get("end") == Complaint.End.UPHELD
    actions.end_complaint(
        programme=standing.programme, person=standing.person, complaint=complaint, upheld=upheld, now=timezone.now()
    )
    return redirect("coaching:roster", programme=standing.programme_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COORDINATOR, Role.DIRECTOR)
@freshly_proved
def remove(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """Ask once, with what follows for whom; then end it."""
    file = file_here(standing, person)
    if request.method == "POST":
        actions.remove_coach(programme=standing.programme, person=standing.person, coach=person, now=timezone.now())
        return redirect("coaching:coach_file", programme=standing.programme_slug, person=person)
    met = queries.to_come_with(programme=standing.programme, person=person)
    follows = ngettext(
        "Sessions to come with %(count)s person are cancelled. They get the neutral letter and choose another coach.",
        "Sessions to come with %(count)s people are cancelled. They get the neutral letter and choose another coach.",
        met,
    )
    return render(request, "coaching/remove.html", {"file": file, "follows": follows % {"count": met}})

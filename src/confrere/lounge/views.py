from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from confrere.lounge import actions, queries, rules
from confrere.lounge.forms import AnswerForm, QuestionForm
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.rules import open_to

members = open_to(*queries.MEMBERS)


@members
def home(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The newest movement in all specialties."""
    return _list(request, standing, None)


@members
def specialty(request: HttpRequest, standing: Standing, specialty: str) -> HttpResponse:
    """One specialty; with `?waiting=1` only what nobody has answered yet."""
    rules.check_found(people.specialties().get(specialty))
    return _list(request, standing, specialty)


def _list(request: HttpRequest, standing: Standing, specialty: str | None) -> HttpResponse:
    now = timezone.now()
    credential = rules.check_verified(standing=standing, now=now)
    waiting = request.GET.get("waiting") == "1"
    page = queries.questions(
        programme=standing.programme,
        member=standing.person,
        specialty=specialty,
        waiting=waiting,
        after=_key(request.GET.get("after", "")),
    )
    context = {
        "standing": standing,
        "credential": credential,
        "specialties": people.specialties(),
        "specialty": specialty,
        "specialty_label": people.specialties().get(specialty or ""),
        "waiting": waiting,
        "page": page,
        "now": now,
    }
    return render(request, "lounge/list.html", context)


def _key(text: str) -> tuple[datetime, int] | None:
    """The key of the last question of the page before, as the link carried it; None if it makes no sense."""
    moment_text, _comma, number = text.rpartition(",")
    try:
        parsed = parse_datetime(moment_text)
        moment = (
            parsed.astimezone(UTC) if parsed and parsed.tzinfo else None
        )  # the database takes none over 16 hours off
    except (ValueError, OverflowError):
        return None
    if not moment or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return moment, int(number)


@members
def ask(request: HttpRequest, standing: Standing) -> HttpResponse:
    now = timezone.now()
    credential = rules.check_verified(standing=standing, now=now)
    form = QuestionForm(request.POST or None, initial={"specialty": request.GET.get("in", credential.specialty)})
    if request.method == "POST" and form.is_valid():
        asked = actions.ask(standing=standing, now=now, **form.cleaned_data)
        return redirect("lounge:question", standing.programme_slug, asked.pk)
    return render(request, "lounge/ask.html", {"standing": standing, "form": form}, status=422 if form.errors else 200)


@members
def question(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """Read a question with its answers, and answer it."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    found = queries.question(programme=standing.programme, question=question)
    rules.check_found(found)
    assert found is not None
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = actions.answer(standing=standing, question=found, now=now, **form.cleaned_data)
        return redirect(f"{request.path}#answer-{given.pk}")
    actions.mark_read(standing=standing, question=found, now=now)
    context = {
        "standing": standing,
        "question": found,
        "specialty_label": people.specialties()[found.specialty],
        "specialties": people.specialties(),
        "answers": queries.answers(programme=standing.programme, question=question),
        "form": form,
    }
    return render(request, "lounge/question.html", context, status=422 if form.errors else 200)


@require_POST
@members
def accept(request: HttpRequest, standing: Standing, question: int, answer: int) -> HttpResponse:
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    asked = queries.question(programme=standing.programme, question=question)
    given = queries.answer(programme=standing.programme, question=question, answer=answer)
    rules.check_found(asked and given)
    assert asked is not None
    assert given is not None
    actions.accept(standing=standing, question=asked, answer=given, now=now)
    return redirect("lounge:question", standing.programme_slug, question)

"""A survey on the screen, whoever holds it: by its link, or a coordinator on the telephone. The gates stand elsewhere.

A page is a form that works without any script. With scripts, answers come one by one as `Accept: application/json`,
each under a key of its own, and are acknowledged in JSON (`static/surveys/sending.js`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.surveys import actions, definition, queries
from confrere.surveys.definition import Value
from confrere.surveys.forms import AnswerForm
from confrere.surveys.models import Response
from confrere.surveys.rules import check_open, check_pace
from confrere.surveys.screens import Screen, after, screen, stand_in
from confrere.surveys.sheets import blanks, outline
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A response as somebody may see it.

    base: the address of its page. since: on the telephone, the number of the newest answer when the call began; only
    later ones are shown. None: the person's own link, which shows all.
    """

    row: Response
    base: str
    since: int | None = None

    @property
    def by_telephone(self) -> bool:
        return self.since is not None

    def given(self) -> dict[str, Value]:
        """The newest answers: they decide what is asked."""
        return queries.answers_of(self.row)

    def shown(self) -> dict[str, Value]:
        """The answers that may be shown here."""
        return queries.answers_of(self.row, since=self.since)


class _Forgery(CsrfViewMiddleware):
    """Django's own check, asked for in a view, so that what was typed can be shown again."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002  # Django's own name
        return HttpResponse(reason, status=403)


def answer(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The question that is next, or the one that `?q=` names; a POST saves its answer and goes on."""
    now = timezone.now()
    if _in_json(request):
        return _acknowledged(request, paper, now)
    try:
        check_open(response=paper.row, now=now)
        if request.method == "POST":
            check_pace(response=paper.row, now=now)
    except Refusal as refusal:
        return _refused(request, paper, refusal)
    here = screen(paper.row, asked=request.GET.get("q"), given=paper.given(), shown=paper.shown())
    if here is None:
        return render(request, "surveys/send.html", {"paper": paper})
    return _saved(request, paper, here, now) if request.method == "POST" else _shown(request, paper, here)


def sheet(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Every screen of the survey, blank: what a browser keeps to go on without a connection."""
    check_open(response=paper.row, now=timezone.now())
    questions = queries.questions(paper.row.questionnaire)
    context = _around(paper) | {"blanks": blanks(questions), "outline": outline(questions)}
    return render(request, "surveys/sheet.html", context)


def state(request: HttpRequest, paper: Paper) -> HttpResponse:
    """What the server has, in JSON: the newest answers with their numbers, and a token for the next ones."""
    newest = queries.newest_of(paper.row, since=paper.since)
    given = {one.question: {"value": one.value, "number": one.pk} for one in newest}
    return JsonResponse({"csrf": get_token(request), "given": given})


def send(paper: Paper, *, to: str) -> HttpResponse:
    """Send the survey; questions that lack an answer are named."""
    actions.complete(programme=paper.row.programme_id, response=paper.row.pk, now=timezone.now())
    return redirect(to)


def _in_json(request: HttpRequest) -> bool:
    return request.method == "POST" and request.headers.get("Accept") == "application/json"


def _forged(request: HttpRequest) -> bool:
    check = _Forgery(HttpResponse)  # which view stands behind it does not matter here
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is not None


def _acknowledged(request: HttpRequest, paper: Paper, now: datetime) -> JsonResponse:
    """One answer under its key: saved and said so, or refused in a sentence."""
    if _forged(request):
        return JsonResponse({"sentence": _("The page was open for too long. Load it again.")}, status=403)
    question = request.GET.get("q", "")
    try:
        check_pace(response=paper.row, now=now)
        saved = actions.record_answer(
            programme=paper.row.programme_id,
            response=paper.row.pk,
            question=question,
            typed=_typed(paper, question, request.POST),
            key=_key(request.POST),
            seen=_number(request.POST.get("seen", "")),
            now=now,
            by_telephone=paper.by_telephone,
        )
    except Refusal as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
    crossed = None if paper.by_telephone else _in_words(paper, question, saved.crossed)
    return JsonResponse({"saved": question, "number": saved.number, "crossed": crossed})


def _key(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("key", ""))
    except ValueError:
        raise Refusal(_("This answer came without its key. Load the page again."), status=422) from None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _typed(paper: Paper, name: str, posted: QueryDict) -> Value:
    """What a form sent: several texts where several can be chosen."""
    several = any(
        one.name == name and one.kind is definition.Kind.CHOICES for one in queries.questions(paper.row.questionnaire)
    )
    values = [value for value in posted.getlist("value") if value]
    return values if several else next(iter(values), None)


def _in_words(paper: Paper, name: str, value: Value) -> str:
    [question] = [one for one in queries.questions(paper.row.questionnaire) if one.name == name]
    return definition.in_words(question, value)


def _shown(request: HttpRequest, paper: Paper, here: Screen) -> HttpResponse:
    return _page(request, paper, here, AnswerForm(here.question, initial={"value": here.value}))


def _saved(request: HttpRequest, paper: Paper, here: Screen, now: datetime) -> HttpResponse:
    """Save a form's answer and go on; what does not fit, or came from too old a page, is shown as it was typed."""
    form = AnswerForm(here.question, request.POST)
    if _forged(request):
        return _page(request, paper, here, form, status=403, stale=True)
    if not form.is_valid():
        return _page(request, paper, here, form, status=422)
    name, value = here.question.name, form.cleaned_data["value"]
    if not here.question.kind.answered:
        return redirect(_on(paper, after(paper.row, name=name, given=paper.given())))
    actions.record_answers(
        programme=paper.row.programme_id,
        response=paper.row.pk,
        answers={name: value},
        now=now,
        by_telephone=paper.by_telephone,
    )
    if here.crossed(request.POST.get("seen", ""), value):
        return redirect(_on(paper, name, saved=name, crossed="1"))
    return redirect(_on(paper, after(paper.row, name=name, given=paper.given()), saved=name))


def _on(paper: Paper, next_: str | None, **said: str) -> str:
    """The next screen, which says that the answer was saved; after a crossing this one again, with both answers."""
    asked = QueryDict(mutable=True)
    asked.update(said | ({"q": next_} if next_ else {}))
    return f"{paper.base}?{asked.urlencode()}" if asked else paper.base


def _around(paper: Paper) -> dict[str, object]:
    """What each page of a survey shows beside the question."""
    return {
        "paper": paper,
        "response": paper.row,
        "seconds": queries.SECONDS_PER_QUESTION,
        "stand_in": stand_in(paper.row),
    }


def _page(
    request: HttpRequest, paper: Paper, here: Screen, form: AnswerForm, *, status: int = 200, stale: bool = False
) -> HttpResponse:
    context = _around(paper) | {
        "here": here,
        "part": here.part,
        "question": here.question,
        "form": form,
        "field": form["value"],
        "stale": stale,
        "saved": "saved" in request.GET,
        "crossed": "crossed" in request.GET and not paper.by_telephone,
    }
    return render(request, "surveys/question.html", context, status=status)


def _refused(request: HttpRequest, paper: Paper, refusal: Refusal) -> HttpResponse:
    """The rule's sentence, and what was typed: it is not saved, and not lost from sight either."""
    typed: Mapping[str, object] = {
        "sentence": refusal.sentence,
        "typed": ", ".join(request.POST.getlist("value")),
        "response": paper.row,
    }
    return render(request, "surveys/turned_away.html", dict(typed), status=refusal.status)

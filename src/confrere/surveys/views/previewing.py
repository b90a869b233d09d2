"""A draft as those will see it who answer it: on a phone and on a desk, with branching, and nothing is stored."""

import json
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from confrere.people.queries import Standing
from confrere.people.rules import open_to
from confrere.surveys import definition, library
from confrere.surveys.definition import Question, Value
from confrere.surveys.forms import AnswerForm
from confrere.surveys.screens import part
from confrere.surveys.views.shelving import EDITORS
from confrere.vault.refusals import Refusal

#: Only these two pages frame, or are framed, and only by each other: nothing here is anyone's answer.
FRAMING = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
FRAMED = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}


@csp_override(FRAMING)
@require_safe
@open_to(*EDITORS)
def preview(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """The draft at two widths, side by side where there is room."""
    here = library.writing(programme=standing.programme, slug=slug)
    return render(request, "surveys/editor/preview.html", {"standing": standing, "here": here})


@xframe_options_sameorigin
@csp_override(FRAMED)
@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*EDITORS)
def screen(request: HttpRequest, standing: Standing, slug: str) -> HttpResponse:
    """One screen of the draft. The answers so far come along with the form; they are kept nowhere."""
    here = library.writing(programme=standing.programme, slug=slug)
    questions = library.worded(programme=standing.programme, questions=here.questions)
    answers = _so_far(request.POST.get("so_far", ""), questions)
    asked = definition.asked(questions, answers)
    question = next((one for one in asked if one.name not in answers), None)
    form = None if question is None else _form(request, question, questions, answers)
    if question is not None and form is not None and form.is_bound and form.is_valid():
        answers |= {question.name: form.cleaned_data["value"]}
        asked = definition.asked(questions, answers)
        question = next((one for one in asked if one.name not in answers), None)
        form = None if question is None else _form(None, question, questions, answers)
    context = {
        "standing": standing,
        "here": here,
        "form": form,
        "field": None if form is None else form["value"],
        "part": "" if question is None else part(question),
        "question": None if question is None else definition.piped(question, questions, answers),
        "so_far": json.dumps(answers),
        "done": sum(one.name in answers for one in asked),
        "of": len(asked),
    }
    return render(
        request, "surveys/editor/screen.html", context, status=422 if form is not None and form.errors else 200
    )


def _form(
    request: HttpRequest | None, question: Question, questions: Sequence[Question], answers: Mapping[str, Value]
) -> AnswerForm:
    """The form of a question, bound where it was just answered."""
    seen = definition.piped(question, questions, answers)
    bound = request is not None and request.POST.get("question") == question.name
    return AnswerForm(seen, request.POST if bound and request is not None else None)


def _so_far(text: str, questions: Sequence[Question]) -> dict[str, Value]:
    """The answers that came along, as far as they fit: the page is the visitor's own, and may hold anything."""
    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {one.name: said[one.name] for one in questions if one.name in said and _fits(one, said[one.name])}


def _fits(question: Question, value: object) -> bool:
    try:
        return definition.fitting(question, value) == value  # type: ignore[arg-type]  # whatever it is, it is tried
    except (Refusal, TypeError, ValueError):
        return False

"""Asking and answering, and what belongs to it: drafts, previews, what helps, changes."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from confrere.lounge import actions, queries, rules
from confrere.lounge.forms import AnswerForm, CaseForm, EditForm, OutcomeForm, PollForm, QuestionForm
from confrere.lounge.markup import render as rendered
from confrere.lounge.models import Question
from confrere.lounge.queries import POSTS, keeping
from confrere.lounge.queries.pictures import pictures
from confrere.lounge.views.gate import (
    keep_secret,
    mask_here,
    members,
    page_number,
    post_here,
    question_here,
    secret_of,
    verified,
)
from confrere.lounge.views.holding import help_page, marked, needs_help, passes
from confrere.people.queries import Credential, Standing
from confrere.people.roles import Role


@members
def ask(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Ask: the question and its specialty; all else is offered afterwards. What was begun stands there again."""
    credential = verified(standing)
    listed = queries.labels(programme=standing.programme)
    begun = queries.draft(programme=standing.programme, member=standing.person, question=None)
    first = {"specialty": request.GET.get("in", credential.specialty)}
    kept = {"specialty": begun.specialty, "title": begun.title, "text": begun.text} if begun else {}
    form = QuestionForm(request.POST or None, listed=listed, initial=kept or first)
    if _sent(request, form):
        sent, secret = _spoken(request, form)
        asked = actions.ask(standing=standing, now=timezone.now(), secret=secret, **sent)
        where = "way_back" if secret else "describe"
        return _onward(request, form, reverse(f"lounge:{where}", args=[standing.programme_slug, asked.pk]), secret)
    context = {"standing": standing, "form": form, "begun": begun, "preview": _preview(request)}
    context["can_withhold"] = rules.can_withhold(programme=standing.programme)
    return render(request, "lounge/ask.html", context, status=_status(request, form))


@members
def question(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """Read a question with its answers, and answer it. `?after=` pages by the number of a post."""
    credential = verified(standing)
    found = question_here(standing, question)
    form = AnswerForm(request.POST or None, initial=_begun(request, found))
    if _sent(request, form):
        sent, secret = _spoken(request, form)
        given = actions.answer(standing=standing, question=found, now=timezone.now(), secret=secret, **sent)
        before = (given.number - 1) // POSTS * POSTS
        onward = f"{request.path}{f'?after={before}' if before else ''}#post-{given.number}"
        return _onward(request, form, onward, secret)
    context = _thread(request, standing, credential, found) | {"form": form, "preview": _preview(request)}
    return render(request, "lounge/question.html", context, status=_status(request, form))


def _thread(request: HttpRequest, standing: Standing, credential: Credential, found: Question) -> dict[str, Any]:
    """What the page of a thread shows; what it shows is read."""
    places = queries.places(programme=standing.programme)
    listed = queries.names(places)
    after = page_number(request, "after")
    mask = mask_here(request, found)
    own = mask.pk if mask else None
    thread = queries.thread(question=found, member=standing.person, listed=listed, after=after, mask=own)
    if mask is None:  # who reads their own thread first would be known by the mark
        actions.mark_read(standing=standing, question=found, number=thread.read, now=timezone.now())
    shown = (thread.asked, *thread.posts)
    return {
        "standing": standing,
        "thread": thread,
        "question": found,
        "mask": mask,
        "mine": rules.asked_by(standing=standing, question=found, mask=mask),
        "moderates": Role.MODERATOR in standing.roles,
        "peer": credential.specialty in queries.family(places, found.specialty),
        "specialty_label": listed.get(found.specialty, found.specialty),
        "notes": keeping.notes([given.post.pk for given in shown if given.noted]),
        "pictures": pictures(
            [given.post.pk for given in shown if given.pictured],
            standing=standing,
            own=[given.post.pk for given in shown if given.mine],
        ),
        "slow": found.slow.minutes if hasattr(found, "slow") else 0,
        "ballot": queries.ballot(question=found, member=standing.person),
    }


@members
def describe(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """After posting: what helps a specialist. The question stands already; nothing here is required."""
    verified(standing)
    found = question_here(standing, question)
    mask = mask_here(request, found)
    rules.check_asker(standing=standing, question=found, mask=mask)
    kept = {name: getattr(found, name) for name in ("setting", "age_band", "course", "tried", "urgency_days")}
    form = CaseForm(request.POST or None, initial=kept | {"attested": found.attested_at is not None})
    if _sent(request, form):
        helps = {name: value for name, value in form.cleaned_data.items() if name != "attested"}
        attested = form.cleaned_data["attested"]
        actions.describe(
            standing=standing,
            question=found,
            helps=helps,
            attested=attested,
            now=timezone.now(),
            marked=marked(request),
            mask=mask,
        )
        return redirect("lounge:question", standing.programme_slug, question)
    return _form_page(request, standing, found, form, "lounge/describe.html")


@members
def poll(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """Put a poll beside one's own question."""
    verified(standing)
    found = question_here(standing, question)
    mask = mask_here(request, found)
    rules.check_asker(standing=standing, question=found, mask=mask)
    form = PollForm(request.POST or None)
    if _sent(request, form):
        choices = form.cleaned_data["choices"]
        actions.put_poll(standing=standing, question=found, choices=choices, mask=mask, now=timezone.now())
        return redirect("lounge:question", standing.programme_slug, question)
    return _form_page(request, standing, found, form, "lounge/poll.html")


@members
def outcome(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """Who asked tells how it went."""
    verified(standing)
    found = question_here(standing, question)
    rules.check_asker(standing=standing, question=found, mask=mask_here(request, found))
    form = OutcomeForm(request.POST or None)
    if _sent(request, form):
        sent = {**form.cleaned_data, "marked": marked(request), "secret": secret_of(request)}
        actions.tell_outcome(standing=standing, question=found, now=timezone.now(), **sent)
        return redirect("lounge:question", standing.programme_slug, question)
    return _form_page(request, standing, found, form, "lounge/outcome.html")


@members
def edit(request: HttpRequest, standing: Standing, question: int, post: int) -> HttpResponse:
    """Change what one wrote; what stood there before stays readable."""
    verified(standing)
    found = post_here(standing, question, post)
    mask = mask_here(request, found.question)
    rules.check_own(standing=standing, post=found, mask=mask)
    form = EditForm(request.POST or None, post=found)
    if _sent(request, form):
        parts = {"title": "", "source": ""} | form.cleaned_data
        actions.edit(standing=standing, post=found, now=timezone.now(), marked=marked(request), mask=mask, **parts)
        return redirect("lounge:question", standing.programme_slug, question)
    context = {"standing": standing, "post": found, "form": form, "preview": _preview(request)}
    return render(request, "lounge/edit.html", context, status=_status(request, form))


@require_POST
@members
def preview(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What a text will look like. Nothing is stored."""
    verified(standing)
    return HttpResponse(_preview(request))


@require_POST
@members
def draft(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Keep what is being typed, or forget it; answers with the moment at which it was kept."""
    number = request.POST.get("question", "")
    found = question_here(standing, int(number)) if number.isascii() and number.isdigit() else None
    now = timezone.now()
    parts = {name: request.POST.get(name, "")[:most] for name, most in _KEPT.items()}
    actions.save_draft(standing=standing, question=found, now=now, **parts)
    return JsonResponse({"saved": now.isoformat()})


@members
def alike(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Questions that share words with what is being typed, as a list to put beside the form."""
    verified(standing)
    found = queries.alike(programme=standing.programme, title=request.GET.get("title", ""))
    return render(request, "lounge/alike.html", {"standing": standing, "found": found})


#: The fields of a draft and how long each may be.
_KEPT = {"specialty": 60, "title": 160, "text": 8000, "source": 300}


def _spoken(request: HttpRequest, form: forms.Form) -> tuple[dict[str, Any], str]:
    """What was sent with its marks, and the secret of this browser where the name is to be withheld, made if needed."""
    sent = {**form.cleaned_data, "marked": marked(request)}
    return sent, (secret_of(request) or actions.new_secret()) if sent.pop("withheld") else ""


def _onward(request: HttpRequest, form: forms.Form, onward: str, secret: str) -> HttpResponse:
    """To where what was sent stands; whoever wrote words of distress sees first where help answers."""
    answer = help_page(request, onward=onward) if needs_help(form.cleaned_data) else redirect(onward)
    if secret:
        keep_secret(answer, secret)
    return answer


def _sent(request: HttpRequest, form: forms.Form) -> bool:
    """Whether a form came to be kept; a preview of it comes to be looked at only."""
    return request.method == "POST" and "preview" not in request.POST and form.is_valid() and passes(request, form)


def _status(request: HttpRequest, form: forms.Form) -> int:
    return 422 if "preview" not in request.POST and form.errors else 200


def _preview(request: HttpRequest) -> str:
    """The text as it will look, if that was asked for."""
    return rendered(request.POST.get("text", "")[:8000]) if "preview" in request.POST else ""


def _begun(request: HttpRequest, found: Any) -> dict[str, str]:
    """The answer that was begun, as the query of the question found it; behind what is quoted, if that was asked."""
    quote = queries.quoted(question=found.pk, number=page_number(request, "quote")) if "quote" in request.GET else ""
    return {"text": quote + (found.draft_text or ""), "source": found.draft_source or ""}


def _form_page(
    request: HttpRequest, standing: Standing, found: Question, form: forms.Form, template: str
) -> HttpResponse:
    context = {"standing": standing, "question": found, "form": form}
    return render(request, template, context, status=_status(request, form))

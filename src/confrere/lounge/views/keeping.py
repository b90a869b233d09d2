"""Flags, notes of peers, slow mode, what was removed of one's own, and the moderators' queue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confrere.lounge import actions, rules
from confrere.lounge.forms.keeping import AppealForm, FlagForm, NoteForm, RemovalForm, SlowForm
from confrere.lounge.limits import LOOK_WITHIN
from confrere.lounge.models import Flag, Post, Removal
from confrere.lounge.queries import MEMBERS
from confrere.lounge.queries import keeping as queries
from confrere.lounge.queries.pictures import to_look_at
from confrere.lounge.rules import keeping
from confrere.lounge.views.gate import mask_here, secret_of
from confrere.lounge.views.holding import marked, passes
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to

members = open_to(*MEMBERS)
moderators = open_to(Role.MODERATOR)


def _post(standing: Standing, post: int) -> Post:
    """A post that members can read; nothing else exists here."""
    rules.check_verified(standing=standing, now=timezone.now())
    found = queries.shown_post(programme=standing.programme, post=post)
    rules.check_found(found)
    assert found is not None
    return found


def _any_post(standing: Standing, post: int) -> Post:
    """A post in whatever state, for its author and for moderators."""
    rules.check_verified(standing=standing, now=timezone.now())
    found = queries.any_post(programme=standing.programme, post=post)
    rules.check_found(found)
    assert found is not None
    return found


def _removal(standing: Standing, removal: int) -> Removal:
    rules.check_verified(standing=standing, now=timezone.now())
    found = queries.removal(programme=standing.programme, removal=removal)
    rules.check_found(found)
    assert found is not None
    return found


@members
def flag(request: HttpRequest, standing: Standing, post: int) -> HttpResponse:
    """Ask the moderators to look."""
    now, found = timezone.now(), _post(standing, post)
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = Flag.Reason(form.cleaned_data["reason"])
        actions.flag(standing=standing, post=found, reason=reason, words=form.cleaned_data["words"], now=now)
        return render(request, "lounge/flagged.html", {"standing": standing, "post": found, "reason": reason})
    context = {"standing": standing, "post": found, "form": form}
    return render(request, "lounge/flag.html", context, status=422 if form.errors else 200)


@members
def take_back(request: HttpRequest, standing: Standing, post: int) -> HttpResponse:
    """Take one's own post back: a page that asks, then the act."""
    found = _any_post(standing, post)
    mask = mask_here(request, found.question)
    keeping.check_take_back(standing=standing, post=found, mask=mask)
    if request.method == "POST":
        actions.take_back(standing=standing, post=found, mask=mask, now=timezone.now())
        if found.number == 0:
            return redirect("lounge:home", standing.programme_slug)
        return redirect("lounge:question", standing.programme_slug, found.question_id)
    return render(request, "lounge/take_back.html", {"standing": standing, "post": found})


@members
def contradict(request: HttpRequest, standing: Standing, post: int) -> HttpResponse:
    """A peer of the specialty says what is wrong, with a source."""
    now, found = timezone.now(), _post(standing, post)
    credential = rules.check_verified(standing=standing, now=now)
    keeping.check_note(standing=standing, post=found, specialty=credential.specialty, source="-")
    form = NoteForm(request.POST or None)
    context = {"standing": standing, "post": found, "form": form}
    if request.method == "POST" and form.is_valid() and passes(request, form):
        actions.contradict(standing=standing, post=found, now=now, marked=marked(request), **form.cleaned_data)
        return redirect("lounge:question", standing.programme_slug, found.question_id)
    return render(request, "lounge/note.html", context, status=422 if form.errors else 200)


@require_POST
@members
def agree(request: HttpRequest, standing: Standing, note: int) -> HttpResponse:
    """A second peer agrees with a note."""
    rules.check_verified(standing=standing, now=timezone.now())
    found = queries.note(programme=standing.programme, note=note)
    rules.check_found(found)
    assert found is not None
    actions.agree(standing=standing, note=found, now=timezone.now())
    return redirect("lounge:question", standing.programme_slug, found.post.question_id)


@members
def removed(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What was removed of one's own, why, and the appeal."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    hidden = queries.masked_removals(programme=standing.programme) if secret_of(request) else []
    masks = {one.pk: mask_here(request, one.post.question) for one in hidden}
    own = [one for one in hidden if keeping.is_own(standing=standing, post=one.post, mask=masks[one.pk])]
    rows = [
        (
            one,
            AppealForm(auto_id=f"id_{one.pk}_%s"),
            keeping.can_appeal(standing=standing, removal=one, now=now, mask=masks.get(one.pk)),
        )
        for one in (*own, *queries.removals_of(standing=standing))
    ]
    return render(request, "lounge/removed.html", {"standing": standing, "rows": rows, "days": keeping.APPEAL.days})


@require_POST
@members
def appeal(request: HttpRequest, standing: Standing, removal: int) -> HttpResponse:
    """Ask that somebody else look again."""
    found = _removal(standing, removal)
    mask = mask_here(request, found.post.question)
    keeping.check_about_me(standing=standing, removal=found, mask=mask)
    form = AppealForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["appeal"]
        actions.appeal(standing=standing, removal=found, words=words, mask=mask, now=timezone.now())
    return redirect("lounge:removed", standing.programme_slug)


@moderators
def queue(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What waits for a moderator, the longest waiting first."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    matters = [(one, RemovalForm(prefix=str(one.post.pk))) for one in queries.queue(standing=standing)]
    waiting = [(one, one.attested_at + LOOK_WITHIN) for one in to_look_at(programme=standing.programme)]
    context = {"standing": standing, "matters": matters, "pictures": waiting, "now": now}
    return render(request, "lounge/queue.html", context)


@require_POST
@moderators
def keep(request: HttpRequest, standing: Standing, post: int) -> HttpResponse:
    """It stays."""
    actions.keep(standing=standing, post=_any_post(standing, post), now=timezone.now())
    return redirect("lounge:queue", standing.programme_slug)


@require_POST
@moderators
def ask_removal(request: HttpRequest, standing: Standing, post: int) -> HttpResponse:
    """It should go; a second moderator confirms."""
    found = _any_post(standing, post)
    form = RemovalForm(request.POST, prefix=str(post))
    if form.is_valid():
        cause = Removal.Cause(form.cleaned_data["cause"])
        actions.ask_removal(standing=standing, post=found, cause=cause, now=timezone.now())
    return redirect("lounge:queue", standing.programme_slug)


@require_POST
@moderators
def decide(request: HttpRequest, standing: Standing, removal: int) -> HttpResponse:
    """The second moderator's word on a removal, or a third one's on an appeal: the button that was pressed."""
    found, now, said = _removal(standing, removal), timezone.now(), request.POST.get("decision")
    if said == "confirm":
        actions.confirm_removal(standing=standing, removal=found, now=now)
    elif said == "decline":
        actions.decline_removal(standing=standing, removal=found, now=now)
    elif said in {"restore", "uphold"}:
        actions.decide_appeal(standing=standing, removal=found, restore=said == "restore", now=now)
    return redirect("lounge:queue", standing.programme_slug)


@moderators
def slow(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """Make a question slower, or end that."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    asking = queries.asking(programme=standing.programme, question=question)
    rules.check_found(asking)
    assert asking is not None
    form = SlowForm(request.POST or None, initial={"minutes": queries.slow(question=question) or 30})
    if request.method == "POST" and form.is_valid():
        minutes = form.cleaned_data["minutes"]
        actions.set_slow(standing=standing, question=asking.question, minutes=minutes, now=now)
        return redirect("lounge:question", standing.programme_slug, question)
    context = {"standing": standing, "question": asking.question, "form": form}
    return render(request, "lounge/slow.html", context, status=422 if form.errors else 200)

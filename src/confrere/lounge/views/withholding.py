"""Names withheld: the way back for authors, the two keys, and opening a name with both."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from confrere.lounge import actions, queries, rules
from confrere.lounge.forms import KeyForm, UnmaskingForm, WayBackForm
from confrere.lounge.views.gate import keep_secret, members, post_here, question_here, secret_of, verified
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to

moderators = open_to(Role.MODERATOR)


@never_cache
@members
def way_back(request: HttpRequest, standing: Standing, question: int) -> HttpResponse:
    """After asking with the name withheld: the code with which the author comes back on another device."""
    verified(standing)
    found = question_here(standing, question)
    context = {"standing": standing, "question": found, "secret": secret_of(request)}
    return render(request, "lounge/way_back.html", context)


@members
def come_back(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Type the code: from then on this browser knows what its author wrote with the name withheld."""
    verified(standing)
    form = WayBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = redirect("lounge:home", standing.programme_slug)
        keep_secret(answer, form.cleaned_data["code"])
        return answer
    context = {"standing": standing, "form": form}
    return render(request, "lounge/come_back.html", context, status=422 if form.errors else 200)


@moderators
@freshly_proved
def names(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Who holds the keys, and what waits for the second holder."""
    verified(standing)
    context = {
        "standing": standing,
        "holders": queries.holders(programme=standing.programme),
        "waiting": queries.unmaskings(programme=standing.programme),
        "form": KeyForm(),
    }
    return render(request, "lounge/names.html", context)


@require_POST
@moderators
@freshly_proved
@never_cache
def take_key(request: HttpRequest, standing: Standing, place: int) -> HttpResponse:
    """Become a holder; the key is shown on this page and never again."""
    verified(standing)
    key = actions.take_key(standing=standing, place=place, now=timezone.now())
    return render(request, "lounge/key.html", {"standing": standing, "key": key, "place": place})


@moderators
@freshly_proved
def unmask(request: HttpRequest, standing: Standing, question: int, post: int) -> HttpResponse:
    """The first holder asks that the name behind a post be opened."""
    verified(standing)
    found = post_here(standing, question, post)
    mask = rules.check_masked(found)
    form = UnmaskingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_unmasking(standing=standing, mask=mask, now=timezone.now(), **form.cleaned_data)
        return redirect("lounge:names", standing.programme_slug)
    context = {"standing": standing, "post": found, "form": form}
    return render(request, "lounge/unmask.html", context, status=422 if form.errors else 200)


@require_POST
@moderators
@freshly_proved
@never_cache
def agree(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The second holder opens it: the name stands on this page, and nowhere else."""
    verified(standing)
    found = queries.unmasking(programme=standing.programme, number=number)
    rules.check_found(found)
    assert found is not None
    name = actions.agree_unmasking(
        standing=standing, unmasking=found, key=request.POST.get("key", "")[:100], now=timezone.now()
    )
    return render(request, "lounge/opened.html", {"standing": standing, "unmasking": found, "name": name})

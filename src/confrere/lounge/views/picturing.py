"""Pictures beneath a post: put up with a tool that covers what must not be seen, looked at, served to members."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from confrere.lounge import actions, rules
from confrere.lounge.forms.pictures import PictureForm
from confrere.lounge.models import Picture
from confrere.lounge.queries import pictures as queries
from confrere.lounge.rules.pictures import check_may_see
from confrere.lounge.views.gate import mask_here, members, post_here, verified
from confrere.lounge.views.holding import marked, passes
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.post.pictures import MOST_BYTES
from confrere.vault.refusals import Refusal

moderators = open_to(Role.MODERATOR)


def _picture(standing: Standing, question: int, picture: int) -> Picture:
    found = queries.picture(programme=standing.programme, question=question, picture=picture)
    rules.check_found(found)
    assert found is not None
    return found


@members
def put_up(request: HttpRequest, standing: Standing, question: int, post: int) -> HttpResponse:
    """Choose a picture, cover what must not be seen, say what is to be seen. The text stands already."""
    verified(standing)
    found = post_here(standing, question, post)
    mask = mask_here(request, found.question)
    rules.check_own(standing=standing, post=found, mask=mask)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and passes(request, form):
        said = form.cleaned_data
        upload, face = said.pop("picture").read(MOST_BYTES + 1), said.pop("face") == "yes"
        now, marks = timezone.now(), marked(request)
        try:
            actions.put_up_picture(
                standing=standing, post=found, upload=upload, face=face, now=now, marked=marks, mask=mask, **said
            )
        except Refusal as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("lounge:question", standing.programme_slug, question)
    context = {"standing": standing, "post": found, "form": form}
    return render(request, "lounge/picture.html", context, status=422 if form.errors else 200)


@require_safe
@members
def image(request: HttpRequest, standing: Standing, question: int, picture: int) -> HttpResponse:
    """The picture itself, for members; one that nobody has looked at for its author and moderators only."""
    verified(standing)
    found = _picture(standing, question, picture)
    check_may_see(standing=standing, picture=found, mask=mask_here(request, found.post.question))
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg")


@require_POST
@members
def take_away(request: HttpRequest, standing: Standing, question: int, picture: int) -> HttpResponse:
    """Its author takes it away; it is deleted now."""
    verified(standing)
    found = _picture(standing, question, picture)
    mask = mask_here(request, found.post.question)
    actions.take_picture_away(standing=standing, picture=found, mask=mask, now=timezone.now())
    return redirect("lounge:question", standing.programme_slug, question)


@require_POST
@moderators
def look(request: HttpRequest, standing: Standing, question: int, picture: int) -> HttpResponse:
    """A moderator's word: `stands` in the form shows it to members, without it the picture is deleted."""
    found = _picture(standing, question, picture)
    act = actions.let_picture_stand if "stands" in request.POST else actions.refuse_picture
    act(standing=standing, picture=found, now=timezone.now())
    return redirect("lounge:queue", standing.programme_slug)

"""What a member takes along: their own bundle, a specialty's answers, and keys for programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from confrere.lounge import actions, bundles, queries, rules
from confrere.lounge.forms.notices import NoticesForm
from confrere.lounge.forms.taking import TokenForm
from confrere.lounge.queries import MEMBERS, interface
from confrere.lounge.queries import notices as noticed
from confrere.people.queries import Standing
from confrere.people.rules import freshly_proved, open_to

members = open_to(*MEMBERS)


@members
def taking(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Everything that can be taken along, and one's tokens; a new one is shown once."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    form, made = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        made = actions.make_token(standing=standing, now=now, **form.cleaned_data)
        form = TokenForm()
    context = {
        "standing": standing,
        "form": form,
        "made": made,
        "tokens": interface.tokens(standing=standing, now=now),
        "specialties": queries.labels(programme=standing.programme),
    }
    return render(request, "lounge/taking.html", context, status=422 if form.errors else 200)


@require_POST
@members
def end_token(request: HttpRequest, standing: Standing, key: int) -> HttpResponse:
    """End a token at once."""
    actions.end_token(standing=standing, token=key, now=timezone.now())
    return redirect("lounge:taking", standing.programme_slug)


@require_safe
@members
@freshly_proved
def own(request: HttpRequest, standing: Standing) -> HttpResponse:
    """One's own posts, bookmarks and wishes, as a zip; also for a member whose credential has lapsed."""
    now = timezone.now()
    choice = noticed.choice(programme=standing.programme, person=standing.person)
    content = {
        "posts": [
            {
                "question": post.question.title,
                "kind": post.kind,
                "written_at": post.written_at.isoformat(),
                "text": post.text,
                "html": post.html,
                "source": post.source,
            }
            for post in interface.own_posts(standing=standing)
        ],
        "marks": [
            {
                "question": mark.question.title,
                "stance": mark.stance,
                "bookmarked": mark.bookmarked_at is not None,
            }
            for mark in interface.own_marks(standing=standing)
        ],
        "settings": NoticesForm.told(choice),
    }
    title = _("What you wrote and kept in the lounge")
    packed = bundles.bundle(content=content, page="lounge/own_bundle.html", title=title, told_at=now)
    return _file(packed, "lounge.zip")


@require_safe
@members
def knowledge(request: HttpRequest, standing: Standing, specialty: str) -> HttpResponse:
    """Answered questions of a specialty, checked again for identifiers, without names."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    label = queries.labels(programme=standing.programme).get(specialty)
    rules.check_found(label)
    found = interface.answered(programme=standing.programme, specialty=specialty)
    threads = [bundles.checked(bundles.thread_of(question, posts)) for question, posts in found]
    content = {"specialty": label, "threads": bundles.rows(threads), "held": sum(bool(one.held) for one in threads)}
    title = _("Answered questions: %(specialty)s") % {"specialty": label}
    packed = bundles.bundle(content=content, page="lounge/knowledge.html", title=title, told_at=now)
    return _file(packed, f"{specialty}.zip")


def _file(packed: bytes, name: str) -> HttpResponse:
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(packed, content_type="application/zip", headers=said)

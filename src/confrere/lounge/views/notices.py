"""What a member wants to hear, the digest, the way to stop it without sign-in, and the app's worker."""

from datetime import UTC, datetime
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.lounge import actions, rules
from confrere.lounge.forms.notices import NoticesForm
from confrere.lounge.models import NoticeChoice
from confrere.lounge.queries import MEMBERS
from confrere.lounge.queries import notices as queries
from confrere.people.queries import Standing
from confrere.people.rules import open_to, open_to_strangers
from confrere.post import push
from confrere.vault.refusals import Refusal

members = open_to(*MEMBERS)


@members
def notices(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Letters, digest, quiet days, and this browser."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    row = queries.choice(programme=standing.programme, person=standing.person)
    form = NoticesForm(request.POST or None, initial=NoticesForm.told(row))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.choose(
            standing=standing,
            letters="letters" in said["wanted"],
            digest=NoticeChoice.Digest(said["digest"]),
            quiet_days=[int(day) for day in said["quiet_days"]],
            now=now,
        )
        return redirect("lounge:notices", standing.programme_slug)
    found = queries.browsers(programme=standing.programme, person=standing.person)
    context = {"standing": standing, "form": form, "browsers": len(found), "key": push.public_key()}
    return render(request, "lounge/notices.html", context, status=422 if form.errors else 200)


@require_POST
@members
def browser(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The browser's script brings its push address; without one, all of this member's are forgotten."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    if endpoint := request.POST.get("endpoint", ""):
        actions.add_browser(standing=standing, endpoint=endpoint, now=now)
    else:
        actions.drop_browsers(standing=standing)
    return redirect("lounge:notices", standing.programme_slug)


@members
def digest(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What is new since the digest before; read live, so what was removed meanwhile is not here."""
    now = timezone.now()
    rules.check_verified(standing=standing, now=now)
    said = request.GET.get("since", "")
    stamp = int(said) if said.isascii() and said.isdigit() and len(said) <= 10 else 0
    since = datetime.fromtimestamp(stamp, UTC)
    found = queries.fresh(programme=standing.programme, person=standing.person, since=since, now=now)
    return render(request, "lounge/digest.html", {"standing": standing, "found": found, "most": queries.MOST})


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the secret in the address is the whole right
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks and changes nothing; a POST stops the letters, or lets them come again."""
    found = queries.by_stop(token)
    if request.method == "POST":
        found = actions.stop(token=token, now=timezone.now(), again="again" in request.POST)
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return render(request, "lounge/stop_letters.html", {"stopped": not (found.letters or found.digest)})


@require_safe
@open_to_strangers
def worker(request: HttpRequest) -> HttpResponse:
    """The app's worker: notices, and what a member keeps to read offline. Served here, so that it reaches /p/."""
    script = files("confrere.lounge").joinpath("static/lounge/worker.js").read_text("utf-8")
    return HttpResponse(script, content_type="text/javascript")

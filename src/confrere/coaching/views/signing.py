"""A coach reads and signs the agreement, and finds again what was signed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from confrere.coaching import actions, queries
from confrere.coaching.joining import can_stage
from confrere.coaching.models import Stage
from confrere.coaching.roster_forms import SignForm
from confrere.coaching.rules import nothing_here
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def sign(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The text as it stands now, with one box to tick."""
    file = queries.file_of(programme=standing.programme, person=standing.person)
    if not can_stage(file=file, to=Stage.AGREED):
        raise nothing_here()
    text = queries.agreement(programme=standing.programme)
    form = SignForm(request.POST or None, initial={"sha256": text.sha256 if text else ""})
    if request.method == "POST" and form.is_valid():
        actions.sign_agreement(
            programme=standing.programme,
            person=standing.person,
            digest=form.cleaned_data["sha256"],
            now=timezone.now(),
        )
        return redirect("coaching:signed", programme=standing.programme_slug)
    return render(request, "coaching/sign.html", {"form": form, "agreement": text}, status=422 if form.errors else 200)


@require_safe
@open_to(Role.COACH)
def signed(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The agreement that this coach signed, word for word."""
    found = queries.signed(programme=standing.programme, person=standing.person)
    file = queries.file_of(programme=standing.programme, person=standing.person)
    if found is None or file is None:
        raise nothing_here()
    return render(request, "coaching/signed.html", {"agreement": found, "day": file.agreed_on})

"""What exists about me, to print or to take along; made on request and kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from confrere.people.rules import freshly_proved, open_to_signed_in, open_to_strangers, person_of
from confrere.vault import sheet as printed
from confrere.vault.classification import SIGN_IN
from confrere.vault.queries import about
from confrere.vault.signing import is_ours, public_key, sign
from confrere.web.forms import CheckForm


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_signed_in
@freshly_proved
def sheet(request: HttpRequest) -> HttpResponse:
    """On a page to print; asked for with a signature, as a file that others can check."""
    made = timezone.now()
    text = printed.text(about(person=person_of(request)), hide={SIGN_IN})
    text = f"{text}\n\n{_('Made on')} {made:%Y-%m-%d %H:%M} UTC, {request.get_host()}"
    if request.method != "POST":
        return render(request, "web/sheet.html", {"text": text})
    answer = HttpResponse(sign(text), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="what-exists-about-me.txt"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def check_sheet(request: HttpRequest) -> HttpResponse:
    """Whether a signed sheet was made here. What is pasted is read and forgotten."""
    form = CheckForm(request.POST or None)
    context = {"form": form, "key": public_key(), "asked": form.is_valid()}
    if form.is_valid():
        context["ours"] = is_ours(form.cleaned_data["text"])
    return render(request, "web/check_sheet.html", context, status=422 if form.errors else 200)

"""No more letters about surveys: one click in the mail program, or one on this page. Nobody has to sign in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from confrere.people.rules import open_to_strangers
from confrere.surveys import actions, waves
from confrere.vault.refusals import Refusal


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the sealed text in the address is the whole right
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks and changes nothing; a POST stops the letters, or lets them come again."""
    found = actions.stopper(token)
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    programme, study_id = found
    if request.method == "POST":
        verb = actions.letters_again if "again" in request.POST else actions.stop_letters
        verb(programme=programme, study_id=study_id, now=timezone.now())
    stopped = waves.has_stopped(programme, study_id)
    return render(request, "surveys/stop_letters.html", {"token": token, "stopped": stopped})

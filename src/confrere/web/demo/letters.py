"""The letters of the demo, as their readers would find them. Imported in demo mode only."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from confrere.people.rules import open_to_strangers
from confrere.post.queries import delivered
from confrere.vault.refusals import Refusal
from confrere.web.demo import guard

#: As many as one reads; the newest first.
MOST = 60


@open_to_strangers
def letters(request: HttpRequest) -> HttpResponse:
    """Every letter to everybody, since nobody here is real; elsewhere there is no such page."""
    guard.check_demo(meta=request.META, host=request.get_host())
    folder = settings.MAILERS["default"].get("OPTIONS", {}).get("folder")
    if not folder:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    to = request.GET.get("to", "").strip()
    return render(request, "web/demo/letters.html", {"letters": delivered(Path(folder), to=to, most=MOST), "to": to})

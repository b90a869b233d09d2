"""Pages for what went wrong. They read no database and no session, so that they stand when those do not."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout


def page(status: int, title: str, sentence: str) -> HttpResponse:
    """A plain page with one sentence."""
    body = render_to_string("web/error.html", {"title": title, "sentence": sentence, "simulated": settings.DEMO})
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        400, _("That did not arrive well"), _("Your browser sent something we could not read. Go back and try again.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        403, _("This is not yours to open"), _("If you think it should be, ask the coordinator of your programme.")
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        403,
        _("The page was open for too long"),
        _("Go back, load the page again and send it once more. What you typed is still there if you go back."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(404, _("There is nothing here"), _("The address may be mistyped, or what was here has ended."))


def failed(request: HttpRequest) -> HttpResponse:
    """500; or 503 for a database that is busy while the session is read or saved, which no view sees."""
    if isinstance(sys.exception(), PoolTimeout | OperationalError):
        return busy()
    return page(500, _("Something broke on our side"), _("What you saved before is safe. Wait a minute and try again."))


def busy() -> HttpResponse:
    """503: no connection to the database was to be had within seconds."""
    response = page(503, _("The service is very busy"), _("Nothing was lost. Wait a moment and load the page again."))
    response.headers["Retry-After"] = "10"
    return response

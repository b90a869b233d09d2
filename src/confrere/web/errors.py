"""Pages for what went wrong. They read no database and no session, so that they stand when those do not."""

import errno
import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg.errors import DiskFull, ReadOnlySqlTransaction
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
    """500; or what is said of a database that is busy or full while the session is read or saved: no view sees that."""
    known = of_storage(sys.exception())
    if known is not None:
        return known
    return page(500, _("Something broke on our side"), _("What you saved before is safe. Wait a minute and try again."))


def of_storage(error: BaseException | None) -> HttpResponse | None:
    """507 where there is no room left, 503 where the database is busy or may only be read; None for anything else."""
    cause = error.__cause__ if error else None
    if isinstance(cause, DiskFull) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return no_room()
    if isinstance(error, PoolTimeout | OperationalError) or isinstance(cause, ReadOnlySqlTransaction):
        return busy()
    return None


def busy() -> HttpResponse:
    """503: no connection to the database was to be had within seconds, or it may only be read for now."""
    response = page(503, _("The service is very busy"), _("Nothing was lost. Wait a moment and load the page again."))
    response.headers["Retry-After"] = "10"
    return response


def no_room() -> HttpResponse:
    """507: the disk of the server is full. Nothing of the request was kept, and nothing before it is touched."""
    return page(
        507,
        _("There is no room left here"),
        _("What you just sent was not saved; what you saved before is safe. Tell the people who run this site."),
    )

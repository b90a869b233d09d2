"""What every request passes: strange hosts, headers, a busy database, and refusals turned into pages."""

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from confrere.vault.refusals import Refusal
from confrere.web.errors import bad_request, of_storage

type Answer = Callable[[HttpRequest], HttpResponse]

#: Names of fields that no form of ours has: whoever sends one tries to take a right, a badge or an arm.
IN_NO_FORM = ("arm", "is_active", "is_staff", "is_superuser", "verified", "verified_until")

logger = logging.getLogger(__name__)


def refuse_strange_hosts(get_response: Answer) -> Answer:
    """A request for another host name gets one sentence, nothing that shows what runs here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponse(
                "This server does not answer for that host name.\n", status=400, content_type="text/plain"
            )
        return get_response(request)

    return middleware


def refuse_unreadable(get_response: Answer) -> Answer:
    """A NUL character is in no address, question or cookie of ours, and no database takes one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = (
            request.path_info,
            *request.COOKIES.values(),
            *(each for many in request.GET.lists() for each in many[1]),
        )
        if any("\0" in each for each in sent):
            return bad_request(request, ValueError())
        return get_response(request)

    return middleware


def notice_foreign_fields(get_response: Answer) -> Answer:
    """A field that no form has changes nothing; that somebody sent it is logged, without its value."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST":
            for name in (name for name in IN_NO_FORM if name in request.POST):
                said = f"A field that no form has ({name})"
                logger.warning(said, extra={"request": request, "status_code": said})
        return response

    return middleware


def headers(get_response: Answer) -> Answer:
    """Pages are never kept by a browser or a proxy; no sensor is ever asked for; no kind of file is guessed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def busy_database(get_response: Answer) -> Answer:
    """When no connection is to be had within seconds, say so (503) instead of hanging; when the disk is full, that."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return of_storage(exception)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django reads it from the function
    return middleware


def refusals(get_response: Answer) -> Answer:
    """The one place where a domain's no becomes an HTTP answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "web/refusal.html", {"sentence": exception.sentence}, status=exception.status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django reads it from the function
    return middleware

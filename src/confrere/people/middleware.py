"""Ends sessions that were idle or lived too long."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from confrere.people import sessions

type Answer = Callable[[HttpRequest], HttpResponse]


def limit_sessions(get_response: Answer) -> Answer:
    """A session that is over is emptied; the request goes on as a stranger's, and is led to the sign-in.

    A page that keeps nothing asks nobody who they are, so it notes no use either.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info not in settings.KEEPS_NOTHING and request.user.is_authenticated:
            now = timezone.now()
            if sessions.is_over(request.session, now=now):
                logout(request)
            else:
                sessions.use(request.session, now=now)
        return get_response(request)

    return middleware

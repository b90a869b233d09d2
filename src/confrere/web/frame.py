"""What every page needs to know: who stands where, which places to show, light or dark, simulated or real."""

from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from confrere.people.queries import Standing
from confrere.web.places import Place, places
from confrere.web.postgres.databases import read_origin

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@cache
def simulated() -> bool:
    """Whether this database was made for simulated people; said once at its creation, so read once."""
    with connection.cursor() as cursor:
        origin = read_origin(cursor.connection)
    return origin is not None and origin.simulated


def theme(request: HttpRequest) -> str:
    """The person's own choice of light or dark; empty when the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `web/base.html`. The gate of a programme's page has put the standing on the request."""
    standing: Standing | None = getattr(request, "standing", None)

    def shown() -> list[Place]:
        return places(standing=standing, path=request.path) if request.user.is_authenticated else []

    # Asked for only where a page shows it: the page of help reads no database at all.
    return {
        "standing": standing,
        "places": SimpleLazyObject(shown),
        "theme": theme(request),
        "simulated": simulated,
    }

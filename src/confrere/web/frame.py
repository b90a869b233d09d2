"""What every page needs to know: who stands where, which places to show, light or dark, simulated or real."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from confrere.people.queries import Standing, programmes_of, standing
from confrere.vault import origin
from confrere.web.places import Place, places

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


#: Whether this database was made for simulated people: said once at its creation, so asked once.
simulated = cache(origin.simulated)


def theme(request: HttpRequest) -> str:
    """The person's own choice of light or dark; empty when the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def where(request: HttpRequest) -> Standing | None:
    """Where the person stands: in the page's programme (its gate has said so), else in their only one.

    Outside a programme this costs two queries, and only on pages that show places.
    """
    if hasattr(request, "standing") or not request.user.is_authenticated:
        return getattr(request, "standing", None)
    now = timezone.now()
    open_to_them = programmes_of(person=request.user.pk, now=now)
    if len(open_to_them) != 1:
        return None
    return standing(person=request.user.pk, programme=open_to_them[0].slug, now=now)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `web/base.html`, asked for only where a page shows it: the page of help reads no database."""

    @cache
    def here() -> Standing | None:
        return where(request)

    def shown() -> list[Place]:
        return places(standing=here(), path=request.path) if request.user.is_authenticated else []

    return {
        "standing": SimpleLazyObject(here),
        "places": SimpleLazyObject(shown),
        "theme": theme(request),
        "simulated": simulated,
    }

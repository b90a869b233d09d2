"""Lists and search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from confrere.lounge import queries, rules
from confrere.lounge.queries import Place
from confrere.lounge.views.gate import members, page_number, verified
from confrere.people.queries import Credential, Standing
from confrere.people.roles import Role


@members
def home(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The newest movement in all specialties but those that the member muted; first what is new to them."""
    credential = verified(standing)
    places, mine = queries.frame(programme=standing.programme, member=standing.person)
    return _list(request, standing, _Where(credential, places, mine))


@members
def specialty(request: HttpRequest, standing: Standing, specialty: str) -> HttpResponse:
    """One specialty: what waits for me, then all; with `?waiting=1` only what nobody has answered yet."""
    credential = verified(standing)
    places, mine = queries.frame(programme=standing.programme, member=standing.person)
    rules.check_found(places.get(specialty))
    return _list(request, standing, _Where(credential, places, mine, places[specialty]))


@dataclass(frozen=True, slots=True)
class _Where:
    """What a list is about: all specialties, or `here`."""

    credential: Credential
    places: Mapping[str, Place]
    mine: queries.Mine
    here: Place | None = None


def _list(request: HttpRequest, standing: Standing, where: _Where) -> HttpResponse:
    here, places, mine = where.here, where.places, where.mine
    listed, waiting = queries.names(places), request.GET.get("waiting") == "1"
    after = _key(request.GET.get("after", ""))
    slug = here.slug if here else None
    page = queries.questions(
        programme=standing.programme,
        member=standing.person,
        listed=listed,
        specialty=slug,
        muted=() if here else mine.muted,
        waiting=waiting,
        after=after,
    )
    first = after is None and not waiting
    waits_for_me = partial(queries.waits_for_me, programme=standing.programme, member=standing.person, listed=listed)
    news_for_me = partial(queries.news_for_me, programme=standing.programme, member=standing.person, listed=listed)
    context = {
        "standing": standing,
        "here": here,
        "parts": [one for one in places.values() if here and one.parent == here.slug and not one.closed],
        "whole": places.get(here.parent) if here and here.parent else None,
        "stance": mine.stances.get(slug or "", ""),
        "own": slug == where.credential.specialty,
        "called": slug in mine.called,
        "called_label": _("Call me when somebody writes @%(specialty)s") % {"specialty": slug},
        "waits": waits_for_me(specialty=slug) if first and slug else (),
        "news": news_for_me(specialty=slug) if first else (),
        "moderates": Role.MODERATOR in standing.roles,
        "waiting": waiting,
        "page": page,
        "now": timezone.now(),
    }
    return render(request, "lounge/list.html", context)


@members
def specialties(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Every specialty with its parts, those that the member follows first."""
    verified(standing)
    places, mine = queries.frame(programme=standing.programme, member=standing.person)
    whole = [one for one in places.values() if not one.parent and not one.closed]
    tree = [(one, [part for part in places.values() if part.parent == one.slug and not part.closed]) for one in whole]
    followed = [places[slug] for slug in mine.followed if slug in places]
    context = {"standing": standing, "tree": tree, "followed": followed, "mine": mine}
    context["entries"] = places.values() if Role.MODERATOR in standing.roles else ()
    return render(request, "lounge/specialties.html", context)


@members
def bookmarks(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the member keeps for later."""
    verified(standing)
    listed = queries.names(queries.places(programme=standing.programme))
    kept = queries.bookmarks(programme=standing.programme, member=standing.person, listed=listed)
    return render(request, "lounge/bookmarks.html", {"standing": standing, "lines": kept, "now": timezone.now()})


@members
def search(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Search with operators; the line is kept in the field."""
    verified(standing)
    places = queries.places(programme=standing.programme)
    text = request.GET.get("q", "").strip()[:400]
    asked = queries.parse(text, listed=places)
    page = min(max(page_number(request, "page"), 1), 50)
    found = queries.search(programme=standing.programme, asked=asked, listed=places, now=timezone.now(), page=page)
    context = {
        "standing": standing,
        "text": text,
        "asked": asked,
        "found": found,
        "next_page": page + 1,
    }
    return render(request, "lounge/search.html", context)


def _key(text: str) -> tuple[datetime, int] | None:
    """The key of the last question of the page before, as the link carried it; None if it makes no sense."""
    moment_text, _between, number = text.rpartition(",")
    try:
        parsed = parse_datetime(moment_text)
        moment = (
            parsed.astimezone(UTC) if parsed and parsed.tzinfo else None
        )  # the database takes none over 16 hours off
    except (ValueError, OverflowError):
        return None
    if not moment or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return moment, int(number)

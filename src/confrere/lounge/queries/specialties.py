"""The specialties of a programme: those that are shipped, with their parts, as the site has edited them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from confrere.lounge.models import Specialty
from confrere.people import queries as people


@dataclass(frozen=True, slots=True)
class Place:
    """A specialty, or a part of one. parent: the slug of the whole, or empty. nucc: taxonomy codes that map to it."""

    slug: str
    label: str
    parent: str = ""
    nucc: tuple[str, ...] = ()
    closed: bool = False


@cache
def shipped() -> Mapping[str, Place]:
    """The list that is shipped: the specialties that a credential can name, and their parts."""
    text = files("confrere.lounge").joinpath("subspecialties.toml").read_text(encoding="utf-8")
    whole = {slug: Place(slug, label) for slug, label in people.specialties().items()}
    parts = {
        slug: Place(slug, label, parent)
        for parent, children in tomllib.loads(text).items()
        for slug, label in children.items()
    }
    return dict(sorted({**whole, **parts}.items(), key=lambda entry: entry[1].label.casefold()))


def places(*, programme: int) -> dict[str, Place]:
    """Every specialty of a programme by its slug, closed ones too, in the order of their names. One query."""
    rows = Specialty.objects.filter(programme_id=programme)
    return merged(Place(row.slug, row.label, row.parent, tuple(row.nucc), row.closed) for row in rows)


def merged(edited: Iterable[Place]) -> dict[str, Place]:
    """The shipped list with what a site edited, in the order of the names."""
    changes = {one.slug: one for one in edited}
    if not changes:
        return dict(shipped())
    found = {**shipped(), **changes}
    return dict(sorted(found.items(), key=lambda entry: entry[1].label.casefold()))


def labels(*, programme: int) -> dict[str, str]:
    """Slug → plain name of every specialty in which one can ask now. One query."""
    return open_ones(places(programme=programme))


def open_ones(listed: Mapping[str, Place]) -> dict[str, str]:
    """Slug → plain name of those that are not closed."""
    return {slug: one.label for slug, one in listed.items() if not one.closed}


def names(listed: Mapping[str, Place]) -> dict[str, str]:
    """Slug → plain name of all, closed ones too: what was asked in them keeps its name."""
    return {slug: one.label for slug, one in listed.items()}


def family(listed: Mapping[str, Place], slug: str) -> frozenset[str]:
    """A specialty, what it is part of, and what is part of it: whose members are peers in its questions."""
    here = listed.get(slug, Place(slug, slug))
    parts = {one.slug for one in listed.values() if one.parent == slug}
    return frozenset({slug, *parts} | ({here.parent} if here.parent else set()))


def by_nucc(*, programme: int, code: str, classification: str, specialization: str) -> str | None:
    """The slug to which a taxonomy code maps: by the site's own mapping, else by the names that the code set gives.

    The most special name that is listed wins: "Cardiovascular Disease" knows no part of that name and falls back to
    its classification. None where neither is listed. One query.
    """
    listed = places(programme=programme)
    for one in listed.values():
        if code in one.nucc:
            return one.slug
    by_name = {_plain(one.label): one.slug for one in listed.values()}
    return next((by_name[name] for name in map(_plain, (specialization, classification)) if name in by_name), None)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("&", "and").split())

"""A real first start: directory, database, keys, first programme and operator."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from confrere.web.boot.database import open_database
from confrere.web.boot.errors import BootError
from confrere.web.boot.place import FILE, Site, save_site
from confrere.web.boot.running import migrate, only_one, run_django


class BadWish(Exception):
    """What was asked for cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the first operator says about the site."""

    name: str
    origin: str
    operator: str
    zone: str


@dataclass(frozen=True, slots=True)
class Founded:
    """What the first start made: the first sign-in link, and each key with who keeps it."""

    link: str
    keys: list[dict[str, str]]


def check_origin(origin: str) -> None:
    """An address that browsers trust with passkeys: https, or http on this very machine."""
    parts = urlsplit(origin)
    local = parts.scheme == "http" and parts.hostname == "localhost"
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.path or parts.query:
        raise BadWish(f"{origin} is no address of a site. It should read like https://coaching.hospital.org")


def found(data: Path, wish: Wish, *, tell: Callable[[str], None]) -> Founded:
    """Make the site. Raises `BootError` if there is one, `BadWish` if the wish cannot be met."""
    check_origin(wish.origin)
    site = Site(data=data, name=wish.name, origin=wish.origin)
    if (data / FILE).exists():
        raise BootError(f"There is a site in {data} already. Nothing was changed.")
    with only_one(site), open_database(site, tell=tell) as database:
        tell("Making the tables.")
        migrate(site, database)
        given = json.dumps({"name": wish.name, "operator": wish.operator, "zone": wish.zone})
        answer = json.loads(run_django(site, database.app, "confrere.web.boot.inside", "found", given=given))
        if "refused" in answer:
            raise BadWish(answer["refused"])
        save_site(site)
    return Founded(link=wish.origin + answer["path"], keys=answer["keys"])

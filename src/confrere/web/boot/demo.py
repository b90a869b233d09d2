"""The demo's process management: its own directory and database, its story once, then the site."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import confrere
from confrere.web.boot.database import open_database
from confrere.web.boot.place import Site, data_directory
from confrere.web.boot.processes import until_asked_to_end
from confrere.web.boot.running import begun_django, check_port_free, migrate, only_one, run_site

STAMP = "story.json"

type SignIns = list[tuple[str, str]]


def demo_site(port: int) -> Site:
    """The simulated site of this machine, apart from any real one. Passkeys need `localhost`."""
    return Site(
        data=data_directory() / "demo",
        name="Simulated programme",
        origin=f"http://localhost:{port}",
        simulated=True,
    )


def run_demo(
    *, port: int, fresh: bool, people: int, ready: Callable[[Site, SignIns], None], tell: Callable[[str], None]
) -> None:
    """Bring up the simulated programme of so many participants until somebody asks it to end.

    The story is told once; a later start resumes where the last one ended, unless `fresh` asks for a new story, or
    another version of the code, or one for another number of participants, told it. `ready` gets the ways to sign in,
    (role, path). Raises `BootError`.
    """
    site = demo_site(port)
    with until_asked_to_end(), only_one(site):
        check_port_free("127.0.0.1", port)
        known = None if fresh else read_stamp(site, people=people)
        if known is None:
            tell("Making the simulated programme; this takes a minute or two.")
            forget(site)
        with open_database(site, tell=tell, fresh=known is None) as database:
            if known is not None:
                migrate(site, database)
            else:
                inside = ("confrere.web.boot.inside", "story")
                # The teller imports what it needs while the tables are made.
                with begun_django(site, database.app, *inside, prepare=True) as tell_story:
                    migrate(site, database)
                    known = cast("SignIns", json.loads(tell_story(json.dumps({"participants": people}))))
                (site.data / STAMP).write_text(json.dumps({"version": version(), "people": people, "sign_ins": known}))
            sign_ins = known
            run_site(site, database, port=port, ready=lambda: ready(site, sign_ins), tell=tell)


def read_stamp(site: Site, *, people: int | None = None) -> SignIns | None:
    """How to sign in to the story that is there; None if it is not whole, of another version or of other `people`."""
    try:
        stamp = json.loads((site.data / STAMP).read_text())
    except (FileNotFoundError, ValueError):
        return None
    if stamp["version"] != version() or people not in {None, stamp["people"]}:
        return None
    return [(role, path) for role, path in stamp["sign_ins"]]


def forget(site: Site) -> None:
    """Remove everything of an earlier story but the server, whose database is thrown away when it runs."""
    (site.data / STAMP).unlink(missing_ok=True)
    for folder in ("keys", "letters", "shares"):
        shutil.rmtree(site.data / folder, ignore_errors=True)


def version() -> str:
    """A digest of what decides the tables and the story: migrations and the simulated programme's modules."""
    package = Path(confrere.__file__).parent
    files = sorted([*package.glob("*/migrations/*.py"), *package.glob("web/demo/**/*.py")])
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(package)).encode() + file.read_bytes())
    return digest.hexdigest()

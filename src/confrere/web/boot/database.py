"""The database of a site: a managed one that the environment names, else our own server."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from confrere.web.boot.errors import BootError
from confrere.web.boot.place import Site
from confrere.web.postgres import APP, OWNER, Cluster, PostgresError, drop_database, prepare_database

NAME = "confrere"


@dataclass(frozen=True, slots=True)
class Database:
    """Two addresses of one database, by role; and our own server, if it is ours to look after."""

    owner: str
    app: str
    cluster: Cluster | None = None

    def revive(self) -> bool:
        """Start our own server again if it has ended; True if it had."""
        if self.cluster is None or self.cluster.process_id() is not None:
            return False
        self.cluster.start()
        return True


@contextmanager
def open_database(
    site: Site,
    *,
    tell: Callable[[str], None],
    fresh: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Database]:
    """The site's database while the block runs, made if there is none.

    `fresh` throws away a simulated one first. Raises `BootError`.
    """
    environ = os.environ if environ is None else environ
    if environ.get("DATABASE_URL"):
        yield managed(site, environ)
        return
    try:
        cluster = Cluster(site.data, tell=tell)
        with cluster as address:
            if fresh and site.simulated:
                drop_database(address, NAME)
            prepare_database(address, name=NAME, simulated=site.simulated)
            yield Database(
                owner=address.url(role=OWNER, database=NAME),
                app=address.url(role=APP, database=NAME),
                cluster=cluster,
            )
    except PostgresError as error:
        raise BootError(str(error)) from error


def managed(site: Site, environ: Mapping[str, str]) -> Database:
    """Two addresses from the environment; never for a simulated site."""
    if site.simulated:
        raise BootError(
            "DATABASE_URL is set, and the demo never touches a database that it did not make itself. Unset it first."
        )
    if not environ.get("DATABASE_OWNER_URL"):
        raise BootError(
            "DATABASE_URL names the application's role; DATABASE_OWNER_URL, the address of the role that "
            "migrates, is needed too. `confrere doctor --sql` prints what makes both roles."
        )
    return Database(owner=environ["DATABASE_OWNER_URL"], app=environ["DATABASE_URL"])

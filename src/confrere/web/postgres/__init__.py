"""PostgreSQL without an administrator: finding its binaries, running one server, making databases and roles.

Lives here: everything between "there is a data directory" and "here is an address to connect to".
Does not live here: Django, settings, tables. Who may enter: `web`, `cli` and the tests.
"""

from confrere.web.postgres.address import Address
from confrere.web.postgres.binaries import Binaries, find_binaries
from confrere.web.postgres.cluster import Cluster
from confrere.web.postgres.databases import (
    Origin,
    drop_database,
    managed_sql,
    prepare_database,
    read_origin,
)
from confrere.web.postgres.errors import PostgresError
from confrere.web.postgres.rights import grant_rights
from confrere.web.postgres.roles import APP, EXPORT, OWNER, SUPERUSER
from confrere.web.postgres.testing import ephemeral_cluster

__all__ = [
    "APP",
    "EXPORT",
    "OWNER",
    "SUPERUSER",
    "Address",
    "Binaries",
    "Cluster",
    "Origin",
    "PostgresError",
    "drop_database",
    "ephemeral_cluster",
    "find_binaries",
    "grant_rights",
    "managed_sql",
    "prepare_database",
    "read_origin",
]

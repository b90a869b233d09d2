"""Making a database with its roles, and reading what it was made for."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import psycopg
from psycopg import sql

from confrere.web.postgres.address import Address
from confrere.web.postgres.errors import PostgresError
from confrere.web.postgres.roles import APP, OWNER, SUPERUSER


@dataclass(frozen=True)
class Origin:
    """What a database was made for: simulated people or real ones. Said at its creation, never later."""

    simulated: bool
    created_at: datetime


def prepare_database(address: Address, *, name: str, simulated: bool) -> bool:
    """Make the roles and the database `name`, whole or not at all; True if it is new.

    An existing database is left as it is. Raises `PostgresError` if that one was made for the other kind
    of people. Several callers at once give one database.
    """
    with psycopg.connect(address.conninfo(role=SUPERUSER, database="postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('confrere databases'))")
        server.execute(script("roles.sql"))
        if not exists(server, name):
            build(server, address, name=name, simulated=simulated)
            return True
    with psycopg.connect(address.conninfo(role=SUPERUSER, database=name)) as connection:
        origin = read_origin(connection)
    if origin is None or origin.simulated is not simulated:
        found = kind(origin is not None and origin.simulated)
        raise PostgresError(
            f"The database “{name}” was made for {found} people, not for {kind(simulated)} ones, and this "
            "never changes. Use another data directory (CONFRERE_DATA)."
        )
    return False


def kind(simulated: bool) -> str:
    """The adjective."""
    return "simulated" if simulated else "real"


def exists(server: psycopg.Connection, name: str) -> bool:
    """Whether the server has a database of this name."""
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def build(server: psycopg.Connection, address: Address, *, name: str, simulated: bool) -> None:
    """Make the database under another name and rename it when it is complete."""
    draft = f"{name}_making"
    drop(server, draft)  # of a start that was killed
    server.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(sql.Identifier(draft), sql.Identifier(OWNER))
    )
    server.execute(
        sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO {1}").format(
            sql.Identifier(draft), sql.Identifier(APP)
        )
    )
    with psycopg.connect(address.conninfo(role=SUPERUSER, database=draft)) as connection:
        furnish(connection, simulated=simulated)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def furnish(connection: psycopg.Connection, *, simulated: bool) -> None:
    """Extensions, schema and mark, inside the database."""
    connection.execute(script("database.sql"))
    connection.execute("INSERT INTO confrere_meta.origin (simulated) VALUES (%s)", [simulated])


def read_origin(connection: psycopg.Connection) -> Origin | None:
    """The mark of the connected database; None if it has none, which counts as real everywhere."""
    if connection.execute("SELECT to_regclass('confrere_meta.origin')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT simulated, created_at FROM confrere_meta.origin").fetchone()
    return Origin(*row) if row else None


def drop_database(address: Address, name: str) -> None:
    """Remove a database with all its data, ending its sessions; nothing happens if there is none."""
    with psycopg.connect(address.conninfo(role=SUPERUSER, database="postgres"), autocommit=True) as server:
        drop(server, name)


def drop(server: psycopg.Connection, name: str) -> None:
    """The statement of `drop_database`."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def managed_sql() -> str:
    """What an operator runs once, with psql, on a managed PostgreSQL: what we run ourselves."""
    return "\n".join(script(name) for name in ("roles.sql", "managed.sql", "database.sql", "managed_mark.sql"))


def script(name: str) -> str:
    """A file of statements that ships beside this module; nothing from outside is ever put into it."""
    return files("confrere.web.postgres").joinpath(name).read_text()

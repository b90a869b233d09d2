"""A server for tests: fast because a crash may cost it its data, kept on disk between runs."""

import atexit
import hashlib
import os
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from confrere.web.postgres.address import Address
from confrere.web.postgres.binaries import find_binaries
from confrere.web.postgres.cluster import Cluster
from confrere.web.postgres.databases import furnish, prepare_database, read_origin
from confrere.web.postgres.roles import APP, OWNER, SUPERUSER

HERE = Path(__file__).resolve().parent
NAME = "confrere"

FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
}


def ephemeral_cluster() -> Cluster:
    """The test server of this checkout, this user and this version of PostgreSQL.

    Its data lie in `CONFRERE_TEST_PG`, else among the temporary files. Never for anything that must last.
    """
    binaries = find_binaries()
    digest = hashlib.sha256(os.fsencode(HERE)).hexdigest()[:8]
    name = f"confrere-test-{os.geteuid()}-{binaries.version}-{digest}"
    data = Path(os.environ.get("CONFRERE_TEST_PG") or Path(tempfile.gettempdir()) / name)
    return Cluster(data, binaries=binaries, settings=FORGETFUL)


def start() -> str:
    """Start the test server for the life of this process; the owner's address of a simulated database.

    The owner may also make databases (from template1 they have our extensions, schema and mark), act as the
    application, and switch triggers off to empty tables. The server ends with the last process that started
    it. Safe for several processes at once.
    """
    cluster = ephemeral_cluster()
    address = cluster.start()
    atexit.register(cluster.stop)
    prepare_database(address, name=NAME, simulated=True)
    loosen(address)
    return address.url(role=OWNER, database=NAME)


def loosen(address: Address) -> None:
    """Rights that only tests need; never given outside this module."""
    with psycopg.connect(address.conninfo(role=SUPERUSER, database="postgres")) as server:
        server.execute("SELECT pg_advisory_xact_lock(hashtext('confrere tests'))")
        for statement in (
            "ALTER ROLE {owner} CREATEDB",
            "GRANT {app} TO {owner}",
            "GRANT SET ON PARAMETER session_replication_role TO {owner}",
        ):
            server.execute(sql.SQL(statement).format(owner=sql.Identifier(OWNER), app=sql.Identifier(APP)))
        with psycopg.connect(address.conninfo(role=SUPERUSER, database="template1")) as template:
            if read_origin(template) is None:
                furnish(template, simulated=True)

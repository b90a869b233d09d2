"""A database is made whole, says for ever what it was made for, and gives each role its own rights."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from confrere.web.postgres import (
    APP,
    EXPORT,
    OWNER,
    SUPERUSER,
    Address,
    PostgresError,
    drop_database,
    find_binaries,
    grant_rights,
    managed_sql,
    prepare_database,
    read_origin,
)

NAME = "rights"


def connect(address: Address, role: str, name: str = NAME) -> psycopg.Connection:
    return psycopg.connect(address.conninfo(role=role, database=name), autocommit=True)


@pytest.fixture(scope="module")
def database(address: Address) -> Iterator[Address]:
    """Three tables: one of ordinary rows, one that only grows, one for exports; rights are set."""
    assert prepare_database(address, name=NAME, simulated=True)
    with connect(address, OWNER) as owner:
        owner.execute("CREATE TABLE answers (id serial PRIMARY KEY, score int)")
        owner.execute("CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY, digest text)")
        owner.execute("CREATE TABLE identity (id int)")
        grant_rights(owner, append_only={"audit"}, export_tables={"answers"})
    yield address
    drop_database(address, NAME)


def test_a_database_is_made_once(database: Address) -> None:
    assert not prepare_database(database, name=NAME, simulated=True)
    with connect(database, APP) as app:
        origin = read_origin(app)
    assert origin is not None
    assert origin.simulated


def test_several_callers_make_one_database(address: Address) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda _: prepare_database(address, name="several", simulated=False), range(4))
    assert sorted(made) == [False, False, False, True]
    drop_database(address, "several")


def test_a_database_for_simulated_people_never_serves_real_ones(database: Address) -> None:
    with pytest.raises(PostgresError, match="was made for simulated people, not for real ones"):
        prepare_database(database, name=NAME, simulated=False)


def test_a_database_without_a_mark_counts_as_real(address: Address) -> None:
    with connect(address, SUPERUSER, "postgres") as server:
        assert read_origin(server) is None
    with pytest.raises(PostgresError, match="was made for real people, not for simulated ones"):
        prepare_database(address, name="postgres", simulated=True)


def test_a_mark_table_that_is_empty_is_no_mark(address: Address) -> None:
    with connect(address, SUPERUSER, "postgres") as server, server.transaction(force_rollback=True):
        server.execute("CREATE SCHEMA confrere_meta")
        server.execute("CREATE TABLE confrere_meta.origin (simulated boolean, created_at timestamptz)")
        assert read_origin(server) is None


def test_a_database_left_half_made_is_made_anew(address: Address) -> None:
    with connect(address, SUPERUSER, "postgres") as server:
        server.execute("CREATE DATABASE half_making")
    assert prepare_database(address, name="half", simulated=False)
    drop_database(address, "half")
    drop_database(address, "half")


@pytest.mark.parametrize("role", [OWNER, APP])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE confrere_meta.origin SET simulated = false",
        "DELETE FROM confrere_meta.origin",
        "INSERT INTO confrere_meta.origin (only_row, simulated) VALUES (true, false)",
        "TRUNCATE confrere_meta.origin",
        "DROP TABLE confrere_meta.origin",
        "DROP SCHEMA confrere_meta CASCADE",
        "CREATE TABLE confrere_meta.other (id int)",
    ],
)
def test_no_role_of_ours_changes_the_mark(database: Address, role: str, statement: str) -> None:
    with connect(database, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO answers (score) VALUES (1)",
        "UPDATE answers SET score = 2",
        "DELETE FROM answers",
        "SELECT * FROM answers",
        "INSERT INTO audit (digest) VALUES ('a')",
        "SELECT * FROM audit",
        "SELECT similarity('É', 'é'), unaccent('É'), 'A'::citext, int4range(1, 2)",
        "BEGIN; SET LOCAL ROLE confrere_export; SELECT * FROM answers; COMMIT",
    ],
)
def test_the_application_may(database: Address, statement: str) -> None:
    with connect(database, APP) as app:
        app.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET digest = 'b'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "TRUNCATE answers",
        "DROP TABLE answers",
        "ALTER TABLE audit ADD note text",
        "CREATE TABLE own (id int)",
        "CREATE TEMP TABLE own (id int)",
        "SET ROLE confrere_owner",
        "SET session_replication_role = replica",
        "BEGIN; SET LOCAL ROLE confrere_export; SELECT * FROM identity",
        "BEGIN; SET LOCAL ROLE confrere_export; SELECT * FROM audit",
        "BEGIN; SET LOCAL ROLE confrere_export; INSERT INTO answers (score) VALUES (1)",
    ],
)
def test_the_application_may_not(database: Address, statement: str) -> None:
    with connect(database, APP) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())


def test_rights_are_set_anew_not_added(database: Address) -> None:
    with connect(database, OWNER) as owner:
        with owner.transaction(force_rollback=True):
            grant_rights(owner, append_only=set(), export_tables={"identity"})
            rows = owner.execute(
                "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s",
                [EXPORT],
            ).fetchall()
            assert rows == [("identity", "SELECT")]
        with pytest.raises(psycopg.errors.UndefinedTable, match="no_such_table"):
            grant_rights(owner, append_only={"no_such_table"}, export_tables=set())


def test_the_file_for_managed_servers_runs_and_makes_a_database_for_real_people(address: Address) -> None:
    psql = subprocess.run(
        [find_binaries().program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"],
        input=managed_sql(),
        env={"PGHOST": str(address.directory), "PGUSER": SUPERUSER, "PGDATABASE": "postgres"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (psql.returncode, psql.stderr) == (0, "")
    with connect(address, APP, "confrere") as app:
        origin = read_origin(app)
    assert origin is not None
    assert not origin.simulated
    assert not prepare_database(address, name="confrere", simulated=False)
    drop_database(address, "confrere")

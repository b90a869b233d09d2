"""One real PostgreSQL for all tests. The database is made by its owner and used with the application's rights."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import Settings
    from tests.study import Study


def _prepare() -> None:
    address = os.environ.get("CONFRERE_TEST_DATABASE")
    if not address:
        from confrere.web.postgres import testing

        address = testing.start()
    os.environ["CONFRERE_DATABASE"] = address
    os.environ["CONFRERE_POOL"] = "0"
    os.environ.setdefault("CONFRERE_SECRET_KEY", secrets.token_hex(32))
    os.environ["CONFRERE_ORIGIN"] = "http://localhost"
    os.environ.setdefault("CONFRERE_KEYS", tempfile.mkdtemp(prefix="confrere-keys-"))
    os.environ.setdefault("CONFRERE_SHARES", tempfile.mkdtemp(prefix="confrere-shares-"))
    os.environ.setdefault("CONFRERE_STATIC", tempfile.mkdtemp(prefix="confrere-static-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "confrere.web.settings"
    import django

    django.setup()
    from confrere.vault import keys

    if not keys.store().exists("link"):  # made by the first process, before it starts others
        keys.create_standing_keys(keys.store())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database is made by its owner; from then on every connection has the application's rights."""
    from django.db import connection
    from django.db.backends.signals import connection_created

    def become_application(connection: "BaseDatabaseWrapper", **_: object) -> None:
        if connection.alias == "default":  # not the one that makes and drops databases
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE confrere_app")

    connection_created.connect(become_application)
    connection.close()
    yield
    connection_created.disconnect(become_application)
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_the_owner() -> None:
    """Transactional tests truncate every table afterwards; the application may not, and some tables refuse."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_by_owner(self: "DatabaseOperations", statements: list[str]) -> None:
        flush(self, ["SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica", *statements])

    DatabaseOperations.execute_sql_flush = flush_by_owner  # type: ignore[method-assign]  # for tests only


@pytest.fixture
def owner() -> Callable[[], AbstractContextManager[None]]:
    """`with owner(): …` has the rights of the database's owner, for what no application may do."""
    from django.db import connection

    @contextmanager
    def acting() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            try:
                yield
            finally:
                if not connection.needs_rollback:
                    cursor.execute("SET ROLE confrere_app")

    return acting


@pytest.fixture
def chain_now() -> Callable[[], None]:
    """Let the deferred trigger run inside a test's transaction, as it does at commit."""

    from django.db import connection

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    return run


@pytest.fixture
def shared() -> Path:
    """The folder of reference data that is not part of the project; tests that need it are skipped without it."""
    folder = Path(os.environ.get("CONFRERE_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared reference data is absent (set CONFRERE_SHARED)")
    return folder


@pytest.fixture
def standing_keys(settings: "Settings", tmp_path: Path) -> Path:
    """A key store of this test's own, with the keys that every site has."""
    from confrere.vault import keys

    settings.KEYS = tmp_path / "keys"
    keys.create_standing_keys(keys.store())
    return tmp_path / "keys"


@pytest.fixture
def bare(db: None, standing_keys: None) -> "Study":
    """A programme without a trial yet."""
    from tests.study import make_study

    return make_study()


@pytest.fixture
def study(bare: "Study") -> "Study":
    """A programme whose small trial recruits."""
    bare.open()
    return bare


@pytest.fixture
def full(study: "Study") -> Callable[[], list[str]]:
    """Fill every place; returns the study ids."""

    def full() -> list[str]:
        return [study.enrol(number) for number in range(6)]

    return full


_prepare()  # at import: a room's conftest, which pytest loads next, may import models

"""One real PostgreSQL for all tests. The database is made by its owner and used with the application's rights."""

import os
import secrets
import tempfile
from pathlib import Path

import pytest


def _prepare() -> None:
    address = os.environ.get("CONFRERE_TEST_DATABASE")
    if not address:
        from confrere.web.postgres import testing

        address = testing.start()
    os.environ["CONFRERE_DATABASE"] = address
    os.environ["CONFRERE_POOL"] = "0"
    os.environ["CONFRERE_SECRET_KEY"] = secrets.token_hex(32)
    os.environ["CONFRERE_ORIGIN"] = "http://localhost"
    os.environ.setdefault("CONFRERE_KEYS", tempfile.mkdtemp(prefix="confrere-keys-"))
    os.environ.setdefault("CONFRERE_STATIC", tempfile.mkdtemp(prefix="confrere-static-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "confrere.web.settings"
    import django

    django.setup()
    from confrere.vault import keys

    if not keys.store().exists("link"):  # made by the first process, before it starts others
        keys.create_standing_keys(keys.store())


@pytest.fixture(scope="session", autouse=True)
def _emptied_with_triggers_off() -> None:
    """Transactional tests truncate every table afterwards; tables that refuse this are emptied all the same."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_by_owner(self: DatabaseOperations, statements: list[str]) -> None:
        off, on = "SET LOCAL session_replication_role = replica", "SET LOCAL session_replication_role = DEFAULT"
        flush(self, [off, *statements, on])

    DatabaseOperations.execute_sql_flush = flush_by_owner  # type: ignore[method-assign]  # for tests only


@pytest.fixture
def shared() -> Path:
    """The folder of reference data that is not part of the project; tests that need it are skipped without it."""
    folder = Path(os.environ.get("CONFRERE_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared reference data is absent (set CONFRERE_SHARED)")
    return folder


_prepare()  # at import: a room's conftest, which pytest loads next, may import models

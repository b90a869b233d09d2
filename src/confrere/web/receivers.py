"""After every migration the application's and the exports' rights are set anew."""

from typing import Any

from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

from confrere.vault.classification import append_only_tables, export_tables
from confrere.web.postgres import APP, grant_rights


def set_rights(*, using: str, **kwargs: Any) -> None:
    """Give both roles what the models' classes say. Runs as the owner, who migrates.

    The cache's table, which no migration makes, is made first. Emptying a database announces itself like a
    migration, but without a plan; then there is nothing to do.
    """
    if "plan" not in kwargs:
        return
    call_command("createcachetable", database=using, verbosity=0)
    with transaction.atomic(using), connections[using].cursor() as cursor:
        grant_rights(connections[using].connection, append_only=append_only_tables(), export_tables=export_tables())
        # The chain is made by the database alone, and what only grows is erased through these functions alone.
        for statement in (
            "REVOKE INSERT ON vault_seal FROM {}",
            "GRANT EXECUTE ON FUNCTION vault_erase_payloads(timestamptz) TO {}",
            "GRANT EXECUTE ON FUNCTION coaching_erase_held_sessions(timestamptz) TO {}",
            "GRANT EXECUTE ON FUNCTION surveys_erase_withdrawn(timestamptz) TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(sql.Identifier(APP)))

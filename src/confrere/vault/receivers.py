"""After every migration the database learns again what retention.toml and the models say."""

from typing import Any

from django.db import connections
from psycopg import sql

from confrere.vault.classification import append_only_tables, classes


def settle(*, using: str, **kwargs: Any) -> None:
    """Write the audit periods into the database and protect every append-only table. Runs as the owner.

    Emptying a database announces itself like a migration, but without a plan; then there is nothing to do.
    """
    if "plan" not in kwargs:
        return
    periods = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN make_interval(days => {})").format(sql.Literal(kept.name), sql.Literal(kept.trace))
        for kept in classes().values()
        if kept.trace
    )
    body = sql.SQL("SELECT CASE class {} END").format(periods)
    with connections[using].cursor() as cursor:
        text = body.as_string(connections[using].connection)
        cursor.execute(
            sql.SQL(
                "CREATE OR REPLACE FUNCTION vault_trace(class text) RETURNS interval LANGUAGE sql IMMUTABLE AS {}"
            ).format(sql.Literal(text))
        )
        for table in append_only_tables():
            cursor.execute(sql.SQL("SELECT vault_protect({})").format(sql.Literal(table)))

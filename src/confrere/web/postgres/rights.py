"""What the application may do with each table: set anew after every migration."""

from collections.abc import Collection

import psycopg
from psycopg import sql

from confrere.web.postgres.roles import APP, EXPORT


def grant_rights(
    connection: psycopg.Connection, *, append_only: Collection[str], export_tables: Collection[str]
) -> None:
    """Give the application and export roles their rights on the tables of `public`. Run it as the owner.

    The application reads and writes rows everywhere, but on `append_only` tables it only reads and inserts,
    and it truncates nothing. The export role reads `export_tables` and nothing else. All in one transaction;
    a name that is no table raises `psycopg.errors.UndefinedTable`.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('confrere rights'))")
        for statement in (
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}, {export}",
            "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {app}, {export}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        ):
            connection.execute(sql.SQL(statement).format(app=sql.Identifier(APP), export=sql.Identifier(EXPORT)))
        for table in sorted(append_only):
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(
                    sql.Identifier("public", table), sql.Identifier(APP)
                )
            )
        for table in sorted(export_tables):
            connection.execute(
                sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier("public", table), sql.Identifier(EXPORT))
            )

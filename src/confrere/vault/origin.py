"""What the database was made for: simulated people or real ones. Said at its creation, never changed since."""

from django.db import connection


def simulated() -> bool:
    """Whether this database was made for simulated people; one without the mark counts as real."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('confrere_meta.origin') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return False
        cursor.execute("SELECT simulated FROM confrere_meta.origin")
        return bool(cursor.fetchone() == (True,))

"""Everything that a database holds, as a dump of it would print it: for what must stand nowhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection

type Owner = Callable[[], AbstractContextManager[None]]


def tables_with(word: str, owner: Owner) -> set[str]:
    """The tables in which a row, printed as text (octets in hexadecimal), holds this word, whoever may read them."""
    assert word
    found = set()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT 1 FROM {name} t WHERE strpos(t::text, %s) > 0 LIMIT 1", [word])
            if cursor.fetchone():
                found.add(table)
    return found

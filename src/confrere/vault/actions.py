"""What time does to data: nothing lives longer than its class says, and nobody ends it early."""

from datetime import datetime

from django.db import connection


def erase_payloads(*, now: datetime) -> int:
    """Erase the audit payloads whose class has ended; how many. One event in the chain tells which numbers.

    The database decides by its own table of periods and counts no moment later than its own clock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_erase_payloads(%s)", [now])
        (erased,) = cursor.fetchone()
    return int(erased)

"""How long a letter is tried."""

from datetime import datetime, timedelta

#: Minutes between attempts: soon at first (a sign-in code is worth ten minutes), then patient for two days.
PAUSES = (1, 1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960)


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` (≥ 1) failed ones; None when it is time to give up."""
    if attempts > len(PAUSES):
        return None
    return now + timedelta(minutes=PAUSES[attempts - 1])

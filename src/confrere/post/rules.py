"""How long a letter is tried, and when an address refuses mail for good."""

from datetime import datetime, timedelta

#: Minutes between attempts: soon at first (a sign-in code is worth ten minutes), then patient for two days.
PAUSES = (1, 1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960)


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` (≥ 1) failed ones; None when it is time to give up."""
    if attempts > len(PAUSES):
        return None
    return now + timedelta(minutes=PAUSES[attempts - 1])


def refuses_for_good(status: str) -> bool:
    """Whether a status (RFC 3463) says that nobody can be reached at an address: there is no such one, or it is closed.

    A full mailbox, a message too long and a policy about us are none of the address's own; nor is what is wrong with
    our sender (5.1.7 and 5.1.8).
    """
    return status in {"5.0.0", "5.2.1"} or (status.startswith("5.1.") and status not in {"5.1.7", "5.1.8"})

"""Who coaches, when, and for whom a session is kept. Nothing here can hold a word about a meeting.

`tests/coaching/test_records_free.py` walks these models: whatever points at two people has no column that
takes a sentence.
"""

from confrere.coaching.models.meeting import (
    LIVE,
    TRANSITIONS,
    ZONE,
    Booking,
    Coach,
    Entitlement,
    HeldSession,
    Hours,
    Occupied,
    Said,
    Source,
    State,
    half_open,
)
from confrere.coaching.models.pay import COST_CENTRE, LineKind, PayLine, Rate

__all__ = [
    "COST_CENTRE",
    "LIVE",
    "TRANSITIONS",
    "ZONE",
    "Booking",
    "Coach",
    "Entitlement",
    "HeldSession",
    "Hours",
    "LineKind",
    "Occupied",
    "PayLine",
    "Rate",
    "Said",
    "Source",
    "State",
    "half_open",
]

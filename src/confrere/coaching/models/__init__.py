"""Who coaches, when, and for whom a session is kept. Nothing here can hold a word about a meeting.

`tests/coaching/test_records_free.py` walks these models: whatever points at two people has no column that
takes a sentence.
"""

from confrere.coaching.models.around import Acknowledged, Feed, Limits, Waiting
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
from confrere.coaching.models.themes import Band, PooledTheme, Theme, ThemeAnswer
from confrere.coaching.models.workbook import AROUND, STEP, STEPS, WRAPPED, Lock, Showing, Workbook, WorkbookLock

__all__ = [
    "AROUND",
    "COST_CENTRE",
    "LIVE",
    "STEP",
    "STEPS",
    "TRANSITIONS",
    "WRAPPED",
    "ZONE",
    "Acknowledged",
    "Band",
    "Booking",
    "Coach",
    "Entitlement",
    "Feed",
    "HeldSession",
    "Hours",
    "Limits",
    "LineKind",
    "Lock",
    "Occupied",
    "PayLine",
    "PooledTheme",
    "Rate",
    "Said",
    "Showing",
    "Source",
    "State",
    "Theme",
    "ThemeAnswer",
    "Waiting",
    "Workbook",
    "WorkbookLock",
    "half_open",
]

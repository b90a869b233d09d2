"""Who coaches, when, and for whom a session is kept. Nothing here can hold a word about a meeting.

`tests/coaching/test_records_free.py` walks these models: whatever points at two people has no column that
takes a sentence.
"""

from confrere.coaching.models.around import Acknowledged, Device, Feed, Limits, Part, Waiting
from confrere.coaching.models.choosing import Conversation, Leeway, Shunned
from confrere.coaching.models.coach import Area, Coach
from confrere.coaching.models.gatherings import Circle, CircleMember, Gathering
from confrere.coaching.models.hours import ZONE, Away, BusyCalendar, BusyTime, Hours, Trouble, half_open
from confrere.coaching.models.meeting import (
    LIVE,
    TRANSITIONS,
    Booking,
    Entitlement,
    HeldSession,
    Occupied,
    Said,
    Source,
    State,
)
from confrere.coaching.models.pay import COST_CENTRE, LineKind, PayLine, Rate
from confrere.coaching.models.roster import STAGES, Agreement, Certificate, CoachFile, Complaint, Stage
from confrere.coaching.models.themes import Band, PooledTheme, Theme, ThemeAnswer
from confrere.coaching.models.workbook import AROUND, STEP, STEPS, WRAPPED, Lock, Showing, Workbook, WorkbookLock

__all__ = [
    "AROUND",
    "COST_CENTRE",
    "LIVE",
    "STAGES",
    "STEP",
    "STEPS",
    "TRANSITIONS",
    "WRAPPED",
    "ZONE",
    "Acknowledged",
    "Agreement",
    "Area",
    "Away",
    "Band",
    "Booking",
    "BusyCalendar",
    "BusyTime",
    "Certificate",
    "Circle",
    "CircleMember",
    "Coach",
    "CoachFile",
    "Complaint",
    "Conversation",
    "Device",
    "Entitlement",
    "Feed",
    "Gathering",
    "HeldSession",
    "Hours",
    "Leeway",
    "Limits",
    "LineKind",
    "Lock",
    "Occupied",
    "Part",
    "PayLine",
    "PooledTheme",
    "Rate",
    "Said",
    "Showing",
    "Shunned",
    "Source",
    "Stage",
    "State",
    "Theme",
    "ThemeAnswer",
    "Trouble",
    "Waiting",
    "Workbook",
    "WorkbookLock",
    "half_open",
]

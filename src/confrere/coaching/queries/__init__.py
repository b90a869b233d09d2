"""Reading who may book, what is free, and who meets when."""

from confrere.coaching.clock import Span
from confrere.coaching.models import Said
from confrere.coaching.queries.capacity import Capacity, capacity
from confrere.coaching.queries.cards import address, today
from confrere.coaching.queries.coaches import Page, Room, coach_of, directory, page
from confrere.coaching.queries.counts import Delivered, Granted, Waiting, delivered, granted_by_hand, unbooked
from confrere.coaching.queries.entitlements import Ledger, ledger, ledger_of
from confrere.coaching.queries.hours import Offered, hours_of, open_slots
from confrere.coaching.queries.pay import Delivery, Line, Month, cost, delivery, lines, rate_on, statement
from confrere.coaching.queries.sessions import Session, session, sessions
from confrere.coaching.queries.themes import Quarter, my_themes, workplace
from confrere.coaching.queries.workbook import Sealed, Way, has_workbook, set_aside, workbook

__all__ = [
    "Capacity",
    "Delivered",
    "Delivery",
    "Granted",
    "Ledger",
    "Line",
    "Month",
    "Offered",
    "Page",
    "Quarter",
    "Room",
    "Said",
    "Sealed",
    "Session",
    "Span",
    "Waiting",
    "Way",
    "address",
    "capacity",
    "coach_of",
    "cost",
    "delivered",
    "delivery",
    "directory",
    "granted_by_hand",
    "has_workbook",
    "hours_of",
    "ledger",
    "ledger_of",
    "lines",
    "my_themes",
    "open_slots",
    "page",
    "rate_on",
    "session",
    "sessions",
    "set_aside",
    "statement",
    "today",
    "unbooked",
    "workbook",
    "workplace",
]

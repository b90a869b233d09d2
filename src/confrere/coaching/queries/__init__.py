"""Reading who may book, what is free, and who meets when."""

from confrere.coaching.clock import Span
from confrere.coaching.models import Said
from confrere.coaching.queries.calendars import devices, feed, has_feed
from confrere.coaching.queries.capacity import Capacity, capacity
from confrere.coaching.queries.cards import address, today
from confrere.coaching.queries.coaches import Page, Room, coach_of, directory, page, picture_of, shunned
from confrere.coaching.queries.counts import (
    Delivered,
    Granted,
    Waiting,
    delivered,
    draws_to_come,
    granted_by_hand,
    granted_elsewhere,
    one_grant,
    unbooked,
)
from confrere.coaching.queries.entitlements import Ledger, ledger, ledger_of
from confrere.coaching.queries.gatherings import Group, Meeting, circles, meeting, meetings, names_in, open_groups
from confrere.coaching.queries.hours import Offered, away, busy_calendar, hours_of, open_slots
from confrere.coaching.queries.limits import GENERAL, Wording, has_read, wordings
from confrere.coaching.queries.pay import Delivery, Line, Month, cost, delivery, lines, rate_on, statement
from confrere.coaching.queries.roster import File, agreement, complaints, file_of, files, signed, to_come_with
from confrere.coaching.queries.sessions import Session, session, sessions
from confrere.coaching.queries.talks import Talk, conversation, conversations, had
from confrere.coaching.queries.themes import Quarter, my_themes, workplace
from confrere.coaching.queries.waiting import InLine, in_line
from confrere.coaching.queries.workbook import Sealed, Way, has_workbook, set_aside, workbook

__all__ = [
    "GENERAL",
    "Capacity",
    "Delivered",
    "Delivery",
    "File",
    "Granted",
    "Group",
    "InLine",
    "Ledger",
    "Line",
    "Meeting",
    "Month",
    "Offered",
    "Page",
    "Quarter",
    "Room",
    "Said",
    "Sealed",
    "Session",
    "Span",
    "Talk",
    "Waiting",
    "Way",
    "Wording",
    "address",
    "agreement",
    "away",
    "busy_calendar",
    "capacity",
    "circles",
    "coach_of",
    "complaints",
    "conversation",
    "conversations",
    "cost",
    "delivered",
    "delivery",
    "devices",
    "directory",
    "draws_to_come",
    "feed",
    "file_of",
    "files",
    "granted_by_hand",
    "granted_elsewhere",
    "had",
    "has_feed",
    "has_read",
    "has_workbook",
    "hours_of",
    "in_line",
    "ledger",
    "ledger_of",
    "lines",
    "meeting",
    "meetings",
    "my_themes",
    "names_in",
    "one_grant",
    "open_groups",
    "open_slots",
    "page",
    "picture_of",
    "rate_on",
    "session",
    "sessions",
    "set_aside",
    "shunned",
    "signed",
    "statement",
    "to_come_with",
    "today",
    "unbooked",
    "wordings",
    "workbook",
    "workplace",
]

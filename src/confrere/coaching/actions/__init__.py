"""Verbs of the meeting: guards first, one transaction, one audit event, then the letters."""

from confrere.coaching.actions.booking import book, cancel, move
from confrere.coaching.actions.ending import (
    erase_bookings,
    erase_coach_pages,
    erase_entitlements,
    erase_held_sessions,
)
from confrere.coaching.actions.entitlements import grant, resume, revoke
from confrere.coaching.actions.holding import confirm_held, settle
from confrere.coaching.actions.offering import offer_hours, spans_offered, withdraw_hours, write_page

__all__ = [
    "book",
    "cancel",
    "confirm_held",
    "erase_bookings",
    "erase_coach_pages",
    "erase_entitlements",
    "erase_held_sessions",
    "grant",
    "move",
    "offer_hours",
    "resume",
    "revoke",
    "settle",
    "spans_offered",
    "withdraw_hours",
    "write_page",
]

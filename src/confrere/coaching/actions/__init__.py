"""Verbs of the meeting: guards first, one transaction, one audit event, then the letters."""

from confrere.coaching.actions.booking import book, cancel, move
from confrere.coaching.actions.ending import (
    erase_bookings,
    erase_coach_pages,
    erase_entitlements,
    erase_held_sessions,
    erase_pay,
)
from confrere.coaching.actions.entitlements import grant, resume, revoke
from confrere.coaching.actions.holding import confirm_held, settle
from confrere.coaching.actions.offering import offer_hours, spans_offered, withdraw_hours, write_page
from confrere.coaching.actions.paying import pay_sessions, pay_stipend, set_rate, take_back

__all__ = [
    "book",
    "cancel",
    "confirm_held",
    "erase_bookings",
    "erase_coach_pages",
    "erase_entitlements",
    "erase_held_sessions",
    "erase_pay",
    "grant",
    "move",
    "offer_hours",
    "pay_sessions",
    "pay_stipend",
    "resume",
    "revoke",
    "set_rate",
    "settle",
    "spans_offered",
    "take_back",
    "withdraw_hours",
    "write_page",
]

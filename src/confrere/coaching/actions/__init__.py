"""Verbs of the meeting: guards first, one transaction, one audit event, then the letters."""

from confrere.coaching.actions.booking import book, cancel, move
from confrere.coaching.actions.choosing import forget_holds, hold
from confrere.coaching.actions.ending import (
    erase_bookings,
    erase_coach_pages,
    erase_entitlements,
    erase_held_sessions,
    erase_pay,
)
from confrere.coaching.actions.entitlements import extend, grant, resume, revoke
from confrere.coaching.actions.feeds import close_feed, open_feed
from confrere.coaching.actions.holding import confirm_held, settle
from confrere.coaching.actions.limits import acknowledge, write_limits
from confrere.coaching.actions.offering import offer_hours, spans_offered, withdraw_hours, write_page
from confrere.coaching.actions.paying import pay_sessions, pay_stipend, set_rate, take_back
from confrere.coaching.actions.reminding import remind
from confrere.coaching.actions.showing import device_behind, fetch_shown, show, wait_to_be_shown
from confrere.coaching.actions.theming import name_themes, pool_themes
from confrere.coaching.actions.waiting import join_line, leave_line, tell_lines
from confrere.coaching.actions.workbook import (
    Opened,
    erase_workbooks,
    lock_workbook,
    open_workbook,
    save_workbook,
    set_aside_workbook,
    take_workbook_back,
)

__all__ = [
    "Opened",
    "acknowledge",
    "book",
    "cancel",
    "close_feed",
    "confirm_held",
    "device_behind",
    "erase_bookings",
    "erase_coach_pages",
    "erase_entitlements",
    "erase_held_sessions",
    "erase_pay",
    "erase_workbooks",
    "extend",
    "fetch_shown",
    "forget_holds",
    "grant",
    "hold",
    "join_line",
    "leave_line",
    "lock_workbook",
    "move",
    "name_themes",
    "offer_hours",
    "open_feed",
    "open_workbook",
    "pay_sessions",
    "pay_stipend",
    "pool_themes",
    "remind",
    "resume",
    "revoke",
    "save_workbook",
    "set_aside_workbook",
    "set_rate",
    "settle",
    "show",
    "spans_offered",
    "take_back",
    "take_workbook_back",
    "tell_lines",
    "wait_to_be_shown",
    "withdraw_hours",
    "write_limits",
    "write_page",
]

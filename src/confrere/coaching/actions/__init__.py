"""Verbs of the meeting: guards first, one transaction, one audit event, then the letters."""

from confrere.coaching.actions.booking import book, cancel, move
from confrere.coaching.actions.choosing import forget_holds, hold
from confrere.coaching.actions.conversing import converse, end_conversation, forget_conversations
from confrere.coaching.actions.ending import (
    erase_bookings,
    erase_busy,
    erase_coach_files,
    erase_coach_pages,
    erase_entitlements,
    erase_held_sessions,
    erase_pay,
    erase_shunned,
)
from confrere.coaching.actions.entitlements import extend, grant, resume, revoke
from confrere.coaching.actions.feeds import close_feed, open_feed
from confrere.coaching.actions.holding import confirm_held, settle
from confrere.coaching.actions.limits import acknowledge, write_limits
from confrere.coaching.actions.offering import (
    close_for_all,
    come_back,
    go_away,
    offer_hours,
    open_for_all,
    set_rules,
    spans_offered,
    withdraw_hours,
    write_page,
)
from confrere.coaching.actions.paying import pay_sessions, pay_stipend, set_rate, take_back
from confrere.coaching.actions.picturing import put_up_picture, take_down_picture
from confrere.coaching.actions.pipeline import (
    certify,
    complain,
    end_complaint,
    end_pause,
    invite_coach,
    pause_coach,
    put_up_agreement,
    remove_coach,
    set_training,
    sign_agreement,
    supervised,
)
from confrere.coaching.actions.preferring import forget_shunned, leave_coach, open_change, shun
from confrere.coaching.actions.reminding import remind
from confrere.coaching.actions.showing import device_behind, fetch_shown, show, wait_to_be_shown
from confrere.coaching.actions.subscribing import fetch_due, fetch_one, refresh, subscribe, unsubscribe
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
    "certify",
    "close_feed",
    "close_for_all",
    "come_back",
    "complain",
    "confirm_held",
    "converse",
    "device_behind",
    "end_complaint",
    "end_conversation",
    "end_pause",
    "erase_bookings",
    "erase_busy",
    "erase_coach_files",
    "erase_coach_pages",
    "erase_entitlements",
    "erase_held_sessions",
    "erase_pay",
    "erase_shunned",
    "erase_workbooks",
    "extend",
    "fetch_due",
    "fetch_one",
    "fetch_shown",
    "forget_conversations",
    "forget_holds",
    "forget_shunned",
    "go_away",
    "grant",
    "hold",
    "invite_coach",
    "join_line",
    "leave_coach",
    "leave_line",
    "lock_workbook",
    "move",
    "name_themes",
    "offer_hours",
    "open_change",
    "open_feed",
    "open_for_all",
    "open_workbook",
    "pause_coach",
    "pay_sessions",
    "pay_stipend",
    "pool_themes",
    "put_up_agreement",
    "put_up_picture",
    "refresh",
    "remind",
    "remove_coach",
    "resume",
    "revoke",
    "save_workbook",
    "set_aside_workbook",
    "set_rate",
    "set_rules",
    "set_training",
    "settle",
    "show",
    "shun",
    "sign_agreement",
    "spans_offered",
    "subscribe",
    "supervised",
    "take_back",
    "take_down_picture",
    "take_workbook_back",
    "tell_lines",
    "unsubscribe",
    "wait_to_be_shown",
    "withdraw_hours",
    "write_limits",
    "write_page",
]

"""The verbs of this room: publish what is asked, open it for a study id, save answers, send, remind, stop."""

from confrere.surveys.actions.answering import (
    Saved,
    check_ready,
    complete,
    extend,
    open_response,
    record_answer,
    record_answers,
    reopen,
    stop,
)
from confrere.surveys.actions.publishing import import_pack, publish
from confrere.surveys.actions.reminding import invite, invite_due

__all__ = [
    "Saved",
    "check_ready",
    "complete",
    "extend",
    "import_pack",
    "invite",
    "invite_due",
    "open_response",
    "publish",
    "record_answer",
    "record_answers",
    "reopen",
    "stop",
]

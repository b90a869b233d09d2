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
from confrere.surveys.actions.drafting import begin, change, publish_draft, redo, revise, throw_away, undo
from confrere.surveys.actions.inviting import invite, invite_due, letter_about, verdict
from confrere.surveys.actions.planning import (
    SAMPLE,
    plan_wave,
    rest_letters,
    send_sample,
    set_reminders,
    write_text,
)
from confrere.surveys.actions.publishing import import_pack, publish
from confrere.surveys.actions.quieting import letters_again, stop_letters, stopper

__all__ = [
    "SAMPLE",
    "Saved",
    "begin",
    "change",
    "check_ready",
    "complete",
    "extend",
    "import_pack",
    "invite",
    "invite_due",
    "letter_about",
    "letters_again",
    "open_response",
    "plan_wave",
    "publish",
    "publish_draft",
    "record_answer",
    "record_answers",
    "redo",
    "reopen",
    "rest_letters",
    "revise",
    "send_sample",
    "set_reminders",
    "stop",
    "stop_letters",
    "stopper",
    "throw_away",
    "undo",
    "verdict",
    "write_text",
]

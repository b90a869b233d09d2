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
from confrere.surveys.actions.correcting import correct
from confrere.surveys.actions.drafting import begin, change, publish_draft, redo, revise, throw_away, undo
from confrere.surveys.actions.inviting import invite, invite_due, letter_about, verdict
from confrere.surveys.actions.planning import (
    REMINDERS,
    SAMPLE,
    plan_wave,
    rest_letters,
    send_sample,
    set_reminders,
    write_text,
)
from confrere.surveys.actions.publishing import import_pack, publish
from confrere.surveys.actions.pulsing import (
    answer_pulse,
    end_pulses,
    erase_pulses,
    pulse_verdict,
    start_pulse,
    token_digest,
)
from confrere.surveys.actions.quieting import letters_again, stop_letters, stopper
from confrere.surveys.actions.taking_back import erase_withdrawn, note_frozen, restore_answers, withdraw_answers
from confrere.surveys.actions.telephoning import begin_call

__all__ = [
    "REMINDERS",
    "SAMPLE",
    "Saved",
    "answer_pulse",
    "begin",
    "begin_call",
    "change",
    "check_ready",
    "complete",
    "correct",
    "end_pulses",
    "erase_pulses",
    "erase_withdrawn",
    "extend",
    "import_pack",
    "invite",
    "invite_due",
    "letter_about",
    "letters_again",
    "note_frozen",
    "open_response",
    "plan_wave",
    "publish",
    "publish_draft",
    "pulse_verdict",
    "record_answer",
    "record_answers",
    "redo",
    "reopen",
    "rest_letters",
    "restore_answers",
    "revise",
    "send_sample",
    "set_reminders",
    "start_pulse",
    "stop",
    "stop_letters",
    "stopper",
    "throw_away",
    "token_digest",
    "undo",
    "verdict",
    "withdraw_answers",
    "write_text",
]

"""The verbs of this room: draft, lock, consent, hold and confirm places, draw, follow up, leave, run, publish."""

from confrere.trial.actions.allocating import allocate
from confrere.trial.actions.amending import amend, keep_stamped_consent, note_reported_event
from confrere.trial.actions.batch import close_enrolment, draw_everybody, promise_second
from confrere.trial.actions.conducting import (
    agree_unblinding,
    ask_about,
    ask_unblinding,
    close_query,
    lock_data,
    note_deviation,
    note_event,
    publish_resources,
    read_arm,
    reply,
)
from confrere.trial.actions.drafting import draft, save_draft
from confrere.trial.actions.following import catch_up, follow_up
from confrere.trial.actions.joining import consent
from confrere.trial.actions.leaving import take_back, withdraw
from confrere.trial.actions.locking import announce, lock, publish_consent_text
from confrere.trial.actions.lotteries import announce_lottery, draw_lottery
from confrere.trial.actions.places import confirm_place, hold_place, move_on
from confrere.trial.actions.publishing import close_and_publish
from confrere.trial.actions.reading import read_names
from confrere.trial.actions.recruiting import (
    count_visit,
    erase_recipients,
    import_list,
    opt_out,
    send_announcement,
    try_announcement,
    write_announcement,
    write_invitation,
)
from confrere.trial.actions.representing import count_institution

__all__ = [
    "agree_unblinding",
    "allocate",
    "amend",
    "announce",
    "announce_lottery",
    "ask_about",
    "ask_unblinding",
    "catch_up",
    "close_and_publish",
    "close_enrolment",
    "close_query",
    "confirm_place",
    "consent",
    "count_institution",
    "count_visit",
    "draft",
    "draw_everybody",
    "draw_lottery",
    "erase_recipients",
    "follow_up",
    "hold_place",
    "import_list",
    "keep_stamped_consent",
    "lock",
    "lock_data",
    "move_on",
    "note_deviation",
    "note_event",
    "note_reported_event",
    "opt_out",
    "promise_second",
    "publish_consent_text",
    "publish_resources",
    "read_arm",
    "read_names",
    "reply",
    "save_draft",
    "send_announcement",
    "take_back",
    "try_announcement",
    "withdraw",
    "write_announcement",
    "write_invitation",
]

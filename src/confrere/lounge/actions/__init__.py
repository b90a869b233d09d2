"""The verbs of the lounge."""

from confrere.lounge.actions.asking import answer, ask, describe, edit, tell_outcome
from confrere.lounge.actions.following import (
    be_called,
    bookmark,
    drop_draft,
    follow,
    follow_specialty,
    mark_read,
    save_draft,
)
from confrere.lounge.actions.judging import accept, endorse, put_poll, vote
from confrere.lounge.actions.listing import edit_specialty
from confrere.lounge.actions.showing import age_posts, ask_outcomes, change_state

__all__ = [
    "accept",
    "age_posts",
    "answer",
    "ask",
    "ask_outcomes",
    "be_called",
    "bookmark",
    "change_state",
    "describe",
    "drop_draft",
    "edit",
    "edit_specialty",
    "endorse",
    "follow",
    "follow_specialty",
    "mark_read",
    "put_poll",
    "save_draft",
    "tell_outcome",
    "vote",
]

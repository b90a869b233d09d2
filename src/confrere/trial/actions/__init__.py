"""The verbs of this room: draft, lock, consent, hold and confirm places, draw, follow up, leave, publish."""

from confrere.trial.actions.allocating import allocate
from confrere.trial.actions.following import catch_up, follow_up
from confrere.trial.actions.joining import consent
from confrere.trial.actions.leaving import take_back, withdraw
from confrere.trial.actions.locking import announce, draft, lock, publish_consent_text
from confrere.trial.actions.places import confirm_place, hold_place, move_on
from confrere.trial.actions.publishing import close_and_publish
from confrere.trial.actions.reading import read_names

__all__ = [
    "allocate",
    "announce",
    "catch_up",
    "close_and_publish",
    "confirm_place",
    "consent",
    "draft",
    "follow_up",
    "hold_place",
    "lock",
    "move_on",
    "publish_consent_text",
    "read_names",
    "take_back",
    "withdraw",
]

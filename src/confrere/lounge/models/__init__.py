"""What the lounge keeps. Nothing here points at coaching, surveys, trial or evidence."""

from confrere.lounge.models.asked import Post, Question, Revision
from confrere.lounge.models.own import Draft, Interest, ReadMark
from confrere.lounge.models.places import Specialty
from confrere.lounge.models.said import Endorsement, Mention, Poll, Vote
from confrere.lounge.models.withheld import KeyHolder, Mask, Unmasking

__all__ = [
    "Draft",
    "Endorsement",
    "Interest",
    "KeyHolder",
    "Mask",
    "Mention",
    "Poll",
    "Post",
    "Question",
    "ReadMark",
    "Revision",
    "Specialty",
    "Unmasking",
    "Vote",
]

"""What the lounge keeps. Nothing here points at coaching, surveys, trial or evidence."""

from confrere.lounge.models.asked import Post, Question, Revision
from confrere.lounge.models.interface import Hook, Token
from confrere.lounge.models.keeping import Flag, GuardMark, Note, Removal, SlowMode
from confrere.lounge.models.notices import Browser, NoticeChoice
from confrere.lounge.models.own import Draft, Interest, ReadMark
from confrere.lounge.models.pictures import Picture
from confrere.lounge.models.places import Specialty
from confrere.lounge.models.said import Endorsement, Mention, Poll, Vote
from confrere.lounge.models.withheld import KeyHolder, Mask, Tally, Unmasking

__all__ = [
    "Browser",
    "Draft",
    "Endorsement",
    "Flag",
    "GuardMark",
    "Hook",
    "Interest",
    "KeyHolder",
    "Mask",
    "Mention",
    "Note",
    "NoticeChoice",
    "Picture",
    "Poll",
    "Post",
    "Question",
    "ReadMark",
    "Removal",
    "Revision",
    "SlowMode",
    "Specialty",
    "Tally",
    "Token",
    "Unmasking",
    "Vote",
]

"""How much a member may post, and how often. Pure: the caller counts rows and tells the time.

The numbers for new members are those of Discourse's trust level 0, which many forums have lived with.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markdown_it import MarkdownIt

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one post may hold, and the most posts under one's name within 24 hours."""

    links: int
    images: int
    attachments: int
    mentions: int
    questions: int
    answers: int
    withheld: int  # with the name withheld, on one day by UTC: questions, answers and outcomes


#: Until a day has passed since the member was first verified and five questions have been read.
NEW: Final = Limits(links=2, images=1, attachments=0, mentions=2, questions=3, answers=10, withheld=3)
#: Everyone else: more than anybody needs by hand, less than a stolen session would like.
SETTLED: Final = Limits(links=20, images=10, attachments=5, mentions=10, questions=20, answers=100, withheld=20)
#: Read so many questions, and a day after the first verification a member is no longer new.
READ_FIRST: Final = 5
#: The most posts of one member within ten minutes, new or not.
BURST: Final = 10
BURST_WITHIN: Final = timedelta(minutes=10)
#: So long a picture waits for a second person; then it is deleted. Its author reads the hour.
LOOK_WITHIN: Final = timedelta(hours=48)
#: The most flags of one member within 24 hours: a flag can hide, so it must not be a weapon.
FLAGS: Final = 10


@dataclass(frozen=True, slots=True)
class Load:
    """What one post holds."""

    links: int = 0
    images: int = 0
    attachments: int = 0
    mentions: int = 0


_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_BARE_LINK = re.compile(r"\b(?:https?://|www\.)\S", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.@/])@\w[\w.-]*", re.ASCII)


def is_new(*, since: datetime, read: int, now: datetime) -> bool:
    """Whether the limits of new members hold.

    since: the member's first verification. read: how many questions they have opened, `READ_FIRST` or more alike.
    """
    return now - since < DAY or read < READ_FIRST


def limits(*, new: bool) -> Limits:
    """The limits of a member."""
    return NEW if new else SETTLED


def load(text: str, *, images: int = 0, attachments: int = 0) -> Load:
    """What a Markdown text holds: links written out or bare, images, mentions; uploads are counted by the caller."""
    links = mentions = 0
    for token in _MARKDOWN.parse(text):
        inside_link = False
        for child in token.children or ():
            if child.type in {"link_open", "link_close"}:
                inside_link = child.type == "link_open"
                links += inside_link
            images += child.type == "image"
            if child.type == "text" and not inside_link:
                links += len(_BARE_LINK.findall(child.content))
            if child.type == "text":
                mentions += len(_MENTION.findall(child.content))
    return Load(links=links, images=images, attachments=attachments, mentions=mentions)

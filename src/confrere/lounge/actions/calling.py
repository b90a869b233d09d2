"""Mentions: @specialty calls its peers who agreed to be called, @first.last a colleague."""

import re
from datetime import datetime

from confrere.lounge.models import Mention, Post
from confrere.lounge.queries.specialties import labels
from confrere.people import queries as people
from confrere.people.queries import Standing

#: "@" at the beginning of a word, then letters of any script, digits, hyphens and dots between them.
_CALL = re.compile(r"(?<![\w@.])@([^\W_]+(?:[.-][^\W_]+)*)")
#: As many are called by one post; more would be noise.
MOST = 5


def called(text: str) -> list[str]:
    """The words behind an @ in a text, each once, in their order, five at most."""
    return list(dict.fromkeys(_CALL.findall(text)))[:MOST]


def call(*, post: Post, standing: Standing, now: datetime) -> None:
    """Write down whom a post calls. A word that names no specialty and no single colleague calls nobody."""
    words = called(post.text)
    if not words:
        return
    listed = labels(programme=post.programme_id)
    mentions = []
    for word in words:
        if word in listed:
            mentions.append(_mention(post, specialty=word))
            continue
        found = people.persons_called(programme=post.programme_id, words=word.split("."), now=now)
        if len(found) == 1 and found[0] != standing.person:
            mentions.append(_mention(post, member=found[0]))
    Mention.objects.bulk_create(mentions, ignore_conflicts=True)


def _mention(post: Post, *, member: int | None = None, specialty: str = "") -> Mention:
    return Mention(
        programme_id=post.programme_id, site_id=post.site_id, post=post, member_id=member, specialty=specialty
    )

"""Which member a token stands for, and what a member may take along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from confrere.lounge.models import Hook, Post, Question, ReadMark, Token
from confrere.lounge.models.asked import State
from confrere.people import queries as people
from confrere.people.queries import Standing


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever brought a token: their standing now, and what the token opens."""

    standing: Standing
    scopes: frozenset[str]


def bearer(*, digest: str, now: datetime) -> Bearer | None:
    """The member behind a token that has not ended and who still has a role here; None else. Two queries."""
    row = Token.objects.filter(digest=digest, ends_at__gt=now).select_related("programme").first()
    if row is None:
        return None
    standing = people.standing(person=row.member_id, programme=row.programme.slug, now=now)
    return None if standing is None else Bearer(standing, frozenset(row.scopes))


def tokens(*, standing: Standing, now: datetime) -> list[Token]:
    """A member's own tokens that have not ended. One query."""
    rows = Token.objects.filter(programme_id=standing.programme, member_id=standing.person, ends_at__gt=now)
    return list(rows.order_by("pk"))


def hooks(*, standing: Standing) -> list[Hook]:
    """A member's own addresses that are called. One query."""
    rows = Hook.objects.filter(programme_id=standing.programme, member_id=standing.person)
    return list(rows.order_by("pk"))


def own_posts(*, standing: Standing) -> Iterator[Post]:
    """Everything this member wrote under their name and that was not removed, oldest first."""
    rows = Post.objects.filter(programme_id=standing.programme, author_id=standing.person)
    return rows.exclude(state=State.REMOVED).select_related("question").defer("search").order_by("pk").iterator()


def own_marks(*, standing: Standing) -> Iterator[ReadMark]:
    """What this member bookmarked, follows or mutes, oldest first; what they merely read is not taken along."""
    rows = ReadMark.objects.filter(programme_id=standing.programme, member_id=standing.person)
    kept = rows.exclude(stance="", bookmarked_at__isnull=True).filter(question__state=State.SHOWN)
    return kept.select_related("question").order_by("pk").iterator()


def answered(*, programme: int, specialty: str) -> Iterator[tuple[Question, list[Post]]]:
    """Questions of a specialty that have an answer, with their shown posts in order. One query a question."""
    rows = Question.objects.filter(programme_id=programme, specialty=specialty, state=State.SHOWN, answers__gt=0)
    for question in rows.order_by("asked_at", "pk"):
        posts = Post.objects.filter(question=question, state=State.SHOWN).order_by("number")
        yield question, list(posts.defer("search"))

"""Reading pictures: those beneath the posts of a page, one as a file, and those that wait for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from confrere.lounge import limits
from confrere.lounge.models import Picture
from confrere.lounge.models.asked import State
from confrere.people.queries import Standing
from confrere.people.roles import Role


@dataclass(frozen=True, slots=True)
class Framed:
    """A picture as a page shows it. until: the hour at which it is deleted if nobody looks; None once somebody has.

    seen: whether this reader sees it, or only that it waits.
    """

    number: int
    words: str
    until: datetime | None
    seen: bool


def pictures(posts: Sequence[int], *, standing: Standing, own: Sequence[int]) -> dict[int, list[Framed]]:
    """Post → its pictures, oldest first. own: the reader's own posts among them. One query, if there is any post."""
    found: dict[int, list[Framed]] = {}
    if not posts:
        return found
    moderates = Role.MODERATOR in standing.roles
    for row in Picture.objects.filter(post_id__in=posts).defer("jpeg").order_by("pk"):
        until = None if row.looked_at else row.attested_at + limits.LOOK_WITHIN
        seen = until is None or moderates or row.post_id in own
        found.setdefault(row.post_id, []).append(Framed(row.pk, row.words if seen else "", until, seen))
    return found


def picture(*, programme: int, question: int, picture: int) -> Picture | None:
    """A picture of a post that members can read now; None alike for absent, foreign, hidden and removed. One query."""
    rows = Picture.objects.filter(
        programme_id=programme,
        post__question_id=question,
        pk=picture,
        post__state=State.SHOWN,
        post__question__state=State.SHOWN,
    )
    return rows.select_related("post").first()


def to_look_at(*, programme: int) -> list[Picture]:
    """Pictures that wait for a second person, the longest waiting first; fifty at most. One query."""
    rows = Picture.objects.filter(programme_id=programme, looked_at=None, post__state=State.SHOWN)
    return list(rows.select_related("post__question").defer("jpeg").order_by("attested_at", "pk")[:50])


def own_pictures(*, standing: Standing) -> list[Picture]:
    """The pictures of everything this member wrote under their name. One query."""
    return list(Picture.objects.filter(programme_id=standing.programme, post__author_id=standing.person).order_by("pk"))

"""Reading what keeps the lounge clean: how much somebody has posted, what waits for a moderator, notes of peers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.lounge import limits
from confrere.lounge.models import Flag, Note, Post, Removal, SlowMode
from confrere.lounge.models.asked import State
from confrere.lounge.queries.pictures import to_look_at
from confrere.people import queries as people
from confrere.people.queries import Card, Standing
from confrere.people.roles import Role

#: So many posts of the queue stand on one page, the longest waiting first.
QUEUE = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """What one member has posted lately. new: whether the limits of new members hold."""

    new: bool
    questions: int  # within 24 hours
    answers: int  # within 24 hours
    lately: int  # of both, within ten minutes
    minutes: int  # between two answers in the question; 0 for as many as they like

    @property
    def limits(self) -> limits.Limits:
        """What this member may post."""
        return limits.limits(new=self.new)


@dataclass(frozen=True, slots=True)
class Matter:
    """One post that waits for a moderator: why, since when, and what this moderator may do about it.

    removal: the open removal, if one was asked for. mine: this moderator wrote the post. asked: they asked for it.
    """

    post: Post
    flags: tuple[Flag, ...]
    removal: Removal | None
    since: datetime
    mine: bool
    asked: bool

    @property
    def hidden(self) -> bool:
        """Whether members cannot read it now."""
        return self.post.state != State.SHOWN


#: In SQL: this is asked of every post, and one statement counts it all.
_PACE = """
SELECT count(*) FILTER (WHERE kind = 'question'), count(*) FILTER (WHERE kind <> 'question'),
       count(*) FILTER (WHERE written_at > %(lately)s),
       (SELECT count(*) FROM (
         SELECT FROM lounge_readmark WHERE programme_id = %(programme)s AND member_id = %(member)s LIMIT %(enough)s
       ) AS marks),
       (SELECT coalesce(max(minutes), 0) FROM lounge_slowmode WHERE question_id = %(question)s)
FROM lounge_post WHERE programme_id = %(programme)s AND author_id = %(member)s AND written_at > %(day)s
"""


def pace(*, standing: Standing, checked: datetime, question: int | None = None, now: datetime) -> Pace:
    """How much this member has posted, whether they are new, and how slow a question is. One query.

    checked: when the credential that counts now was checked. Within a day after that a second query asks for the
    first check of all.
    """
    about = {
        "programme": standing.programme,
        "member": standing.person,
        "question": question,
        "day": now - limits.DAY,
        "lately": now - limits.BURST_WITHIN,
        "enough": limits.READ_FIRST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PACE, about)
        questions, answers, lately, read, minutes = cursor.fetchone()
    first = checked if now - checked >= limits.DAY else people.first_verified(person=standing.person)
    new = first is None or limits.is_new(since=first, read=read, now=now)
    return Pace(new=new, questions=questions, answers=answers, lately=lately, minutes=minutes)


def flags_lately(*, standing: Standing, now: datetime) -> int:
    """How many flags this member has set within 24 hours. One query."""
    return Flag.objects.filter(member_id=standing.person, flagged_at__gt=now - limits.DAY).count()


def slow(*, question: int) -> int:
    """How many minutes lie between two answers of the same member in this question; 0 for as many as they like."""
    return SlowMode.objects.filter(question_id=question).values_list("minutes", flat=True).first() or 0


def last_answer(*, question: int, person: int, since: datetime, mask: int | None = None) -> datetime | None:
    """When this member last answered in this question, if it was after `since`; in their mask, if they wear one there.

    One query, of their own posts alone, and one more of a mask's.
    """
    rows = Post.objects.filter(question_id=question, number__gt=0, written_at__gt=since)
    times = rows.filter(author_id=person).order_by("-written_at").values_list("written_at", flat=True)[:1]
    worn = rows.filter(mask_id=mask).order_by("-written_at").values_list("written_at", flat=True)[:1] if mask else ()
    return max((*times, *worn), default=None)


def any_post(*, programme: int, post: int) -> Post | None:
    """A post of this programme, whatever its state, with its question; for its author and for moderators. One query."""
    return Post.objects.filter(programme_id=programme, pk=post).select_related("question", "author").first()


def shown_post(*, programme: int, post: int) -> Post | None:
    """A post that members can read now; None alike for absent, foreign, hidden and removed. One query."""
    rows = Post.objects.filter(programme_id=programme, pk=post, state=State.SHOWN, question__state=State.SHOWN)
    return rows.select_related("question", "author").first()


def notes(posts: Sequence[int]) -> dict[int, list[Note]]:
    """Post → the notes of peers beneath it, oldest first; those that nobody agrees with yet too. One query, if any."""
    found: dict[int, list[Note]] = {}
    if not posts:
        return found
    for note in Note.objects.filter(post_id__in=posts).select_related("author", "agreed_by").order_by("pk"):
        found.setdefault(note.post_id, []).append(note)
    return found


def note(*, programme: int, note: int) -> Note | None:
    """One note beneath a post that members can read. One query."""
    rows = Note.objects.filter(
        programme_id=programme, pk=note, post__state=State.SHOWN, post__question__state=State.SHOWN
    )
    return rows.select_related("post__question").first()


def queue(*, standing: Standing) -> list[Matter]:
    """What waits for a moderator of this programme, the longest waiting first. Three queries."""
    here = {"programme_id": standing.programme, "outcome": ""}
    flags = list(Flag.objects.filter(**here).select_related("member").order_by("flagged_at", "pk"))
    removals = {
        one.post_id: one
        for one in Removal.objects.filter(**here).select_related("asked_by", "confirmed_by")
        if one.confirmed_at is None or one.appealed_at is not None
    }
    posts = Post.objects.filter(pk__in={flag.post_id for flag in flags} | set(removals))
    found = [
        _matter(post, [flag for flag in flags if flag.post_id == post.pk], removals.get(post.pk), standing.person)
        for post in posts.select_related("question", "author", "mask")
    ]
    return sorted(found, key=lambda one: (one.since, one.post.pk))[:QUEUE]


def _matter(post: Post, flags: Sequence[Flag], removal: Removal | None, person: int) -> Matter:
    times = [flag.flagged_at for flag in flags]
    if removal is not None:
        times.append(removal.appealed_at or removal.asked_at)
    took_part = removal is not None and person in {removal.asked_by_id, removal.confirmed_by_id}
    return Matter(post, tuple(flags), removal, min(times), mine=post.author_id == person, asked=took_part)


def removals_of(*, standing: Standing) -> list[Removal]:
    """What was removed, or is about to be, of this member's own posts; the newest first. One query."""
    rows = Removal.objects.filter(programme_id=standing.programme, post__author_id=standing.person)
    return list(rows.select_related("post__question").order_by("-pk"))


def masked_removals(*, programme: int) -> list[Removal]:
    """Removals that can still be appealed, of posts whose author is withheld: whose they are, only a browser knows.

    A hundred at most, the newest first. One query.
    """
    rows = Removal.objects.filter(programme_id=programme, post__mask__isnull=False, outcome="")
    return list(rows.select_related("post__question").order_by("-pk")[:100])


def waiting(*, standing: Standing) -> list[Card]:
    """For moderators: how many posts wait to be looked at."""
    if Role.MODERATOR not in standing.roles:
        return []
    count = len(queue(standing=standing)) + len(to_look_at(programme=standing.programme))
    if not count:
        return []
    sentence = ngettext("%(count)d post waits for a moderator.", "%(count)d posts wait for a moderator.", count) % {
        "count": count
    }
    url = reverse("lounge:queue", args=[standing.programme_slug])
    return [Card(order=20, title=_("Lounge"), sentence=sentence, act=_("Look at them"), url=url)]


def removal(*, programme: int, removal: int) -> Removal | None:
    """One removal of this programme. One query."""
    return Removal.objects.filter(programme_id=programme, pk=removal).select_related("post__question").first()


def asking(*, programme: int, question: int) -> Post | None:
    """The post that asks a shown question. One query."""
    rows = Post.objects.filter(programme_id=programme, question_id=question, number=0, question__state=State.SHOWN)
    return rows.select_related("question").first()

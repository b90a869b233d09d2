"""One thread: the question, a page of what was written in it, and what peers say to that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery

from confrere.lounge.models import Draft, Endorsement, Note, Picture, Poll, Post, Question, ReadMark, Revision, Vote
from confrere.lounge.models.asked import State

#: So many posts stand on one page of a thread, beside the question itself.
POSTS = 20


@dataclass(frozen=True, slots=True)
class Given:
    """A post as it is read. name: of its author, or the pseudonym. peers: who endorsed it, by name, in their order."""

    post: Post
    name: str
    specialty: str
    peers: Sequence[str]
    endorsed: bool  # by the reader
    noted: bool  # whether peers wrote notes beneath it
    pictured: bool  # whether there are pictures beneath it
    mine: bool  # under the reader's name, or in their mask


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with one page of posts. bookmarked, stance: what the reader keeps about it. after: the number behind
    which the next page starts (None: the end). later: whether this page is not the first."""

    question: Question
    asked: Given
    posts: Sequence[Given]
    bookmarked: bool
    stance: str
    after: int | None
    later: bool

    @property
    def read(self) -> int:
        """The number up to which the reader has read once this page is shown; going back unreads nothing."""
        here = self.posts[-1].post.number if self.posts else 0
        return max(here, getattr(self.question, "read", None) or 0)


@dataclass(frozen=True, slots=True)
class Ballot:
    """A poll as it stands: (choice, how many chose it), and what the reader chose (None: nothing yet)."""

    poll: Poll
    rows: Sequence[tuple[str, int]]
    mine: int | None


def question(*, programme: int, question: int, member: int = 0) -> Question | None:
    """A shown question of this programme with its author, and what the member keeps about it: read, stance,
    bookmark, and the answer they have begun.

    None alike for absent, hidden and another programme's. One query.
    """
    mark = ReadMark.objects.filter(question=OuterRef("pk"), member_id=member)
    begun = Draft.objects.filter(programme_id=programme, question=OuterRef("pk"), member_id=member)
    return (
        Question.objects.filter(programme_id=programme, pk=question, state=State.SHOWN)
        .select_related("author", "poll", "accepted", "slow")
        .annotate(
            read=Subquery(mark.values("number"), output_field=IntegerField()),
            stance=Subquery(mark.values("stance")),
            bookmarked=Subquery(mark.values("bookmarked_at")),
            draft_text=Subquery(begun.values("text")),
            draft_source=Subquery(begun.values("source")),
        )
        .defer("accepted__text", "accepted__html", "accepted__search")
        .first()
    )


def thread(
    *, question: Question, member: int, listed: Mapping[str, str], after: int = 0, mask: int | None = None
) -> Thread:
    """The asking, and the page of posts whose numbers lie beyond `after`, as they came. Two queries."""
    asked = _read(question, member).get(number=0)
    posts = list(_read(question, member).filter(number__gt=after).order_by("number")[: POSTS + 1])
    return Thread(
        question=question,
        asked=_given(asked, listed, member, mask),
        posts=[_given(row, listed, member, mask) for row in posts[:POSTS]],
        bookmarked=getattr(question, "bookmarked", None) is not None,
        stance=getattr(question, "stance", "") or "",
        after=posts[POSTS - 1].number if len(posts) > POSTS else None,
        later=after > 0,
    )


def post(*, programme: int, question: int, post: int) -> Post | None:
    """One shown post of this question; None alike for absent, hidden and foreign. One query."""
    found = Post.objects.filter(programme_id=programme, question_id=question, pk=post, state=State.SHOWN)
    return found.select_related("question", "author", "mask").defer("search").first()


def quoted(*, question: int, number: int) -> str:
    """The text of a shown post as a quotation, with an empty line behind it; "" if there is none. One query."""
    found = Post.objects.filter(question_id=question, number=number, state=State.SHOWN).values_list("text", flat=True)
    lines = "".join(found[:1]).splitlines()
    return "".join(f"> {line}\n" for line in lines) + "\n" * bool(lines)


def revisions(*, post: Post) -> Sequence[Revision]:
    """What stood in a post before, newest first; fifty at most. One query."""
    return list(Revision.objects.filter(post=post).order_by("-pk")[:50])


def ballot(*, question: Question, member: int) -> Ballot | None:
    """The poll of a question, if it has one. One query if it has."""
    poll: Poll | None = getattr(question, "poll", None)
    if poll is None:
        return None
    votes = Vote.objects.filter(poll=poll).values("choice")
    found = list(votes.annotate(many=Count("pk"), own=Count("pk", filter=Q(member_id=member))))
    counts = {row["choice"]: row["many"] for row in found}
    mine = next((row["choice"] for row in found if row["own"]), None)
    return Ballot(poll, [(choice, counts.get(number, 0)) for number, choice in enumerate(poll.choices)], mine)


def _read(question: Question, member: int) -> Any:
    """Shown posts of a question with their authors and endorsing peers."""
    peers = (
        Endorsement.objects.filter(post=OuterRef("pk"))
        .order_by()
        .values("post")
        .annotate(names=ArrayAgg(F("member__name"), order_by="pk"))
        .values("names")
    )
    own = Endorsement.objects.filter(post=OuterRef("pk"), member_id=member).order_by().values("post")
    return (
        Post.objects.filter(question=question, state=State.SHOWN)
        .select_related("author", "mask")
        .defer("search", "text", "author__password")
        .annotate(peers=Subquery(peers), endorsed=Subquery(own.annotate(many=Count("pk")).values("many")))
        .annotate(noted=Exists(Note.objects.filter(post=OuterRef("pk"))))
        .annotate(pictured=Exists(Picture.objects.filter(post=OuterRef("pk"))))
    )


def _given(row: Any, listed: Mapping[str, str], member: int, mask: int | None) -> Given:
    return Given(
        post=row,
        name=row.author.name if row.author_id else row.mask.pseudonym,
        specialty=listed.get(row.specialty, row.specialty),
        peers=row.peers or (),
        endorsed=bool(row.endorsed),
        noted=row.noted,
        pictured=row.pictured,
        mine=row.author_id == member or (mask is not None and row.mask_id == mask),
    )

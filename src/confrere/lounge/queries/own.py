"""What waits for a member, and what they keep for themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.lounge.models import Draft, Interest, Mention, Question, ReadMark, Specialty
from confrere.lounge.models.asked import State
from confrere.lounge.models.own import Stance
from confrere.lounge.queries.keeping import waiting
from confrere.lounge.queries.lists import Line, line, shown, with_new
from confrere.lounge.queries.specialties import Place, merged
from confrere.people import queries as people
from confrere.people.queries import Card, Standing
from confrere.people.roles import Role

#: So many lines stand under "what waits for me"; the lists have the rest.
MOST = 5
#: They come from so many of the newest questions that a member asked, follows, or was called in, each.
AMONG = 200
#: More unanswered questions than these are not counted.
COUNTED = 99
_ROLES = frozenset({Role.PARTICIPANT, Role.COACH, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member wants to hear: stances by specialty, and the specialty in which they may be called (or "")."""

    stances: Mapping[str, str]
    called: frozenset[str]

    @property
    def muted(self) -> list[str]:
        """Whose questions stay out of the list of all."""
        return [slug for slug, stance in self.stances.items() if stance == Stance.MUTE]

    @property
    def followed(self) -> list[str]:
        """What the member follows."""
        return [slug for slug, stance in self.stances.items() if stance == Stance.FOLLOW]


def frame(*, programme: int, member: int) -> tuple[dict[str, Place], Mine]:
    """The specialties as the site edits them, and what a member has said about them: two small tables, one query."""
    edited = Specialty.objects.filter(programme_id=programme).values_list(
        Value("edited"), "slug", "label", "parent", "closed"
    )
    said = Interest.objects.filter(programme_id=programme, member_id=member).values_list(
        Value("said"), "specialty", "stance", Value(""), "called"
    )
    rows = list(edited.union(said, all=True))
    places = merged(Place(slug, a, b, (), flag) for of, slug, a, b, flag in rows if of == "edited")
    mine = Mine(
        stances={slug: a for of, slug, a, _b, _flag in rows if of == "said" and a},
        called=frozenset(slug for of, slug, _a, _b, flag in rows if of == "said" and flag),
    )
    return places, mine


def draft(*, programme: int, member: int, question: int | None) -> Draft | None:
    """What the member has begun to write there. One query."""
    rows = Draft.objects.filter(programme_id=programme, member_id=member)
    rows = rows.filter(question__isnull=True) if question is None else rows.filter(question_id=question)
    return rows.first()


def waits_for_me(*, programme: int, member: int, specialty: str, listed: Mapping[str, str]) -> Sequence[Line]:
    """In a specialty: what nobody has answered yet, oldest question first; not one's own. Five at most. One query."""
    rows = (
        with_new(shown(programme=programme, member=member))
        .filter(specialty=specialty, answers=0)
        .exclude(author_id=member)
        .order_by("moved_at", "id")
    )
    return [line(row, listed) for row in rows[:MOST]]


def news_for_me(
    *, programme: int, member: int, listed: Mapping[str, str], specialty: str | None = None
) -> Sequence[Line]:
    """Where something is new to a member who asked there or follows it, or where somebody called them. One query."""
    asked = Question.objects.filter(programme_id=programme, author_id=member).order_by("-id").values("pk")
    marks = ReadMark.objects.filter(member_id=member, stance=Stance.FOLLOW).order_by("-question_id").values("question")
    called = Mention.objects.filter(member_id=member).order_by("-post_id").values("post__question")
    rows = (
        with_new(shown(programme=programme, member=member))
        # One list of some hundred keys: were they three conditions, every question would be looked at.
        .filter(pk__in=asked[:AMONG].union(marks[:AMONG], called[:AMONG]))
        .filter(Q(read__isnull=True) | Q(last__gt=F("read")))
        .order_by(F("moved_at").desc(), F("id").desc())
    )
    if specialty is not None:
        rows = rows.filter(specialty=specialty)
    return [line(row, listed) for row in rows[:MOST]]


def today(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """What waits for this member: as a moderator, posts to look at; as a peer, questions of their own specialty."""
    return [*waiting(standing=standing), *_unanswered(standing=standing, now=now)]


def _unanswered(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """Questions of their own specialty that nobody has answered yet."""
    credential = people.credential(person=standing.person, now=now) if standing.roles & _ROLES else None
    if credential is None:
        return []
    rows = Question.objects.filter(
        programme_id=standing.programme, specialty=credential.specialty, answers=0, state=State.SHOWN
    ).exclude(author_id=standing.person)
    waiting = rows[: COUNTED + 1].count()
    if not waiting:
        return []
    return [
        Card(
            order=60,
            title=_("Lounge"),
            sentence=_waiting(waiting) % {"count": min(waiting, COUNTED), "specialty": credential.label},
            act=_("Read them"),
            url=reverse("lounge:specialty", args=[standing.programme_slug, credential.specialty]) + "?waiting=1",
            kept_as="lounge.Question.title",
        )
    ]


def _waiting(many: int) -> str:
    if many > COUNTED:
        return _("More than %(count)d questions in %(specialty)s wait for an answer.")
    return ngettext(
        "%(count)d question in %(specialty)s waits for an answer.",
        "%(count)d questions in %(specialty)s wait for an answer.",
        many,
    )

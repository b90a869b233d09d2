"""Whom to tell of a post, what is new since a digest, and when somebody's hours are quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from confrere.lounge.models import Browser, Interest, Mention, NoticeChoice, Post, Question, ReadMark
from confrere.lounge.models.asked import State
from confrere.lounge.models.own import Stance
from confrere.lounge.queries.specialties import labels
from confrere.people import queries as people

#: A digest names that so many are new at most; its page shows them.
MOST: Final = 20
#: From when on, by the member's own clock, a digest is due.
MORNING: Final = time(7)
MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Fresh:
    """One question in a digest."""

    question: Question
    specialty: str


def choice(*, programme: int, person: int) -> NoticeChoice | None:
    """What this member chose; None: nothing yet. One query."""
    return NoticeChoice.objects.filter(programme_id=programme, member_id=person).first()


def by_stop(token: str) -> NoticeChoice | None:
    """Whose letters this secret stops; None for one that nobody was given. One query."""
    return NoticeChoice.objects.filter(stop=token).select_related("programme").first()


def browsers(*, programme: int, person: int) -> list[Browser]:
    """The browsers of this member that may be knocked at. One query."""
    return list(Browser.objects.filter(programme_id=programme, member_id=person).order_by("pk"))


def to_tell(post: Post) -> list[int]:
    """Who is told of a post: who asked, who follows the question, who is called; never its author, never who muted.

    Peers of a specialty that is called are told if they agreed to be. Three queries.
    """
    question = post.question
    marks = dict(ReadMark.objects.filter(question=question).exclude(stance="").values_list("member_id", "stance"))
    mentions = list(Mention.objects.filter(post=post).values_list("member_id", "specialty"))
    agreed = Interest.objects.filter(
        programme_id=post.programme_id, specialty__in=[slug for _who, slug in mentions if slug], called=True
    )
    wanted = {question.author_id, *(who for who, stance in marks.items() if stance == Stance.FOLLOW)}
    wanted |= {who for who, _slug in mentions} | set(agreed.values_list("member_id", flat=True))
    muted = {who for who, stance in marks.items() if stance == Stance.MUTE}
    return sorted(who for who in wanted - muted - {post.author_id} if who is not None)


def quiet_end(*, person: int, days: Sequence[int], now: datetime) -> datetime | None:
    """When this member's quiet hours and days end; None while nothing is quiet. One query and one more a quiet end.

    A whole quiet day lasts from midnight to midnight by the member's own clock.
    """
    zone = ZoneInfo(people.zone(person))
    moment = now
    # Hours and days can follow each other; a day that is not quiet has an hour that is not.
    while later := _day_end(moment, days, zone) or people.quiet_until(person=person, now=moment):
        moment = later
    return moment if moment > now else None


def _day_end(moment: datetime, days: Sequence[int], zone: ZoneInfo) -> datetime | None:
    here = moment.astimezone(zone)
    if len(set(days)) > 6 or here.weekday() not in days:
        return None  # seven quiet days are no pause but an end: whoever wants that stops the letters
    return datetime.combine(here.date() + timedelta(days=1), time(), zone)


def period(choice: NoticeChoice, *, zone: str, now: datetime) -> str:
    """The name of the digest that is due now, "" for none: one a day or one a week, from the morning on."""
    here = now.astimezone(ZoneInfo(zone))
    if not choice.digest or here.time() < MORNING or here.weekday() in choice.quiet_days:
        return ""
    if choice.digest == NoticeChoice.Digest.DAILY:
        return here.date().isoformat()
    year, week, _day = here.isocalendar()
    return f"{year}-W{week:02d}"


def fresh(*, programme: int, person: int, since: datetime, now: datetime) -> list[Fresh]:
    """What moved since then and this member has not read: in their own specialty, in those they follow, in questions
    they follow. Only what stands now: what was hidden or removed meanwhile is in no digest. At most `MOST`.
    """
    credential = people.credential(person=person, now=now)
    if credential is None:
        return []
    interests = dict(
        Interest.objects.filter(programme_id=programme, member_id=person).values_list("specialty", "stance")
    )
    wanted = {credential.specialty, *(slug for slug, stance in interests.items() if stance == Stance.FOLLOW)}
    wanted -= {slug for slug, stance in interests.items() if stance == Stance.MUTE}
    mark = ReadMark.objects.filter(question=OuterRef("pk"), member_id=person)
    moved = Question.objects.filter(programme_id=programme, state=State.SHOWN, moved_at__gt=since, moved_at__lte=now)
    followed = ReadMark.objects.filter(member_id=person, stance=Stance.FOLLOW)
    rows = (
        # Each by its own index: were they two conditions, everything that moved would be looked at.
        moved.filter(pk__in=moved.filter(specialty__in=wanted).values("pk").union(followed.values("question")))
        .annotate(
            read=Subquery(mark.values("number")[:1]),
            stance=Coalesce(Subquery(mark.values("stance")[:1]), Value("")),
        )
        .filter(Q(read__isnull=True) | Q(read__lt=F("last")))
        .exclude(stance=Stance.MUTE)
        .exclude(author_id=person, last=0)
        .order_by("-moved_at", "-pk")
    )
    listed = labels(programme=programme)
    return [Fresh(row, listed.get(row.specialty, row.specialty)) for row in rows[:MOST]]

"""Coaches as participants read them. Nothing is written down about who looked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from confrere.coaching.clock import Span
from confrere.coaching.models import LIVE, Area, Booking, Coach, CoachFile, Leeway, Shunned, Stage
from confrere.coaching.queries.hours import open_slots
from confrere.coaching.shunning import digest
from confrere.people import queries as people
from confrere.vault import days

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Coachees(TypedDict):
    """What `_pages` counts and looks up beside a coach's row."""

    coachees: int
    mine: bool
    promised: int
    stage: str | None
    expires_on: date | None
    others: int | None
    changes: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """A session that could be booked: its length, and where it may lie."""

    minutes: int
    within: Span


type WithCoachees = WithAnnotations[Coach, Coachees]


@dataclass(frozen=True, slots=True)
class Page:
    """A coach's page. coach: its number; person: whose it is."""

    coach: int
    person: int
    name: str
    biography: str
    focus: str
    languages: str
    video_link: str
    phone: str
    capacity: int
    coachees: int  # participants with a booked or held session
    mine: bool  # whether the asking person is one of them
    promised: int = 0  # places that are kept for others who waited for them
    areas: Sequence[str] = ()
    division: str = ""
    reports_to: str = ""
    picture: int | None = None
    buffer: int = 0
    notice: int = 2
    daily: int | None = None
    pauses: bool = False
    certified: bool = True  # also where nobody opened a file
    others: int = 0  # other coaches, still here, with whom the asking person has sessions
    changes: int = 0  # further changes of coach that were opened for the asking person
    next_free: datetime | None = None

    @property
    def takes_new(self) -> bool:
        return self.certified and not self.pauses and self.coachees + self.promised < self.capacity

    @property
    def area_names(self) -> list[str]:
        return [str(Area(each).label) for each in self.areas]

    @property
    def speaks(self) -> list[str]:
        """The languages, one by one."""
        return [each.strip() for each in self.languages.split(",") if each.strip()]


#: A file in one of these stages hides the page from everyone but the coach.
HIDDEN = (Stage.INVITED, Stage.AGREED, Stage.TRAINING, Stage.REMOVED)


def directory(
    *,
    programme: int,
    person: int,
    room: Room | None,
    now: datetime,
    wanted: Callable[[datetime], bool] | None = None,
) -> list[Page]:
    """Every coach whom a person may meet, with their next free start; soonest first, then those without, by name.

    room: the session that the person could book next; None leaves the free starts out. wanted: which starts count.
    Four queries, however many coaches; a fifth where a coach reports to somebody.
    """
    rows = _open_to(list(_shown(programme=programme, person=person)), programme=programme, person=person)
    first: dict[int, datetime] = {}
    if room is not None:
        slots = open_slots(
            programme=programme,
            coaches=[row.pk for row in rows],
            minutes=room.minutes,
            within=room.within,
            person=person,
            now=now,
        )
        good = {coach: [start for start in starts if not wanted or wanted(start)] for coach, starts in slots.items()}
        first = {coach: starts[0] for coach, starts in good.items() if starts}
    pages = [_page(row, today=days.of(now), next_free=first.get(row.pk)) for row in rows]
    return sorted(pages, key=lambda each: (each.next_free is None, str(each.next_free), each.name))


def page(*, programme: int, coach: int, person: int, now: datetime) -> Page | None:
    """One coach's page as `person` reads it; None if there is none in this programme, or none for this person."""
    rows = list(_shown(programme=programme, person=person).filter(pk=coach))
    found = _open_to(rows, programme=programme, person=person)
    return _page(found[0], today=days.of(now)) if found else None


def coach_of(*, programme: int, person: int) -> Page | None:
    """A person's own coach page; None if they have not written it."""
    row = _pages(programme=programme, person=person).filter(person_id=person).first()
    return None if row is None else _page(row, today=None)


def picture_of(*, programme: int, coach: int, person: int, now: datetime) -> int | None:
    """The number of the picture on a page that `person` may read, one's own included; None if there is none."""
    found = page(programme=programme, coach=coach, person=person, now=now)
    own = coach_of(programme=programme, person=person)
    if found is None and own is not None and own.coach == coach:
        found = own
    return None if found is None else found.picture


def shunned(*, programme: int, person: int) -> int:
    """How many check sums a person has left; what they stand for, nobody can read."""
    return Shunned.objects.filter(programme_id=programme, person_id=person).count()


def _pages(*, programme: int, person: int) -> "QuerySet[WithCoachees]":
    live = Booking.objects.filter(state__in=LIVE, coach=OuterRef("pk"), entitlement__person_id=person)
    file = CoachFile.objects.filter(programme_id=programme, person=OuterRef("person"))
    removed = CoachFile.objects.filter(programme_id=programme, stage=Stage.REMOVED).values("person")
    others = (
        Booking.objects.filter(programme_id=programme, state__in=LIVE, entitlement__person_id=person)
        .exclude(coach=OuterRef("pk"))
        .exclude(coach__person__in=removed)
        .values("entitlement__person")
        .annotate(many=Count("coach", distinct=True))
        .values("many")
    )
    leeway = Leeway.objects.filter(programme_id=programme, person_id=person)
    return (
        Coach.objects.filter(programme_id=programme)
        .select_related("person")
        .annotate(
            coachees=Count("booking__entitlement", distinct=True, filter=Q(booking__state__in=LIVE)),
            mine=Exists(live),
            promised=Count("waiting", distinct=True, filter=_kept_for_others(person)),
            stage=Subquery(file.values("stage")),
            expires_on=Subquery(file.values("expires_on")),
            others=Subquery(others),
            changes=Subquery(leeway.values("changes")),
        )
    )


def _kept_for_others(person: int) -> Q:
    """People who waited, were told, and do not come to this coach yet."""
    comes = Booking.objects.filter(
        state__in=LIVE, coach=OuterRef("pk"), entitlement__person_id=OuterRef("waiting__person_id")
    )
    return Q(~Exists(comes), ~Q(waiting__person_id=person), waiting__until__isnull=False)


def _shown(*, programme: int, person: int) -> "QuerySet[WithCoachees]":
    return _pages(programme=programme, person=person).filter(Q(stage=None) | ~Q(stage__in=HIDDEN))


def _open_to(rows: "Iterable[WithCoachees]", *, programme: int, person: int) -> "list[WithCoachees]":
    """Those whom the person may meet: not of one division or line, nor of a name that the person gave."""
    sums = Shunned.objects.filter(programme_id=programme, person_id=person).values_list("kind", "digest")
    shunned = {(kind, bytes(digest)) for kind, digest in sums}
    rows = list(rows)
    own = ""
    if any(row.reports_to for row in rows):
        own = people.names([person]).get(person, "")
    return [row for row in rows if not _conflicts(row, shunned=shunned, own=own)]


def _conflicts(row: "WithCoachees", *, shunned: set[tuple[str, bytes]], own: str) -> bool:
    def of(text: str) -> bytes:
        return digest(programme=row.programme_id, domain="person", text=text)

    if row.reports_to and of(row.reports_to) == of(own):
        return True
    if not shunned:
        return False
    division = digest(programme=row.programme_id, domain="division", text=row.division)
    met = {("name", of(row.person.name)), ("line", of(row.person.name)), ("line", of(row.reports_to))}
    return bool(shunned & (met | {("division", division)}))


def _page(row: "WithCoachees", *, today: date | None, next_free: datetime | None = None) -> Page:
    """today: the day for which a certificate has to count; None does not ask."""
    lapsed = today is not None and row.expires_on is not None and row.expires_on < today
    return Page(
        coach=row.pk,
        person=row.person_id,
        name=row.person.name,
        biography=row.biography,
        focus=row.focus,
        languages=row.languages,
        video_link=row.video_link,
        phone=row.phone,
        capacity=row.capacity,
        coachees=row.coachees,
        mine=row.mine,
        promised=row.promised,
        areas=tuple(row.areas),
        division=row.division,
        reports_to=row.reports_to,
        picture=row.picture_id,
        buffer=row.buffer,
        notice=row.notice,
        daily=row.daily,
        pauses=row.stage == Stage.PAUSED,
        certified=not lapsed,
        others=row.others or 0,
        changes=row.changes or 0,
        next_free=next_free,
    )

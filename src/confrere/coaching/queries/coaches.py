"""Coaches as participants read them. Nothing is written down about who looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from confrere.coaching.clock import Span
from confrere.coaching.models import LIVE, Booking, Coach
from confrere.coaching.queries.hours import open_slots

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Coachees(TypedDict):
    """What `_pages` counts beside a coach's row."""

    coachees: int
    mine: bool
    promised: int


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
    next_free: datetime | None = None

    @property
    def takes_new(self) -> bool:
        return self.coachees + self.promised < self.capacity


def directory(*, programme: int, person: int, room: Room | None) -> list[Page]:
    """Every coach of a programme with their next free start; soonest first, then those without, by name.

    room: the session that the person could book next; None leaves the free starts out. Three queries, however many
    coaches.
    """
    rows = list(_pages(programme=programme, person=person))
    first: dict[int, datetime] = {}
    if room is not None:
        slots = open_slots(
            programme=programme,
            coaches=[row.pk for row in rows],
            minutes=room.minutes,
            within=room.within,
            person=person,
        )
        first = {coach: starts[0] for coach, starts in slots.items() if starts}
    pages = [_page(row, next_free=first.get(row.pk)) for row in rows]
    return sorted(pages, key=lambda each: (each.next_free is None, str(each.next_free), each.name))


def page(*, programme: int, coach: int, person: int) -> Page | None:
    """One coach's page as `person` reads it; None if there is none in this programme."""
    row = _pages(programme=programme, person=person).filter(pk=coach).first()
    return None if row is None else _page(row, next_free=None)


def coach_of(*, programme: int, person: int) -> Page | None:
    """A person's own coach page; None if they have not written it."""
    row = _pages(programme=programme, person=person).filter(person_id=person).first()
    return None if row is None else _page(row, next_free=None)


def _pages(*, programme: int, person: int) -> QuerySet[WithCoachees]:
    live = Booking.objects.filter(state__in=LIVE, coach=OuterRef("pk"), entitlement__person_id=person)
    return (
        Coach.objects.filter(programme_id=programme)
        .select_related("person")
        .annotate(
            coachees=Count("booking__entitlement", distinct=True, filter=Q(booking__state__in=LIVE)),
            mine=Exists(live),
            promised=Count("waiting", distinct=True, filter=_kept_for_others(person)),
        )
    )


def _kept_for_others(person: int) -> Q:
    """People who waited, were told, and do not come to this coach yet."""
    comes = Booking.objects.filter(
        state__in=LIVE, coach=OuterRef("pk"), entitlement__person_id=OuterRef("waiting__person_id")
    )
    return Q(~Exists(comes), ~Q(waiting__person_id=person), waiting__until__isnull=False)


def _page(row: WithCoachees, *, next_free: datetime | None) -> Page:
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
        next_free=next_free,
    )

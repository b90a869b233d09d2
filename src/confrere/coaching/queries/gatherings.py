"""Group sessions and supervision, as those see them who are in them or may join."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from confrere.coaching.clock import Span
from confrere.coaching.models import Circle, Gathering, Occupied


@dataclass(frozen=True, slots=True)
class Meeting:
    """A gathering. coach: the number of the leader's page, None for a supervision. others: how many but the leader."""

    number: int
    kind: Gathering.Kind
    span: Span
    leader: int
    leader_name: str
    coach: int | None
    places: int
    others: int
    held: bool
    mine: bool  # whether the asking person is in it, or leads it
    video_link: str
    phone: str

    @property
    def free(self) -> int:
        return self.places - self.others


@dataclass(frozen=True, slots=True)
class Group:
    """Coaches under supervision, by name: read by themselves and by who forms such groups."""

    circle: int
    supervisor: int
    supervisor_name: str
    members: Sequence[str]


def meetings(*, programme: int, person: int) -> list[Meeting]:
    """Gatherings that this person is in and that nobody has settled yet, earliest first. Two queries."""
    mine = Occupied.objects.filter(person=person, gathering__isnull=False).values("gathering")
    return _shown(_rows(programme).filter(pk__in=mine), person)


def open_groups(*, programme: int, person: int, now: datetime) -> list[Meeting]:
    """Group sessions to come, whoever leads them; the caller leaves out what the person may not join. Two queries."""
    rows = _rows(programme).filter(kind=Gathering.Kind.GROUP, during__startswith__gt=now)
    return _shown(rows, person)


def meeting(*, programme: int, person: int, number: int) -> Meeting | None:
    """One that this person is in; None for everyone else. Two queries."""
    found = _shown(_rows(programme).filter(pk=number), person)
    return next((each for each in found if each.mine), None)


def names_in(*, number: int, leader: int) -> list[str]:
    """Who comes, but the leader, by name: for the leader's eyes. One query."""
    rows = Occupied.objects.filter(gathering=number).exclude(person=leader)
    return list(rows.order_by("person__name").values_list("person__name", flat=True))


def circles(*, programme: int, person: int | None = None, sites: frozenset[int] | None = None) -> list[Group]:
    """Groups of coaches under supervision: one's own, or all (person None) of these sites, by supervisor."""
    rows = Circle.objects.filter(programme=programme).select_related("supervisor")
    if sites is not None:
        rows = rows.filter(site__in=sites)
    if person is not None:
        rows = rows.filter(Q(supervisor=person) | Q(members__person=person)).distinct()
    found = rows.prefetch_related("members__person").order_by("supervisor__name", "pk")
    return [
        Group(
            circle=row.pk,
            supervisor=row.supervisor_id,
            supervisor_name=row.supervisor.name,
            members=sorted(each.person.name for each in row.members.all()),
        )
        for row in found
    ]


def over(*, before: datetime) -> Iterator[Gathering]:
    """Gatherings that ended before, of every programme, in an order that tells nothing of who came."""
    yield from Gathering.objects.filter(during__endswith__lte=before).order_by("leader", "during")


def _rows(programme: int) -> QuerySet[Gathering]:
    return Gathering.objects.filter(programme=programme).select_related("leader", "coach").order_by("during", "pk")


def _shown(rows: QuerySet[Gathering], person: int) -> list[Meeting]:
    found = list(rows)
    humans: dict[int, set[int]] = {}
    for number, human in Occupied.objects.filter(gathering__in=found).values_list("gathering", "person"):
        humans.setdefault(number, set()).add(human)
    return [
        Meeting(
            number=row.pk,
            kind=Gathering.Kind(row.kind),
            span=Span(row.during.lower, row.during.upper),
            leader=row.leader_id,
            leader_name=row.leader.name,
            coach=row.coach_id,
            places=row.places,
            others=len(humans[row.pk]) - 1,
            held=row.held,
            mine=person in humans[row.pk],
            video_link=row.coach.video_link if row.coach else "",
            phone=row.coach.phone if row.coach else "",
        )
        for row in found
    ]

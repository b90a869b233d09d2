"""What is sent to whoever completed a survey: items with a stock, and where they go."""

from dataclasses import dataclass

from django.db.models import Count

from confrere.people.models import Incentive, Parcel

#: So many left are a warning.
SCARCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An item that is offered after some waves. promised: asked for or shipped; left: what can still be asked for."""

    number: int
    name: str
    waves: tuple[str, ...]
    stock: int
    promised: int

    @property
    def left(self) -> int:
        """How many can still be asked for."""
        return max(0, self.stock - self.promised)

    @property
    def scarce(self) -> bool:
        """Whether it is time to buy more."""
        return self.left <= SCARCE


def incentives(*, programme: int) -> list[Offered]:
    """The items of a programme by name. One query."""
    rows = Incentive.objects.filter(programme=programme).annotate(promised=Count("parcels"))
    return [
        Offered(number=row.pk, name=row.name, waves=tuple(row.waves), stock=row.stock, promised=row.promised)
        for row in rows.order_by("name", "pk")
    ]


def left_of(incentive: Incentive) -> int:
    """How many of a locked item can still be asked for."""
    return incentive.stock - incentive.parcels.count()


def parcels(*, programme: int, sent: bool, sites: frozenset[int] | None = None) -> list[Parcel]:
    """What waits to be sent, or what was sent and still has its address; by item and name, never by time."""
    state = Parcel.State.SHIPPED if sent else Parcel.State.ASKED
    rows = Parcel.objects.filter(programme=programme, state=state, **at(sites)).exclude(address="")
    return list(rows.select_related("incentive", "person").order_by("incentive__name", "person__name", "pk"))


def at(sites: frozenset[int] | None) -> dict[str, frozenset[int]]:
    """What a query of rows asks so that it says whose: of these sites, or of every one."""
    return {} if sites is None else {"site__in": sites}


def parcels_of(*, person: int, incentive: int) -> tuple[int, int]:
    """(how many of an item somebody has asked for or got, how many of these still wait)."""
    rows = Parcel.objects.filter(person=person, incentive=incentive)
    return rows.count(), rows.filter(state=Parcel.State.ASKED).count()

"""Counts for those who answer for a service: who stands where, what was delivered against the plan."""

from collections import Counter
from dataclasses import dataclass

from confrere.coaching import queries as coaching
from confrere.service.models import Place, Seat, Service
from confrere.service.states import PlaceState

#: What coaching calls the grants of a service.
SOURCE = "service"


@dataclass(frozen=True, slots=True)
class Standings:
    """How many people stand where; seats: how many the coach hours of all intakes carry."""

    asked: int
    waiting: int
    offered: int
    taken: int
    done: int
    lapsed: int
    left: int
    seats: int

    @property
    def coached(self) -> int:
        """Those who have a place or had one to its end."""
        return self.taken + self.done


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sessions held against sessions granted, by everyone whose coaching was opened. No session has a date."""

    people: int
    started: int
    granted: int
    held: int
    hours: float


def standings(service: Service) -> Standings:
    """Who stands where now, as counts. Two queries."""
    stand = Counter(Place.objects.filter(service=service).values_list("state", flat=True))
    return Standings(
        asked=stand.total(),
        waiting=stand[PlaceState.WAITING],
        offered=stand[PlaceState.OFFERED],
        taken=stand[PlaceState.TAKEN],
        done=stand[PlaceState.DONE],
        lapsed=stand[PlaceState.LAPSED],
        left=stand[PlaceState.LEFT],
        seats=Seat.objects.filter(intake__service=service).count(),
    )


def delivery(service: Service) -> Delivery:
    """What was delivered so far."""
    found = coaching.delivered(programme=service.programme_id, source=SOURCE).values()
    return Delivery(
        people=len(found),
        started=sum(one.held > 0 for one in found),
        granted=sum(one.granted for one in found),
        held=sum(one.held for one in found),
        hours=sum(one.minutes for one in found) / 60,
    )

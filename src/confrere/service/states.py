"""States as data, and the few numbers that follow from a plan alone."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceState(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("open")
    ENDED = "ended", _("ended")


class IntakeKind(models.TextChoices):
    ROLLING = "rolling", _("Rolling: whoever asks starts as soon as a place is free")
    COHORTS = "cohorts", _("Cohorts: people ask until a day and start together")


class Order(models.TextChoices):
    FIRST_COME = "first-come", _("The first to ask are the first to get a place")
    LOTTERY = "lottery", _("By lot, when more people ask than there are places (cohorts only)")


class PlaceState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken")
    DONE = "done", _("finished")
    LAPSED = "lapsed", _("lapsed")
    LEFT = "left", _("left")


SERVICE_TRANSITIONS: dict[ServiceState, frozenset[ServiceState]] = {
    ServiceState.DRAFT: frozenset({ServiceState.OPEN}),
    ServiceState.OPEN: frozenset({ServiceState.ENDED}),
    ServiceState.ENDED: frozenset(),
}
#: Whoever left after coaching was opened does not come back in the same programme: one grant a person.
PLACE_TRANSITIONS: dict[PlaceState, frozenset[PlaceState]] = {
    PlaceState.WAITING: frozenset({PlaceState.OFFERED, PlaceState.TAKEN, PlaceState.LEFT}),
    PlaceState.OFFERED: frozenset({PlaceState.TAKEN, PlaceState.LAPSED, PlaceState.LEFT}),
    PlaceState.TAKEN: frozenset({PlaceState.DONE, PlaceState.LEFT}),
    PlaceState.LAPSED: frozenset({PlaceState.WAITING, PlaceState.LEFT}),
    PlaceState.LEFT: frozenset({PlaceState.WAITING}),
    PlaceState.DONE: frozenset(),
}
#: No shown number about answers rests on fewer people.
SMALLEST = 5
#: In these states a place takes a seat.
SEATED = (PlaceState.OFFERED, PlaceState.TAKEN)


def seats_for(*, coach_hours: float, minutes: Sequence[int]) -> int:
    """How many people so many coach hours carry at the same time: whole ones only."""
    return int(coach_hours * 60 // sum(minutes))

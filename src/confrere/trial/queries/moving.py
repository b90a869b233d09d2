"""Whose place has moved on without their knowing it yet."""

from confrere.trial.models import Place, PlaceState, Trial

#: Moves that are told by letter; of the others the page or another letter tells.
TOLD = (PlaceState.HELD, PlaceState.LAPSED)


def to_be_written(trial: Trial) -> list[Place]:
    """Places that were offered from the waiting list or lapsed, and nobody has written of it; in order of coming."""
    rows = Place.objects.filter(trial=trial, state__in=TOLD).order_by("number")
    return [row for row in rows if row.told != row.state]

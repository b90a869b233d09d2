"""Who holds the keys to withheld names, and what two people have asked or done with them."""

from collections.abc import Sequence

from confrere.lounge.models import KeyHolder, Unmasking


def holders(*, programme: int) -> Sequence[tuple[int, KeyHolder | None]]:
    """(place, who holds it now, None: nobody) for both keys. One query."""
    rows = KeyHolder.objects.filter(programme_id=programme, until=None).select_related("holder")
    found = {row.place: row for row in rows}
    return [(place, found.get(place)) for place in (1, 2)]


def unmaskings(*, programme: int) -> Sequence[Unmasking]:
    """Every request to open a name, the newest first; fifty at most. One query."""
    rows = Unmasking.objects.filter(programme_id=programme).select_related("mask__question", "asked_by", "agreed_by")
    return list(rows.order_by("-pk")[:50])


def unmasking(*, programme: int, number: int) -> Unmasking | None:
    """One request of this programme; None alike for absent and foreign."""
    return Unmasking.objects.filter(programme_id=programme, pk=number).select_related("mask__question").first()

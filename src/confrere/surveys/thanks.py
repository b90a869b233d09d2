"""The item that is offered when a survey was sent, and what somebody may still ask for.

The one place of this room where a survey leads to its person: on the server, for the length of one request, and
nothing of it is written down beside the other.
"""

from dataclasses import dataclass

from confrere.people.queries import Offered, incentives, parcels_of
from confrere.surveys.models import Response
from confrere.vault import link


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """An item for somebody. entitled: surveys with it that they sent; had: asked for or got; waiting: not shipped."""

    item: Offered
    person: int
    entitled: int
    had: int
    waiting: int

    @property
    def can_ask(self) -> bool:
        """Whether there is one left for them."""
        return self.had < self.entitled and self.item.left > 0

    @property
    def shown(self) -> bool:
        """Whether there is anything to say of it."""
        return self.can_ask or self.had > 0


def thanks(row: Response) -> Thanks | None:
    """What a survey that was sent is thanked with; None where nothing is offered, or nobody knows whose it is.

    Of several items the first that has something to say; else the first, of which none is left.
    """
    items = [one for one in incentives(programme=row.programme_id) if row.wave in one.waves]
    person = link.person(study_id=row.study_id, programme=row.programme_id) if items else None
    if person is None:
        return None
    sent = Response.objects.filter(
        programme=row.programme_id, study_id=row.study_id, completed_at__isnull=False
    ).values_list("wave", flat=True)
    found = [_of(item, person, set(sent)) for item in items]
    return next((one for one in found if one.shown), found[0])


def _of(item: Offered, person: int, sent: set[str]) -> Thanks:
    had, waiting = parcels_of(person=person, incentive=item.number)
    return Thanks(item=item, person=person, entitled=len(sent & set(item.waves)), had=had, waiting=waiting)

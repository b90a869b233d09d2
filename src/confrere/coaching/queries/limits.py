"""Which limits of confidentiality hold, and whether somebody has read them."""

from dataclasses import dataclass
from datetime import date

from confrere.coaching.models import Acknowledged, Limits


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that holds now. limits: its number; None for the general text of this software, which is no counsel's."""

    limits: int | None
    state: str  # two letters; empty: everywhere
    version: int
    text: str
    since: date | None

    @property
    def general(self) -> bool:
        return self.limits is None


GENERAL = Wording(limits=None, state="", version=0, text="", since=None)


def wordings(*, programme: int) -> list[Wording]:
    """The newest wording of each state, that for everywhere first; the general text where there is none. One query."""
    rows = Limits.objects.filter(programme=programme).order_by("state", "-version").distinct("state")
    found = [
        Wording(limits=row.pk, state=row.state, version=row.version, text=row.text, since=row.since) for row in rows
    ]
    return found or [GENERAL]


def has_read(*, programme: int, person: int) -> date | None:
    """The day on which somebody acknowledged one of the wordings that hold now; None if they have not. Two queries."""
    now = {each.limits for each in wordings(programme=programme)}
    rows = Acknowledged.objects.filter(programme=programme, person=person).order_by("-day")
    return next((day for limits, day in rows.values_list("limits", "day") if limits in now), None)

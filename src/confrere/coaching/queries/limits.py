"""Which limits of confidentiality hold, and whether somebody has read them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Q, QuerySet

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
    found = [
        Wording(limits=row.pk, state=row.state, version=row.version, text=row.text, since=row.since)
        for row in _newest(programme)
    ]
    return found or [GENERAL]


def has_read(*, programme: int, person: int) -> date | None:
    """The day on which somebody acknowledged one of the wordings that hold now; None if they have not. One query."""
    general = Q(limits=None) & ~Exists(Limits.objects.filter(programme=programme))
    rows = Acknowledged.objects.filter(general | Q(limits__in=_newest(programme)), programme=programme, person=person)
    return rows.order_by("-day").values_list("day", flat=True).first()


def _newest(programme: int) -> QuerySet[Limits]:
    return Limits.objects.filter(programme=programme).order_by("state", "-version").distinct("state")

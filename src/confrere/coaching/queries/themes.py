"""Workplace themes: what a coach ticked for the open quarter, and what the quarters before came to."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from confrere.coaching.models import Band, PooledTheme, Theme, ThemeAnswer
from confrere.coaching.quarters import open_quarter


@dataclass(frozen=True, slots=True)
class Quarter:
    """A pooled quarter, by its first day: the themes that at least five coaches named, those named most often first."""

    first: date
    themes: tuple[tuple[Theme, Band], ...]


def my_themes(*, programme: int, person: int, now: datetime) -> frozenset[Theme] | None:
    """What a coach ticked for the open quarter; None if they have not answered yet. One query."""
    mine = ThemeAnswer.objects.filter(programme=programme, coach=person, quarter=open_quarter(now))
    row = mine.values_list("themes", flat=True).first()
    return None if row is None else frozenset(Theme(each) for each in row)


def workplace(*, programme: int) -> list[Quarter]:
    """Every pooled quarter, the newest first. One query."""
    rows = PooledTheme.objects.filter(programme=programme).order_by("-quarter", "pk")
    order = [Band.MANY, Band.SOME]
    return [
        Quarter(
            first=first,
            themes=tuple(
                sorted(
                    ((Theme(row.theme), Band(row.band)) for row in found if row.band != Band.FEW),
                    key=lambda each: order.index(each[1]),
                )
            ),
        )
        for first, found in groupby(rows, key=lambda row: row.quarter)
    ]

"""Free times as a week and a list to choose from, for booking and for moving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.coaching import words
from confrere.coaching.clock import YEARS
from confrere.coaching.week import Day, week_of


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen: starts, in whose clock; the one that was chosen before, if any."""

    starts: Sequence[datetime]
    zone: str
    chosen: datetime | None = None


def asked_day(request: HttpRequest, name: str) -> date | None:
    """A day from the address line; None when it is absent, no day, or one on which nobody meets."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def times(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    """Context of `coaching/times.html`: the week that was asked for, or of the chosen start, or the first free one."""
    day = asked_day(request, "day")
    chosen = words.local(choice.chosen, zone=choice.zone).date() if choice.chosen else None
    week = week_of(choice.starts, zone=choice.zone, asked=asked_day(request, "week") or day or chosen)
    days = week.days if week else ()
    shown = [each for each in days if each.starts and (day is None or each.day == day)]
    return {
        "week": [_dot(each, current=each.day == day) for each in days],
        "slot_days": [_slots(each, choice) for each in shown],
        "earlier": week and week.earlier,
        "later": week and week.later,
        "clock": choice.zone.rpartition("/")[2].replace("_", " "),
        "key": uuid4(),
    }


def _dot(each: Day, *, current: bool) -> dict[str, Any]:
    return {
        "label": f"{date_format(each.day, 'D', use_l10n=False)[:2]} {each.day.day}",  # seven stand side by side
        "count": len(each.starts),
        "url": f"?day={each.day.isoformat()}#times",
        "current": current,
    }


def _slots(each: Day, choice: Choice) -> dict[str, Any]:
    return {
        "label": date_format(each.day, _("l j F"), use_l10n=False),
        "slots": [
            {
                "label": words.hour(start, zone=choice.zone),
                "value": start.isoformat(),
                "checked": start == choice.chosen,
            }
            for start in each.starts
        ],
    }

"""What is mine to do now: the rooms' cards, put together in one place and in one order."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from confrere.people.queries import Card, Standing

#: Rooms whose `queries.today` is asked; each answers with a handful of cards and a handful of queries.
ROOMS: tuple[str, ...] = ("lounge",)


def cards(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """Everything that waits for this person in this programme, the most pressing first."""
    asked = [import_module(f"confrere.{room}.queries").today for room in ROOMS]
    found = [card for today in asked for card in today(standing=standing, now=now)]
    return sorted(found, key=lambda card: card.order)


def greeting(*, name: str, zone: str, now: datetime) -> str:
    """A greeting by the person's own clock."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}

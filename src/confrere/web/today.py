"""What is mine to do now: the rooms' cards, put together in one place and in one order."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Protocol
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from confrere.people.queries import Card, Standing


class Asked(Protocol):
    """What a room offers for the home page: `queries.today`."""

    def __call__(self, *, standing: Standing, now: datetime) -> Sequence[Card]: ...


@cache
def rooms() -> tuple[Asked, ...]:
    """The `today` of every room that has one."""
    queries = [
        import_module(f"{config.name}.queries")
        for config in apps.get_app_configs()
        if config.label in settings.ROOMS and module_has_submodule(config.module, "queries")
    ]
    return tuple(module.today for module in queries if hasattr(module, "today"))


def cards(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """Everything that waits for this person in this programme, the most pressing first."""
    found = [card for today in rooms() for card in today(standing=standing, now=now)]
    return sorted(found, key=lambda card: card.order)


def greeting(*, name: str, zone: str, now: datetime) -> str:
    """A greeting by the person's own clock."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}

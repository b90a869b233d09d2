"""One audit event for each act of this room."""

from datetime import datetime

from confrere.people.queries import Standing
from confrere.vault import audit
from confrere.vault import classification as kept


def note(action: str, standing: Standing, about: str, now: datetime, *, kept_as: str = kept.FROZEN) -> None:
    """Who did what, in the transaction that did it."""
    audit.record(
        action=action,
        actor=audit.Actor.person(standing.person),
        about=about,
        programme=standing.programme,
        kept_as=kept_as,
        now=now,
    )

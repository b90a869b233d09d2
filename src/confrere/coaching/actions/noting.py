"""An event about one thing of coaching, as several verbs record it."""

from datetime import datetime

from confrere.vault import audit


def note(verb: str, *, programme: int, actor: int, about: str, kept_as: str, now: datetime) -> None:
    """Record what somebody did to one thing, in the transaction of what it tells of."""
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(actor),
        about=about,
        programme=programme,
        kept_as=kept_as,
        now=now,
    )

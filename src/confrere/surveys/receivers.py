"""What the post asks before a letter leaves; thin, it calls the room's own action."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from confrere.post.signals import Verdict, leaving
from confrere.surveys.actions import pulse_verdict, verdict


@receiver(leaving)
def letter_leaves(sender: object, guard: str, now: datetime, **kwargs: Any) -> Verdict | None:
    """Whether a letter about a survey or a pulse is still wanted."""
    return verdict(guard=guard, now=now) or pulse_verdict(guard=guard, now=now)

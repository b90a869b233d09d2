"""What the post asks when a letter of ours is about to leave."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from confrere.lounge import actions
from confrere.post.signals import Verdict, leaving


@receiver(leaving)
def letter_leaves(sender: object, guard: str, now: datetime, **kwargs: Any) -> Verdict | None:
    """Not to who stopped such letters, and not within quiet hours or days."""
    return actions.verdict(guard=guard, now=now)

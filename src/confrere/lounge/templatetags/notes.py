"""What the pages of the lounge look up: notes beneath a post, words of distress, the site's numbers."""

import json
from collections.abc import Mapping, Sequence

from django import template
from django.conf import settings

from confrere.lounge.distress import PHRASES
from confrere.lounge.models import Note

register = template.Library()


@register.filter
def of(notes: Mapping[int, Sequence[Note]] | str, post: int) -> Sequence[Note]:
    """The notes of this post; none on pages that bring no notes along."""
    return () if isinstance(notes, str) else notes.get(post, ())


@register.simple_tag
def phrases() -> str:
    """The phrases that the page's script listens to, as JSON."""
    return json.dumps(PHRASES)


@register.simple_tag
def help_numbers() -> list[tuple[str, ...]]:
    """The site's own numbers beside 988."""
    return settings.HELP_NUMBERS

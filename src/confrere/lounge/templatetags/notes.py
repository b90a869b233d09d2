"""What the pages of the lounge look up: notes beneath a post, words of distress, the site's numbers."""

import json
from collections.abc import Mapping, Sequence

from django import template
from django.conf import settings

from confrere.lounge.distress import PHRASES

register = template.Library()


@register.filter
def of(rows: Mapping[int, Sequence[object]] | str, post: int) -> Sequence[object]:
    """The notes or pictures of this post; none on pages that bring none along."""
    return () if isinstance(rows, str) else rows.get(post, ())


@register.simple_tag
def phrases() -> str:
    """The phrases that the page's script listens to, as JSON."""
    return json.dumps(PHRASES)


@register.simple_tag
def help_numbers() -> list[tuple[str, ...]]:
    """The site's own numbers beside 988."""
    return settings.HELP_NUMBERS

"""The visibility chip: who can reach what a field stores, computed from its class and never typed by hand.

{% load visibility %}
{% chip "coaching.Booking.during" %}
{% chip "lounge.Question.text" name="Cardiology" %}
{% chip "nothing" %}
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from confrere.vault.audiences import AUDIENCES
from confrere.vault.classification import audience_code, sentence_of
from confrere.vault.icons import ICONS

register = template.Library()


@register.simple_tag
def chip(kept: str, name: str = "") -> SafeString:
    """The chip of a field ("room.Model.field"), of a class ("answer") or of "nothing". Unknown: KeyError."""
    code = audience_code(kept)
    icon = AUDIENCES[code].icon
    return format_html(
        '<span class="chip chip-{}"><svg class="chip-icon" viewBox="0 0 16 16" width="16" height="16" fill="none" '
        'stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg><span>{}</span></span>',
        icon,
        ICONS[icon],
        sentence_of(kept, name=name),
    )

"""The visibility chip: who can reach what a field stores, computed from its class and never typed by hand.

{% load visibility %}
{% chip "coaching.Booking.during" %}
{% chip "lounge.Question.text" name="Cardiology" %}
{% chip "nothing" %}
"""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from confrere.vault.audiences import AUDIENCES
from confrere.vault.classification import audience_code, sentence_of

register = template.Library()


@register.simple_tag
def chip(kept: str, name: str = "") -> SafeString:
    """The chip of a field ("room.Model.field"), of a class ("answer") or of "nothing". Unknown: KeyError."""
    icon = AUDIENCES[audience_code(kept)].icon
    return render_to_string("web/ui.html#chip", {"icon": icon, "label": sentence_of(kept, name=name)})

"""What a page of a survey says to somebody in distress."""

from django import template

from confrere.surveys import queries

register = template.Library()


@register.simple_tag
def distress_plan(programme: int) -> list[str]:
    """The lines of the programme's distress plan; none where no protocol names one."""
    return queries.distress_plan(programme)

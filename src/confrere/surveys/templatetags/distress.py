"""What a page of a survey says to somebody in distress."""

from django import template

from confrere.surveys import queries
from confrere.surveys.models import Response

register = template.Library()


@register.simple_tag
def distress_plan(response: Response) -> list[str]:
    """The lines of the programme's distress plan; none where no protocol names one."""
    return queries.distress_plan(response.programme_id)

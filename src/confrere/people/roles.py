"""The roles a person can have in a programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PARTICIPANT = "participant", _("Participant")
    COACH = "coach", _("Coach")
    COORDINATOR = "coordinator", _("Coordinator")
    DIRECTOR = "director", _("Director")
    STATISTICIAN = "statistician", _("Statistician")
    LEADER = "leader", _("Leader")
    MODERATOR = "moderator", _("Moderator")
    OPERATOR = "operator", _("Operator")


#: Who gives and ends which roles of others. Participants make themselves: they sign, or are given a place.
GIVES: dict[Role, frozenset[Role]] = {
    Role.OPERATOR: frozenset({Role.OPERATOR, Role.DIRECTOR}),
    Role.DIRECTOR: frozenset(Role) - {Role.PARTICIPANT, Role.OPERATOR},
}

#: Without one of these nobody could give the others any more.
ALWAYS = frozenset({Role.DIRECTOR, Role.OPERATOR})

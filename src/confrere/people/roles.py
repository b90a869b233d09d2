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

"""More than two people at one time: group sessions that a coach offers, and supervision of coaches.

Who comes is nowhere but in `Occupied`, beside everybody's other appointments, and goes with them a week later.
"""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.coaching.models.coach import Coach
from confrere.coaching.models.hours import half_open
from confrere.vault import classification as kept


class Circle(models.Model):
    """Coaches who meet under supervision. It has no name but its supervisor's."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    supervisor = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    since = models.DateField(db_comment=kept.GATHERING)

    def __str__(self) -> str:
        return f"supervision by person {self.supervisor_id}"


class CircleMember(models.Model):
    """A coach in such a group, beside its supervisor."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="members", db_comment=kept.GATHERING)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.GATHERING)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["circle", "person"], name="everyone_is_in_a_circle_once"),)

    def __str__(self) -> str:
        return f"person {self.person_id} in circle {self.circle_id}"


class Gathering(models.Model):
    """One time at which several people meet. A week after it is over, nothing of it is left but lines of pay."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Group session")
        SUPERVISION = "supervision", _("Supervision")

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    kind = models.CharField(max_length=16, choices=Kind.choices, db_comment=kept.GATHERING)
    leader = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.GATHERING)
    #: A group session's: the page with the link or number.
    coach = models.ForeignKey(Coach, models.CASCADE, null=True, related_name="+", db_comment=kept.GATHERING)
    #: A supervision's.
    circle = models.ForeignKey(Circle, models.CASCADE, null=True, related_name="+", db_comment=kept.GATHERING)
    during = DateTimeRangeField(db_comment=kept.GATHERING)
    #: How many may come beside the leader.
    places = models.PositiveSmallIntegerField(db_comment=kept.GATHERING)
    #: The form's own number: the same form sent twice makes one gathering.
    key = models.UUIDField(unique=True, db_comment=kept.TECHNICAL)
    changed_at = models.DateTimeField(db_comment=kept.GATHERING)
    reminded = models.BooleanField(default=False, db_comment=kept.GATHERING)
    #: The leader said that it took place; nobody says who came.
    held = models.BooleanField(default=False, db_comment=kept.GATHERING)

    class Meta:
        constraints = (
            half_open("gatherings_are_half_open"),
            models.CheckConstraint(
                condition=models.Q(kind="group", coach__isnull=False, circle__isnull=True)
                | models.Q(kind="supervision", coach__isnull=True, circle__isnull=False),
                name="a_gathering_is_of_a_coach_or_a_circle",
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1, places__lte=12), name="a_gathering_is_small"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

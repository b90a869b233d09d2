"""Around the meeting: who waits for a coach, whose calendar reads along, which limits were read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.coaching.models.coach import Coach
from confrere.vault import classification as kept

#: Two letters as the postal service writes them; empty for a text that holds everywhere.
STATE = r"^([A-Z]{2})?$"
#: A SHA-256 in hexadecimal.
DIGEST = r"^[0-9a-f]{64}$"


class Part(models.TextChoices):
    """Parts of a day and a week, by the clock of whoever says that they suit."""

    EARLY = "early", _("Before nine")
    DAY = "day", _("Between nine and five")
    MIDDAY = "midday", _("Around noon")
    EVENING = "evening", _("From five on")
    WEEKEND = "weekend", _("At the weekend")


class Waiting(models.Model):
    """Somebody who would like to come to a coach that has no place or no hour: in line since then."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BOOKING)
    coach = models.ForeignKey(Coach, models.CASCADE, db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.BOOKING)
    since = models.DateTimeField(db_comment=kept.BOOKING)
    #: Which hours suit; none: any.
    suits = ArrayField(
        models.CharField(max_length=8, choices=Part.choices), default=list, blank=True, db_comment=kept.BOOKING
    )
    #: Told that something is free; a place is kept for them until then, and after that the next one is told.
    until = models.DateTimeField(null=True, blank=True, db_comment=kept.BOOKING)

    class Meta:
        verbose_name_plural = "waiting"
        constraints = (
            models.UniqueConstraint(fields=["coach", "person"], name="everyone_waits_once"),
            models.CheckConstraint(
                condition=models.Q(suits__contained_by=[value for value, _label in Part.choices]),
                name="parts_of_the_week_are_of_the_list",
            ),
        )

    def __str__(self) -> str:
        return f"person {self.person_id} waits for coach {self.coach_id}"


class Feed(models.Model):
    """A private address under which a calendar reads along; whoever knows it sees that time is taken, nothing else."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.BOOKING)
    #: SHA-256 of the address's token of 128 bits; the token itself is shown once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True, db_comment=kept.BOOKING)
    since = models.DateField(db_comment=kept.BOOKING)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "person"], name="one_calendar_address_each"),
            models.CheckConstraint(condition=models.Q(digest__regex=DIGEST), name="feed_keeps_only_a_digest"),
        )

    def __str__(self) -> str:
        return f"calendar of person {self.person_id}"


class Device(models.Model):
    """A browser at which somebody wants a knock before an appointment. The address is its push service's."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    endpoint = models.CharField(max_length=500, db_comment=kept.BOOKING)
    since = models.DateField(db_comment=kept.BOOKING)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "endpoint"], name="a_browser_is_knocked_at_once"),)

    def __str__(self) -> str:
        return f"device of person {self.person_id}"


class Limits(models.Model):
    """The limits of confidentiality as the site's counsel worded them, for a state; a new wording is a new version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    state = models.CharField(max_length=2, blank=True, db_comment=kept.PROGRAMME)
    version = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)  # from 1, in each state
    text = models.TextField(max_length=20_000, db_comment=kept.PROGRAMME)
    since = models.DateField(db_comment=kept.PROGRAMME)

    class Meta:
        verbose_name_plural = "limits"
        constraints = (
            models.UniqueConstraint(fields=["programme", "state", "version"], name="limits_have_one_wording_a_version"),
            models.CheckConstraint(condition=models.Q(state__regex=STATE), name="limits_state_is_a_code"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="limits_versions_count_from_one"),
            models.CheckConstraint(condition=~models.Q(text=""), name="limits_have_a_text"),
        )

    def __str__(self) -> str:
        return f"limits {self.state} {self.version}"


class Acknowledged(models.Model):
    """A person has read the limits of confidentiality: which wording, and on which day."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.BOOKING)
    #: Empty for the general text of this software, which is nobody's counsel's.
    limits = models.ForeignKey(Limits, models.PROTECT, null=True, blank=True, db_comment=kept.BOOKING)
    day = models.DateField(db_comment=kept.BOOKING)

    class Meta:
        verbose_name_plural = "acknowledged"
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "person", "limits"], nulls_distinct=False, name="a_wording_is_acknowledged_once"
            ),
        )

    def __str__(self) -> str:
        return f"limits read by person {self.person_id}"

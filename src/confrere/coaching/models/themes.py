"""What hinders physicians at work, as coaches see it once a quarter: themes of a fixed list, tied to no session."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Theme(models.TextChoices):
    """The drivers of burnout that an institution can change. Nothing else can be written."""

    WORKLOAD = "workload", _("Too much work for the time")
    DOCUMENTATION = "documentation", _("Documentation")
    RECORD_SYSTEM = "record_system", _("The electronic record is hard to use")
    COMMUNICATION = "communication", _("Scattered communication")
    AFTER_HOURS = "after_hours", _("Calls and messages after hours")
    SCHEDULING = "scheduling", _("Schedules and rosters")
    STAFFING = "staffing", _("Too few hands")
    CONTROL = "control", _("Little say in one's own work")
    VALUES = "values", _("Values that do not fit the work")
    ISOLATION = "isolation", _("Few colleagues to talk to")
    RESPECT = "respect", _("Respect and conduct at work")
    LEADERSHIP = "leadership", _("How people are led")


class Band(models.TextChoices):
    """How many coaches named a theme. A number would tell of single coaches."""

    FEW = "few", _("fewer than five coaches")
    SOME = "some", _("five to nine coaches")
    MANY = "many", _("ten coaches or more")


class ThemeAnswer(models.Model):
    """What one coach ticked for a quarter, until it is pooled with the others' and erased. It names nobody."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.THEME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.THEME)
    coach = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.THEME)
    quarter = models.DateField(db_comment=kept.THEME)  # its first day
    themes = ArrayField(models.CharField(max_length=16, choices=Theme.choices), db_comment=kept.THEME)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "coach", "quarter"], name="one_answer_a_quarter"),
            models.CheckConstraint(
                condition=models.Q(themes__contained_by=[value for value, _label in Theme.choices]),
                name="themes_are_of_the_list",
            ),
        )

    def __str__(self) -> str:
        return f"{len(self.themes)} themes of {self.quarter}"


class PooledTheme(models.Model):
    """How often a theme was named in a quarter, by at least five coaches together."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.RELEASE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.RELEASE)
    quarter = models.DateField(db_comment=kept.RELEASE)
    theme = models.CharField(max_length=16, choices=Theme.choices, db_comment=kept.RELEASE)
    band = models.CharField(max_length=8, choices=Band.choices, db_comment=kept.RELEASE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "quarter", "theme"], name="a_theme_is_pooled_once"),
            models.CheckConstraint(
                condition=models.Q(theme__in=[value for value, _label in Theme.choices]), name="pooled_theme_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(band__in=[value for value, _label in Band.choices]), name="pooled_band_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.theme} in {self.quarter}: {self.band}"

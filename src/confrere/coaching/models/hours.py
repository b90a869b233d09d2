"""When a coach can be booked: hours offered, days away, and busy times of a calendar that is kept elsewhere."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.coaching.models.coach import Coach
from confrere.vault import classification as kept

#: An IANA name, and nothing that could be a sentence.
ZONE = r"^[A-Za-z0-9]+([_+/-][A-Za-z0-9]+){0,5}$"


def half_open(name: str) -> models.CheckConstraint:
    """`during` starts and ends, is not empty, holds its start and not its end."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(
            during__isempty=False,
            during__lower_inc=True,
            during__upper_inc=False,
            during__lower_inf=False,
            during__upper_inf=False,
        ),
    )


class Hours(models.Model):
    """A stretch of time that a coach offers, in which sessions may be booked."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.COACH_PAGE)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.COACH_PAGE)
    coach = models.ForeignKey(Coach, models.PROTECT, db_comment=kept.COACH_PAGE)
    during = DateTimeRangeField(db_comment=kept.COACH_PAGE)
    zone = models.CharField(max_length=64, db_comment=kept.COACH_PAGE)  # IANA name of the clock they were said in
    #: Weekly hours entered together carry the same number; one-off hours carry none.
    series = models.UUIDField(null=True, blank=True, db_comment=kept.COACH_PAGE)

    class Meta:
        verbose_name_plural = "hours"
        constraints = (
            half_open("hours_are_half_open"),
            ExclusionConstraint(
                name="hours_of_a_coach_do_not_overlap",
                expressions=[("coach", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=models.Q(zone__regex=ZONE), name="hours_zone_is_a_name"),
        )

    def __str__(self) -> str:
        return f"hours of coach {self.coach_id}"


class Away(models.Model):
    """Days on which nobody books: of one coach, or holidays of the whole programme."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.COACH_PAGE)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.COACH_PAGE)
    coach = models.ForeignKey(Coach, models.CASCADE, null=True, db_comment=kept.COACH_PAGE)  # null: everybody
    first = models.DateField(db_comment=kept.COACH_PAGE)
    last = models.DateField(db_comment=kept.COACH_PAGE)
    during = DateTimeRangeField(
        db_comment=kept.COACH_PAGE
    )  # from midnight to midnight, by the clock of whoever said it

    class Meta:
        verbose_name_plural = "away"
        constraints = (
            half_open("away_is_half_open"),
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="away_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Trouble(models.TextChoices):
    """Why the last fetching of a calendar failed; never the other server's words."""

    NONE = "", _("Read without trouble")
    INSIDE = "inside", _("The address leads to a machine inside, which is never asked")
    SILENT = "silent", _("The other server did not answer in time")
    REFUSED = "refused", _("The other server refused, or sent on to another address")
    LARGE = "large", _("The calendar is larger than 5 MB, or reading it takes too long")
    UNREADABLE = "unreadable", _("What came is no calendar")


class BusyCalendar(models.Model):
    """A calendar of the coach that is kept elsewhere and read for its busy times, without titles."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BUSY)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BUSY)
    coach = models.OneToOneField(Coach, models.CASCADE, db_comment=kept.BUSY)
    #: Where it is fetched: whoever knows it can read the calendar, so it is sealed under a key outside the database.
    address = models.CharField(max_length=2800, db_comment=kept.BUSY)
    etag = models.CharField(max_length=200, blank=True, db_comment=kept.BUSY)
    modified = models.CharField(max_length=64, blank=True, db_comment=kept.BUSY)
    tried_at = models.DateTimeField(null=True, db_comment=kept.BUSY)
    read_at = models.DateTimeField(null=True, db_comment=kept.BUSY)
    trouble = models.CharField(max_length=16, choices=Trouble.choices, blank=True, db_comment=kept.BUSY)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(trouble__in=[value for value, _label in Trouble.choices]),
                name="calendar_trouble_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"calendar of coach {self.coach_id}"


class BusyTime(models.Model):
    """A stretch in which the coach's other calendar says busy: no title, no place, nobody's name."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BUSY)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BUSY)
    coach = models.ForeignKey(Coach, models.CASCADE, db_comment=kept.BUSY)
    during = DateTimeRangeField(db_comment=kept.BUSY)

    class Meta:
        constraints = (half_open("busy_time_is_half_open"),)

    def __str__(self) -> str:
        return f"busy time of coach {self.coach_id}"

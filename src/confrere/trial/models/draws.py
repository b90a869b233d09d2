"""Each draw, and what followed it once."""

from django.db import models
from django.db.models import Q

from confrere.trial.models.states import StepKind, one_of
from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept


class Allocation(models.Model):
    """One draw. `counter` counts from 0 within the stratum; the arm derives from the key, nothing is stored ahead."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.ALLOCATION)
    study_id = models.CharField(max_length=16, db_comment=kept.ALLOCATION)
    stratum = models.CharField(max_length=200, db_comment=kept.ALLOCATION)
    counter = models.PositiveIntegerField(db_comment=kept.ALLOCATION)
    nonce = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    leaf = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    arm = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    drawn_on = models.DateField(db_comment=kept.ALLOCATION)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id"], name="one_allocation_per_study_id"),
            models.UniqueConstraint(fields=["trial", "stratum", "counter"], name="draws_are_counted_by_stratum"),
        )

    def __str__(self) -> str:
        return f"{self.study_id} in {self.stratum}"


class Batch(models.Model):
    """The draw of everybody at once: what the statistician promised, the closed roster, what was opened, and when."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.OneToOneField(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    second_commitment = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    promised_at = models.DateTimeField(db_comment=kept.PROGRAMME)
    roster_root = models.CharField(max_length=64, blank=True, db_comment=kept.PROGRAMME)
    closed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)
    #: In hexadecimal; empty until it is opened.
    second = models.CharField(max_length=128, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(roster_root="", closed_at__isnull=True) | Q(~Q(roster_root=""), closed_at__isnull=False),
                name="a_roster_is_closed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(second="") | Q(closed_at__isnull=False), name="nothing_is_opened_before_the_roster_closes"
            ),
        )

    def __str__(self) -> str:
        return f"batch draw of {self.trial_id}"


class RosterLine(models.Model):
    """One participant of a closed roster, before the draw: stratum and nonce are frozen, no arm is known to anyone."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.ALLOCATION)
    study_id = models.CharField(max_length=16, db_comment=kept.ALLOCATION)
    stratum = models.CharField(max_length=200, db_comment=kept.ALLOCATION)
    nonce = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    leaf = models.CharField(max_length=64, db_comment=kept.ALLOCATION)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["trial", "study_id"], name="one_roster_line_per_study_id"),)

    def __str__(self) -> str:
        return f"{self.study_id} in the roster"


class Step(models.Model):
    """What followed a draw, done once: the letter that tells of it, the coaching that it opens.

    To whom stands in coaching and in the letter, never here.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    kind = models.CharField(max_length=16, choices=StepKind.choices, db_comment=kept.PLACE)
    done_on = models.DateField(db_comment=kept.PLACE)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id", "kind"], name="one_step_of_a_kind"),
            one_of("kind", StepKind, "step_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"


class Delivered(models.Model):
    """How many sessions a study id has had: a number that outlives the meetings. Never a date, never a pair."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    held = models.PositiveSmallIntegerField(db_comment=kept.PLACE)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["trial", "study_id"], name="one_count_of_sessions"),)

    def __str__(self) -> str:
        return f"{self.study_id} {self.held}"

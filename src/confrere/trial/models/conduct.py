"""How the study is run: what went otherwise than planned, what was asked about a value, who learnt an arm.

Staff stand here by number, never by key, and participants by study id, so that no row joins a person and a study id.
What stands under a study id is dated by the day.
"""

from django.db import models
from django.db.models import F, Q

from confrere.trial.models.states import DeviationKind, EventKind, one_of
from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept


class Deviation(models.Model):
    """Something that went otherwise than the protocol says. Never changed; what follows is another note."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.CONDUCT)
    #: Empty where it concerns nobody in particular.
    study_id = models.CharField(max_length=16, blank=True, db_comment=kept.CONDUCT)
    kind = models.CharField(max_length=16, choices=DeviationKind.choices, db_comment=kept.CONDUCT)
    happened_on = models.DateField(db_comment=kept.CONDUCT)
    text = models.CharField(max_length=500, db_comment=kept.CONDUCT)
    irb_reference = models.CharField(max_length=100, blank=True, db_comment=kept.CONDUCT)
    noted_by = models.BigIntegerField(db_comment=kept.CONDUCT)
    noted_on = models.DateField(db_comment=kept.CONDUCT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            one_of("kind", DeviationKind, "deviation_kind_is_known"),
            models.CheckConstraint(condition=Q(happened_on__lte=F("noted_on")), name="deviation_is_noted_afterwards"),
        )

    def __str__(self) -> str:
        return f"deviation {self.pk}"


class AdverseEvent(models.Model):
    """That something unwanted happened: its kind, its day, and where it was reported. No words, so nothing clinical."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.CONDUCT)
    study_id = models.CharField(max_length=16, blank=True, db_comment=kept.CONDUCT)
    kind = models.CharField(max_length=16, choices=EventKind.choices, db_comment=kept.CONDUCT)
    happened_on = models.DateField(db_comment=kept.CONDUCT)
    irb_reference = models.CharField(max_length=100, blank=True, db_comment=kept.CONDUCT)
    noted_by = models.BigIntegerField(db_comment=kept.CONDUCT)
    noted_on = models.DateField(db_comment=kept.CONDUCT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            one_of("kind", EventKind, "event_kind_is_known"),
            models.CheckConstraint(condition=Q(happened_on__lte=F("noted_on")), name="event_is_noted_afterwards"),
        )

    def __str__(self) -> str:
        return f"event {self.pk}"


class DataQuery(models.Model):
    """A question about one value: the statistician asks, a coordinator answers, the statistician closes it."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.CONDUCT)
    study_id = models.CharField(max_length=16, db_comment=kept.CONDUCT)
    wave = models.SlugField(db_comment=kept.CONDUCT)
    question = models.CharField(max_length=64, db_comment=kept.CONDUCT)
    text = models.CharField(max_length=500, db_comment=kept.CONDUCT)
    asked_by = models.BigIntegerField(db_comment=kept.CONDUCT)
    asked_on = models.DateField(db_comment=kept.CONDUCT)
    reply = models.CharField(max_length=500, blank=True, default="", db_comment=kept.CONDUCT)
    replied_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.CONDUCT)
    replied_on = models.DateField(null=True, blank=True, db_comment=kept.CONDUCT)
    closed_on = models.DateField(null=True, blank=True, db_comment=kept.CONDUCT)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reply="", replied_by__isnull=True, replied_on__isnull=True)
                | (~Q(reply="") & Q(replied_by__isnull=False, replied_on__isnull=False)),
                name="a_reply_has_its_author_and_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(replied_on__isnull=False),
                name="a_query_is_closed_after_its_reply",
            ),
        )

    def __str__(self) -> str:
        return f"query {self.pk}"


class Unblinding(models.Model):
    """Somebody of the team has to know the arm of one study id: in what role, why, and who else agreed."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONDUCT)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.CONDUCT)
    study_id = models.CharField(max_length=16, db_comment=kept.CONDUCT)
    role = models.CharField(max_length=16, db_comment=kept.CONDUCT)
    reason = models.CharField(max_length=500, db_comment=kept.CONDUCT)
    asked_by = models.BigIntegerField(db_comment=kept.CONDUCT)
    asked_on = models.DateField(db_comment=kept.CONDUCT)
    agreed_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.CONDUCT)
    agreed_on = models.DateField(null=True, blank=True, db_comment=kept.CONDUCT)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="an_unblinding_has_a_reason"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_on__isnull=True)
                | (Q(agreed_by__isnull=False, agreed_on__isnull=False) & ~Q(agreed_by=F("asked_by"))),
                name="another_agrees_to_an_unblinding",
            ),
        )

    def __str__(self) -> str:
        return f"unblinding {self.pk}"


class Resources(models.Model):
    """What the site offers to those whose coaching comes later, in its own words. Other words are another version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    published_on = models.DateField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["trial", "version"], name="one_resources_text_per_version"),)

    def __str__(self) -> str:
        return f"resources {self.version}"

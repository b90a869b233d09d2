"""When letters about a wave go out and what they say; and who wants none. No row here names a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from confrere.vault import classification as kept


class WavePlan(models.Model):
    """The letters about a wave: the days of its reminders, counted from its opening; and whether they rest."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    wave = models.SlugField(db_comment=kept.PROGRAMME)
    title = models.CharField(max_length=200, blank=True, db_comment=kept.PROGRAMME)
    reminders = ArrayField(models.PositiveSmallIntegerField(), db_comment=kept.PROGRAMME)
    resting = models.BooleanField(default=False, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "wave"], name="one_plan_per_wave"),
            models.CheckConstraint(condition=Q(reminders__len__lte=5), name="at_most_five_reminders"),
        )

    def __str__(self) -> str:
        return f"letters about {self.wave}"


class LetterKind(models.TextChoices):
    INVITATION = "invitation"
    REMINDER = "reminder"


class LetterText(models.Model):
    """A version of what the letters about a wave say. Never changed; other words are another version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    wave = models.SlugField(db_comment=kept.PROGRAMME)
    kind = models.CharField(max_length=16, choices=LetterKind.choices, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    subject = models.CharField(max_length=100, db_comment=kept.PROGRAMME)
    body = models.TextField(db_comment=kept.PROGRAMME)
    written_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "wave", "kind", "version"], name="one_letter_text_per_version"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[value for value, _label in LetterKind.choices]), name="letter_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(body__contains="{link}"), name="letter_text_has_its_link"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.version} of {self.wave}"


class LetterStop(models.Model):
    """A study id wants no letters about surveys, though it may still answer; taken back when it was a mistake."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    stopped_on = models.DateField(db_comment=kept.PLACE)
    taken_back_on = models.DateField(null=True, blank=True, db_comment=kept.PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "study_id"],
                condition=Q(taken_back_on__isnull=True),
                name="one_open_stop_of_letters",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True) | Q(taken_back_on__gte=F("stopped_on")),
                name="stop_of_letters_is_taken_back_afterwards",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} wants no letters"

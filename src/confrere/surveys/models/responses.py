"""What was answered, under a study id."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from confrere.surveys.models.questionnaires import Questionnaire
from confrere.vault import classification as kept


class Response(models.Model):
    """One questionnaire put before one study id, in a window of time. The link to it is stored hashed."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    study_id = models.CharField(max_length=16, db_comment=kept.ANSWER)
    wave = models.SlugField(db_comment=kept.ANSWER)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, db_comment=kept.ANSWER)
    token_sha256 = models.CharField(max_length=64, unique=True, db_comment=kept.ANSWER)
    opens = models.DateTimeField(db_comment=kept.ANSWER)
    closes = models.DateTimeField(db_comment=kept.ANSWER)
    mails = models.PositiveSmallIntegerField(default=0, db_comment=kept.ANSWER)
    mailed_on = models.DateField(null=True, blank=True, db_comment=kept.ANSWER)
    stopped_at = models.DateTimeField(null=True, blank=True, db_comment=kept.ANSWER)
    completed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.ANSWER)
    #: First taken into a frozen set; from then on its answers stay.
    frozen_on = models.DateField(null=True, blank=True, db_comment=kept.ANSWER)
    #: Its answers were taken back: they are in no set from this day on, and are erased after a delay.
    withdrawn_on = models.DateField(null=True, blank=True, db_comment=kept.ANSWER)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "study_id", "wave"], name="one_response_per_wave"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="response_window_is_not_empty"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("opens"), completed_at__lt=F("closes")),
                name="response_completed_inside_its_window",
            ),
            models.CheckConstraint(
                condition=Q(frozen_on__isnull=True) | Q(withdrawn_on__isnull=True), name="what_is_frozen_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.wave}"


class Answer(models.Model):
    """One saved answer. A later one to the same question counts instead; the earlier one stays, never changed.

    key: what the browser called this answer before it was sent; sent twice, it is one row. by_telephone: somebody of
    the team typed what was said on the telephone.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    response = models.ForeignKey(
        Response, models.PROTECT, related_name="answers", db_index=False, db_comment=kept.ANSWER
    )
    question = models.CharField(max_length=64, db_comment=kept.ANSWER)
    value = models.JSONField(null=True, db_comment=kept.ANSWER)
    saved_at = models.DateTimeField(db_comment=kept.ANSWER)
    key = models.UUIDField(default=uuid4, db_comment=kept.ANSWER)
    by_telephone = models.BooleanField(default=False, db_comment=kept.ANSWER)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["response", "key"], name="one_answer_per_key"),)
        indexes = (models.Index(fields=["response", "question", "-id"], name="newest_answer_first"),)

    def __str__(self) -> str:
        return f"{self.response_id} {self.question}"


class Correction(models.Model):
    """A value that staff put right after the survey was sent: what it was, what it is, why, and by whom."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ANSWER)
    response = models.ForeignKey(Response, models.PROTECT, related_name="corrections", db_comment=kept.ANSWER)
    question = models.CharField(max_length=64, db_comment=kept.ANSWER)
    old = models.JSONField(null=True, db_comment=kept.ANSWER)
    new = models.JSONField(null=True, db_comment=kept.ANSWER)
    reason = models.CharField(max_length=500, db_comment=kept.ANSWER)
    corrected_by = models.BigIntegerField(db_comment=kept.ANSWER)  # staff, by number
    corrected_on = models.DateField(db_comment=kept.ANSWER)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="a_correction_has_a_reason"),)

    def __str__(self) -> str:
        return f"correction {self.pk}"

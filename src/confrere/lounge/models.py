"""Questions and answers of the lounge. Nothing here points at coaching, surveys, trial or evidence."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Question(models.Model):
    """One question in one specialty; its rendered text is stored, not made at each view."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE)
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.LOUNGE)
    title = models.CharField(max_length=160, db_comment=kept.LOUNGE)
    text = models.TextField(max_length=8000, db_comment=kept.LOUNGE)
    html = models.TextField(db_comment=kept.LOUNGE)
    asked_at = models.DateTimeField(db_comment=kept.LOUNGE)
    moved_at = models.DateTimeField(db_comment=kept.LOUNGE)  # the last answer, or the question itself
    answers = models.PositiveIntegerField(default=0, db_comment=kept.LOUNGE)
    accepted = models.OneToOneField(
        "lounge.Answer", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.LOUNGE
    )

    class Meta:
        indexes: ClassVar = [
            # Lists go by key in this order, never by offset.
            models.Index(
                "programme", "specialty", models.F("moved_at").desc(), models.F("id").desc(), name="question_list"
            ),
            models.Index("programme", models.F("moved_at").desc(), models.F("id").desc(), name="question_list_all"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(moved_at__gte=models.F("asked_at")), name="question_moves_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """An answer by a verified colleague, with what it rests on."""

    class Basis(models.TextChoices):
        EXPERIENCE = "experience", _("From experience")
        SOURCE = "source", _("With a source")

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", db_comment=kept.LOUNGE)
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.LOUNGE)
    # What the author's credential said when the answer was given.
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE)
    text = models.TextField(max_length=8000, db_comment=kept.LOUNGE)
    html = models.TextField(db_comment=kept.LOUNGE)
    basis = models.CharField(max_length=10, choices=Basis.choices, db_comment=kept.LOUNGE)
    source = models.CharField(max_length=300, blank=True, default="", db_comment=kept.LOUNGE)
    answered_at = models.DateTimeField(db_comment=kept.LOUNGE)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["question", "id"], name="answers_in_order")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(basis="experience", source="") | (models.Q(basis="source") & ~models.Q(source="")),
                name="answer_with_source_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.pk}"


class ReadMark(models.Model):
    """How far a member has read a question: one row for member and question, never one for each answer."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.ForeignKey(Question, models.CASCADE, related_name="+", db_comment=kept.READ_MARK)
    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.READ_MARK)
    read_at = models.DateTimeField(db_default=Now(), db_comment=kept.READ_MARK)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "question"], name="one_mark_per_member_and_question"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.question_id}"

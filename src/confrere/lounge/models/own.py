"""What a member keeps for themselves: how far they read, what they follow, what they have begun to write."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Stance(models.TextChoices):
    """What a member wants to hear of something."""

    PLAIN = "", _("As usual")
    FOLLOW = "follow", _("Follow")
    MUTE = "mute", _("Mute")


class ReadMark(models.Model):
    """How far a member has read a question: one row for member and question, never one for each post."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.ForeignKey("lounge.Question", models.CASCADE, related_name="+", db_comment=kept.READ_MARK)
    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.READ_MARK)
    number = models.PositiveIntegerField(default=0, db_comment=kept.READ_MARK)  # of the last post that was read
    read_at = models.DateTimeField(db_default=Now(), db_comment=kept.READ_MARK)
    stance = models.CharField(max_length=6, choices=Stance.choices, blank=True, default="", db_comment=kept.READ_MARK)
    bookmarked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.READ_MARK)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "question"], name="one_mark_per_member_and_question"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["member", "-bookmarked_at"],
                condition=models.Q(bookmarked_at__isnull=False),
                name="bookmarks_of_member",
            ),
            models.Index(fields=["member", "-question"], condition=models.Q(stance="follow"), name="follows_of_member"),
            models.Index(fields=["question"], condition=models.Q(stance="follow"), name="followers_of_question"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.question_id}"


class Interest(models.Model):
    """What a member wants to hear of a specialty. called: may be called by @specialty; only for one's own."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE_OWN)
    stance = models.CharField(max_length=6, choices=Stance.choices, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    called = models.BooleanField(default=False, db_comment=kept.LOUNGE_OWN)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "programme", "specialty"], name="one_interest_per_specialty"),
        ]
        indexes: ClassVar = [models.Index(fields=["programme", "specialty"], name="interested_in_specialty")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.specialty}"


class Draft(models.Model):
    """What a member has begun to write and not sent: a question (without `question`), or an answer to one."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    question = models.ForeignKey(
        "lounge.Question", models.CASCADE, related_name="+", null=True, blank=True, db_comment=kept.LOUNGE_OWN
    )
    specialty = models.SlugField(max_length=60, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    title = models.CharField(max_length=160, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    text = models.TextField(max_length=8000, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    source = models.CharField(max_length=300, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    saved_at = models.DateTimeField(db_comment=kept.LOUNGE_OWN)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "programme", "question"], nulls_distinct=False, name="one_draft_per_question"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

"""What colleagues say to a post beside an answer: peers endorse, somebody is called, a poll is voted on."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from confrere.lounge.models.asked import Post, Question
from confrere.vault import classification as kept


class Endorsement(models.Model):
    """A peer of the question's specialty stands by an answer, with their name. Nothing is counted."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    post = models.ForeignKey(Post, models.CASCADE, related_name="endorsements", db_comment=kept.LOUNGE)
    member = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.LOUNGE)
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE)
    endorsed_at = models.DateTimeField(db_comment=kept.LOUNGE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "member"], name="one_endorsement_per_peer"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.member_id}"


class Mention(models.Model):
    """A person called in a post, or the peers of a specialty who agreed to be called."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions", db_comment=kept.LOUNGE)
    member = models.ForeignKey("people.User", models.PROTECT, related_name="+", null=True, db_comment=kept.LOUNGE)
    specialty = models.SlugField(max_length=60, blank=True, default="", db_comment=kept.LOUNGE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "member", "specialty"], nulls_distinct=False, name="one_mention_per_post"
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, specialty="")
                | (models.Q(member__isnull=True) & ~models.Q(specialty="")),
                name="mention_of_person_or_specialty",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-post"], name="mentions_of_member")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.member_id or self.specialty}"


class Poll(models.Model):
    """A choice put to colleagues beside a question."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.OneToOneField(Question, models.CASCADE, related_name="poll", db_comment=kept.LOUNGE)
    choices = ArrayField(models.CharField(max_length=120), db_comment=kept.LOUNGE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(choices__len__range=(2, 6)), name="poll_has_choices"),
        ]

    def __str__(self) -> str:
        return f"poll {self.question_id}"


class Vote(models.Model):
    """What a member chose; only they can see that it was them."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes", db_comment=kept.LOUNGE_OWN)
    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    choice = models.PositiveSmallIntegerField(db_comment=kept.LOUNGE_OWN)  # counts from 0

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "member"], name="one_vote_per_member"),
        ]

    def __str__(self) -> str:
        return f"vote {self.poll_id}"

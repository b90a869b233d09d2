"""What a participant needs to choose freely: whom not to meet, short first conversations, a change of coach."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.coaching.models.coach import Coach
from confrere.coaching.models.hours import half_open
from confrere.vault import classification as kept


class Shunned(models.Model):
    """Whom a participant does not want to meet, as a check sum under a key: no page and no export can show it.

    The check sum (HMAC-SHA256 of programme, kind and the plain name) is compared with those of the coaches.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("A name")
        DIVISION = "division", _("Your division")
        LINE = "line", _("Whom you report to")

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.SHUNNED)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.SHUNNED)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.SHUNNED)
    kind = models.CharField(max_length=8, choices=Kind.choices, db_comment=kept.SHUNNED)
    digest = models.BinaryField(max_length=32, db_comment=kept.SHUNNED)

    class Meta:
        verbose_name_plural = "shunned"
        constraints = (
            models.UniqueConstraint(fields=["programme", "person", "kind", "digest"], name="one_is_shunned_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["name", "division", "line"]), name="kind_of_shunned_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"check sum of person {self.person_id}"


class Conversation(models.Model):
    """A short first talk of two people who do not know yet whether they will work together. It counts as no session."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    coach = models.ForeignKey(Coach, models.PROTECT, db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.BOOKING)
    during = DateTimeRangeField(db_comment=kept.BOOKING)
    #: The form's own number: the same form again answers with the same conversation.
    key = models.UUIDField(db_comment=kept.BOOKING)

    class Meta:
        constraints = (
            half_open("conversations_are_half_open"),
            models.UniqueConstraint(fields=["person", "key"], name="a_form_makes_one_conversation"),
            models.UniqueConstraint(fields=["person", "coach"], name="one_first_conversation_with_a_coach"),
        )

    def __str__(self) -> str:
        return f"first conversation {self.pk}"


class Leeway(models.Model):
    """How many first conversations a participant has taken, and how many further changes of coach were opened."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ENTITLEMENT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ENTITLEMENT)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.ENTITLEMENT)
    conversations = models.PositiveSmallIntegerField(default=0, db_comment=kept.ENTITLEMENT)
    changes = models.PositiveSmallIntegerField(default=0, db_comment=kept.ENTITLEMENT)

    class Meta:
        verbose_name_plural = "leeway"
        constraints = (models.UniqueConstraint(fields=["programme", "person"], name="one_leeway_per_person"),)

    def __str__(self) -> str:
        return f"leeway of person {self.person_id}"

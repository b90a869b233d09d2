"""What a member wants to hear, when, and on which browsers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models.keeping import Kept
from confrere.vault import classification as kept


class NoticeChoice(Kept):
    """One member's wishes in one programme. Without a row: letters about answers to one's own, no digest."""

    class Digest(models.TextChoices):
        NONE = "", _("No digest")
        DAILY = "daily", _("Daily, in the morning")
        WEEKLY = "weekly", _("Weekly, on Monday morning")

    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    letters = models.BooleanField(default=True, db_comment=kept.LOUNGE_OWN)
    digest = models.CharField(max_length=6, choices=Digest.choices, blank=True, default="", db_comment=kept.LOUNGE_OWN)
    #: Days of the week on which nothing is sent: 0 is Monday.
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, db_comment=kept.LOUNGE_OWN)
    #: What stops letters without sign-in; a secret between us and the member's mailbox.
    stop = models.CharField(max_length=40, unique=True, db_comment=kept.LOUNGE_OWN)
    #: Up to when the last digest told.
    told_until = models.DateTimeField(db_comment=kept.LOUNGE_OWN)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "programme"], name="one_choice_per_member_and_programme"),
            models.CheckConstraint(
                condition=Q(quiet_days__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="quiet_days_are_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.digest or 'none'}"


class Browser(Kept):
    """A browser that may be knocked at. The address is the push service's; it names nobody."""

    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    endpoint = models.CharField(max_length=500, unique=True, db_comment=kept.LOUNGE_OWN)
    since = models.DateTimeField(db_comment=kept.LOUNGE_OWN)

    def __str__(self) -> str:
        return f"{self.member_id}: browser {self.pk}"

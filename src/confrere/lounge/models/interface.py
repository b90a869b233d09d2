"""Keys to the interface: what another program may do for a member, and where events are told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models.keeping import Kept
from confrere.vault import classification as kept


class Scope(models.TextChoices):
    """What a token opens. A token never opens more than its member may do at that moment."""

    READ = "read", _("Read questions and answers")
    WRITE = "write", _("Ask and answer in my name")


class Hook(Kept):
    """An address of a member's own that is told, signed, that a post is there. No word of the post, and no secret.

    The secret is made from a key outside the database and `salt`. told_at, status: when it was last called, and what
    it answered (0: nobody did).
    """

    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    url = models.CharField(max_length=300, db_comment=kept.LOUNGE_OWN)
    salt = models.CharField(max_length=32, db_comment=kept.LOUNGE_OWN)
    made_at = models.DateTimeField(db_comment=kept.LOUNGE_OWN)
    told_at = models.DateTimeField(null=True, blank=True, db_comment=kept.LOUNGE_OWN)
    status = models.PositiveSmallIntegerField(default=0, db_comment=kept.LOUNGE_OWN)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(url__startswith="https://"), name="hook_is_called_over_https"),
            models.UniqueConstraint(fields=["programme", "member", "url"], name="one_hook_per_member_and_address"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.url}"


class Token(Kept):
    """A key that a member gave to a program: only its digest lies here, and it ends by itself."""

    member = models.ForeignKey("people.User", models.CASCADE, related_name="+", db_comment=kept.LOUNGE_OWN)
    name = models.CharField(max_length=60, db_comment=kept.LOUNGE_OWN)
    digest = models.CharField(max_length=64, unique=True, db_comment=kept.SIGN_IN)  # SHA-256, hexadecimal
    scopes = ArrayField(models.CharField(max_length=8), db_comment=kept.LOUNGE_OWN)
    made_at = models.DateTimeField(db_comment=kept.LOUNGE_OWN)
    ends_at = models.DateTimeField(db_comment=kept.LOUNGE_OWN)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("made_at")), name="token_ends"),
            models.CheckConstraint(condition=Q(scopes__contained_by=["read", "write"]), name="token_scopes_are_known"),
        ]

    def __str__(self) -> str:
        return self.name

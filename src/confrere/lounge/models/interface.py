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

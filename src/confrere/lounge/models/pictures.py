"""Pictures beneath a post: drawn anew from what was uploaded, looked at by a second person before members see them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from confrere.lounge.models.keeping import Kept
from confrere.vault import classification as kept


class Picture(Kept):
    """One picture of a post: our own JPEG, nothing that its file carried besides. words: what is to be seen in it.

    Its author attested, when they put it up, that the patient agreed or nobody can be recognised. Until a moderator
    has looked, members do not see it; who refuses one deletes it, so that no refused picture lies anywhere.
    """

    post = models.ForeignKey("lounge.Post", models.CASCADE, related_name="pictures", db_comment=kept.LOUNGE)
    jpeg = models.BinaryField(db_comment=kept.LOUNGE)
    words = models.CharField(max_length=300, db_comment=kept.LOUNGE)
    attested_at = models.DateTimeField(db_comment=kept.LOUNGE)
    looked_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.MODERATION
    )
    looked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MODERATION)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["programme", "attested_at"], condition=Q(looked_at__isnull=True), name="pictures_to_look_at"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="picture_is_put_into_words"),
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True, looked_at__isnull=True)
                | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="picture_looked_at_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"picture {self.pk} of post {self.post_id}"

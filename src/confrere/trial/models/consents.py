"""The consent's exact words, and who gave it. These rows are kept with the person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept


class Proof(models.TextChoices):
    """How somebody had signed in before they agreed."""

    CODE = "code"
    PASSKEY = "passkey"


class ConsentText(models.Model):
    """The exact text of a version of the consent. Never changed; other words are another version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    meaning = models.TextField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    #: Of the review board's approval of these words; empty where the site gave none.
    irb_reference = models.CharField(max_length=100, blank=True, default="", db_comment=kept.PROGRAMME)
    #: Whether those who signed an earlier version are asked again.
    ask_again = models.BooleanField(default=True, db_comment=kept.PROGRAMME)
    published_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["trial", "version"], name="one_consent_text_per_version"),)

    def __str__(self) -> str:
        return f"consent text {self.version}"


class Consent(models.Model):
    """A person's consent as they gave it: name, time, meaning, and the hash of the text they read."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    text = models.ForeignKey(ConsentText, models.PROTECT, db_comment=kept.CONSENT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_comment=kept.CONSENT)
    name = models.CharField(max_length=200, db_comment=kept.CONSENT)
    meaning = models.TextField(db_comment=kept.CONSENT)
    sha256 = models.CharField(max_length=64, db_comment=kept.CONSENT)
    given_at = models.DateTimeField(db_comment=kept.CONSENT)
    #: How the person had shown who they are; empty: they had not, so this is no signature.
    proved_by = models.CharField(max_length=16, choices=Proof.choices, blank=True, default="", db_comment=kept.CONSENT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["person", "text"], name="one_consent_per_text"),
            models.CheckConstraint(condition=~Q(name=""), name="consent_bears_a_name"),
            models.CheckConstraint(condition=Q(proved_by__in=["", *Proof.values]), name="proof_of_consent_is_known"),
        )

    def __str__(self) -> str:
        return f"consent {self.pk}"

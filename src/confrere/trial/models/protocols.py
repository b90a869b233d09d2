"""How the protocol came to be and what changed after the lock: every version, the board's papers, reported events."""

from django.db import models
from django.db.models import Q

from confrere.trial.models.states import VersionKind, one_of
from confrere.vault import classification as kept


class ProtocolVersion(models.Model):
    """A version of a programme's protocol as it was saved, finished or not. Never changed; undoing saves another."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    kind = models.CharField(max_length=16, choices=VersionKind.choices, db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    #: Who signs for it, by name, as a log of changes has it; empty for the system.
    by = models.CharField(max_length=200, blank=True, db_comment=kept.PROGRAMME)
    #: Why, and the board's reference: of amendments.
    why = models.TextField(blank=True, db_comment=kept.PROGRAMME)
    reference = models.CharField(max_length=100, blank=True, db_comment=kept.PROGRAMME)
    saved_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["programme", "number"], name="protocol_versions_are_numbered"),
            one_of("kind", VersionKind, "protocol_version_kind_is_known"),
            models.CheckConstraint(condition=Q(kind="draft") | ~Q(why=""), name="an_amendment_says_why"),
        )

    def __str__(self) -> str:
        return f"protocol version {self.number}"


class StampedConsent(models.Model):
    """The consent as the review board stamped it: the file, and its hash. Never changed."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    content = models.BinaryField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    uploaded_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["programme", "number"], name="stamped_consents_are_numbered"),
            models.UniqueConstraint(fields=["programme", "sha256"], name="a_stamped_consent_is_kept_once"),
        )

    def __str__(self) -> str:
        return f"stamped consent {self.number}"


class ReportedEvent(models.Model):
    """A report to the board: its reference number and the day. What happened stands there, not here."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    reference = models.CharField(max_length=100, db_comment=kept.PROGRAMME)
    reported_on = models.DateField(db_comment=kept.PROGRAMME)
    noted_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["programme", "reference"], name="a_reported_event_is_noted_once"),
            models.CheckConstraint(condition=~Q(reference=""), name="a_reported_event_has_its_reference"),
        )

    def __str__(self) -> str:
        return f"reported event {self.reference}"

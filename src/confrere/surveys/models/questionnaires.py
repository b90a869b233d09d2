"""What is asked: text packs and published questionnaires. Never changed."""

from django.db import models

from confrere.vault import classification as kept


class TextPack(models.Model):
    """Wording of an instrument that a site brought, with its word that it may be used. Never changed."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    instrument = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    items = models.JSONField(db_comment=kept.PROGRAMME)
    labels = models.JSONField(db_comment=kept.PROGRAMME)
    stand_in = models.BooleanField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    attestation = models.TextField(db_comment=kept.PROGRAMME)
    imported_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["programme", "instrument", "version"], name="one_text_pack_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.version}"


class Questionnaire(models.Model):
    """A published version: its questions with their exact wording. Never changed; a change is a new version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    slug = models.SlugField(db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    title = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    definition = models.JSONField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    published_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["programme", "slug", "version"], name="one_questionnaire_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

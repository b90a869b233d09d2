"""What is being written: a draft of a questionnaire, and each of its states, so that an act can be undone."""

from django.db import models

from confrere.vault import classification as kept


class Draft(models.Model):
    """A questionnaire in the making: one for each short name. It ends when it is published or thrown away.

    `edits` counts every act: whoever saves says which count they saw, so that nobody overwrites anybody unseen.
    `at` is the number of the state that counts now; undoing goes back one, doing again goes forward.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    slug = models.SlugField(db_comment=kept.PROGRAMME)
    edits = models.PositiveIntegerField(default=1, db_comment=kept.PROGRAMME)
    at = models.PositiveIntegerField(default=1, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "slug"], name="one_draft_per_questionnaire"),)

    def __str__(self) -> str:
        return self.slug


class DraftState(models.Model):
    """A draft after one act: its title, its blocks (`definition.blocks`), and what the act was, in words."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="states", db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    title = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    blocks = models.JSONField(db_comment=kept.PROGRAMME)
    did = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    made_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["draft", "number"], name="one_state_per_number"),)

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

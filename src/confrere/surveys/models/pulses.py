"""Anonymous pulses: who may answer once, what waits sealed, and what was answered. Nothing here leads to a person.

No row has a time or a number that counts. Tokens and sealed answers exist while a pulse is open; answers only after it.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from confrere.surveys.models.questionnaires import Questionnaire
from confrere.vault import classification as kept


class Pulse(models.Model):
    """A few closed questions put to everyone who takes part, without names.

    asked: how many could answer; answered: how many did, as long as they were five or more, known after the end.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, db_comment=kept.PROGRAMME)
    #: The half of the key that seals (X25519), in hexadecimal; the half that opens lies outside the database.
    public_key = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    #: Under which name the opening half lies in the store of keys, until the end.
    key = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    asked = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    opened_on = models.DateField(db_comment=kept.PROGRAMME)
    closes = models.DateTimeField(db_comment=kept.PROGRAMME)
    closed_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)
    answered = models.PositiveIntegerField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(asked__gte=5), name="a_pulse_asks_five_or_more"),
            models.CheckConstraint(
                condition=Q(answered__isnull=True)
                | Q(closed_on__isnull=False, answered__gte=5, answered__lte=F("asked")),
                name="five_or_more_answers_are_counted_after_the_end",
            ),
        )

    def __str__(self) -> str:
        return f"pulse {self.pk}"


class PulseToken(models.Model):
    """One right to answer once. The digest is keyed; which person got which token is written down nowhere."""

    digest = models.CharField(max_length=64, primary_key=True, db_comment=kept.PULSE)
    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    pulse = models.ForeignKey(Pulse, models.PROTECT, db_comment=kept.PULSE)
    spent = models.BooleanField(default=False, db_comment=kept.PULSE)

    def __str__(self) -> str:
        return "a token of a pulse"


class PulseSealed(models.Model):
    """Somebody's answers until the end: equally long for everyone, and closed to whoever has the database alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, db_comment=kept.PULSE)
    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    pulse = models.ForeignKey(Pulse, models.PROTECT, db_comment=kept.PULSE)
    sealed = models.BinaryField(db_comment=kept.PULSE)

    def __str__(self) -> str:
        return "sealed answers to a pulse"


class PulseAnswer(models.Model):
    """One answer to one question, parted from the same person's other answers. Written at the end, all at once."""

    id = models.UUIDField(primary_key=True, editable=False, db_comment=kept.PULSE)
    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PULSE)
    pulse = models.ForeignKey(Pulse, models.PROTECT, related_name="answers", db_comment=kept.PULSE)
    question = models.CharField(max_length=64, db_comment=kept.PULSE)
    value = models.JSONField(db_comment=kept.PULSE)

    def __str__(self) -> str:
        return f"an answer to {self.question}"

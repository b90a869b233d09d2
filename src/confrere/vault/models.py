from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from confrere.vault import classification as kept


class Link(models.Model):
    """Which person is which study id, readable only with the link key, findable only with the blind key.

    Neither the person nor the study id stands here in clear: a row of a study written in the same transaction
    (and so with the same transaction id) would otherwise join the two.
    """

    programme = models.BigIntegerField(db_comment=kept.LINK)  # no foreign key: programmes live upstairs
    site = models.BigIntegerField(db_comment=kept.LINK)
    person_index = models.BinaryField(max_length=32, db_comment=kept.LINK)
    study_index = models.BinaryField(max_length=32, db_comment=kept.LINK)
    sealed = models.BinaryField(db_comment=kept.LINK)  # 12 bytes nonce, then AES-256-GCM of person and study id

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "person_index"], name="one_study_id_per_person"),
            models.UniqueConstraint(fields=["programme", "study_index"], name="one_person_per_study_id"),
        )

    def __str__(self) -> str:
        return f"link {self.pk}"


class Payload(models.Model):
    """Who did what to what, and when: written with the act, sealed at commit, erased when its class ends."""

    nonce = models.BinaryField(max_length=32, db_comment=kept.AUDIT_PAYLOAD)
    body = models.TextField(db_comment=kept.AUDIT_PAYLOAD)  # JSON; the digest is over exactly these characters
    digest = models.BinaryField(max_length=32, unique=True, db_comment=kept.AUDIT_PAYLOAD)
    kept_as = models.CharField(max_length=32, db_comment=kept.AUDIT_PAYLOAD)
    at = models.DateTimeField(db_comment=kept.AUDIT_PAYLOAD)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        indexes = (models.Index(fields=["kept_as", "at"], name="payloads_by_end"),)

    def __str__(self) -> str:
        return f"payload {self.pk}"


class Hold(models.Model):
    """Two people pause the erasing of named classes in a programme; lifting it takes two as well.

    What is paused, and since when, is for everyone in the programme to read; who and why is not. Persons and places
    are numbers, not keys: their tables live upstairs.
    """

    programme = models.BigIntegerField(db_comment=kept.PROGRAMME)
    site = models.BigIntegerField(db_comment=kept.PROGRAMME)
    classes = ArrayField(models.CharField(max_length=32), db_comment=kept.PROGRAMME)
    reason = models.TextField(db_comment=kept.HOLD)
    asked_by = models.BigIntegerField(db_comment=kept.HOLD)
    asked_at = models.DateTimeField(db_comment=kept.HOLD)
    confirmed_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.HOLD)
    confirmed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)
    lift_asked_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.HOLD)
    lift_asked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.HOLD)
    lifted_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.HOLD)
    lifted_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("asked_by"))),
                name="a_hold_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | (
                    Q(lifted_at__isnull=False, lifted_by__isnull=False, confirmed_at__isnull=False)
                    & Q(lift_asked_by__isnull=False)
                    & ~Q(lifted_by=F("lift_asked_by"))
                ),
                name="a_hold_is_lifted_by_another",
            ),
            models.CheckConstraint(condition=~Q(reason="") & Q(classes__len__gt=0), name="a_hold_says_what_and_why"),
        )

    def __str__(self) -> str:
        return f"hold {self.pk}"


class DataLock(models.Model):
    """The study data of a programme may not be written any more: who said so, and when. Two people open them again.

    Everyone whose act is refused reads who locked and when; why it is to be opened again is for the study team. The
    name stands here as it was, for the sentence; persons and places are numbers: their tables live upstairs.
    """

    programme = models.BigIntegerField(db_comment=kept.PROGRAMME)
    site = models.BigIntegerField(db_comment=kept.PROGRAMME)
    name = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    locked_by = models.BigIntegerField(db_comment=kept.CONDUCT)
    locked_at = models.DateTimeField(db_comment=kept.PROGRAMME)
    reason = models.TextField(blank=True, db_comment=kept.CONDUCT)  # why it is to be opened again
    unlock_asked_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.CONDUCT)
    unlock_asked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.CONDUCT)
    unlocked_by = models.BigIntegerField(null=True, blank=True, db_comment=kept.CONDUCT)
    unlocked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["programme"], condition=Q(unlocked_at__isnull=True), name="one_lock_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(unlock_asked_by__isnull=True, unlock_asked_at__isnull=True, reason="")
                | (Q(unlock_asked_by__isnull=False, unlock_asked_at__isnull=False) & ~Q(reason="")),
                name="an_unlock_is_asked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_by__isnull=True, unlocked_at__isnull=True)
                | (
                    Q(unlocked_by__isnull=False, unlocked_at__isnull=False, unlock_asked_by__isnull=False)
                    & ~Q(unlocked_by=F("unlock_asked_by"))
                ),
                name="a_lock_is_opened_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"lock {self.pk}"


class Seal(models.Model):
    """One link of the audit chain: made by the database at commit, never by us, never changed by anyone."""

    sequence = models.BigIntegerField(primary_key=True, db_comment=kept.AUDIT_SEAL)
    digest = models.BinaryField(max_length=32, unique=True, db_comment=kept.AUDIT_SEAL)
    chain = models.BinaryField(max_length=32, db_comment=kept.AUDIT_SEAL)

    class Meta:
        db_table_comment = kept.APPEND_ONLY

    def __str__(self) -> str:
        return f"seal {self.sequence}"

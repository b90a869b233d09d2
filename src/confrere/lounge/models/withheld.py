"""Names withheld: who may open them, what is sealed, and each time that two people asked for it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class KeyHolder(models.Model):
    """One of two people whose keys together open a withheld name. Here stands only the half that seals.

    The other half was shown to the holder once, as words on paper, and is kept nowhere on the server.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    place = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)  # 1 or 2: the outer and the inner seal
    holder = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    public_key = models.BinaryField(max_length=32, db_comment=kept.PROGRAMME)  # X25519
    since = models.DateTimeField(db_comment=kept.PROGRAMME)
    until = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "place"], condition=models.Q(until__isnull=True), name="one_holder_per_place"
            ),
            models.UniqueConstraint(
                fields=["programme", "holder"], condition=models.Q(until__isnull=True), name="one_place_per_holder"
            ),
            models.CheckConstraint(condition=models.Q(place__in=(1, 2)), name="holder_has_place_one_or_two"),
        ]

    def __str__(self) -> str:
        return f"key {self.place} of {self.programme_id}"


class Mask(models.Model):
    """One member in one question with the name withheld: a pseudonym, and the sealed number of the person.

    handle: digest of a secret that only the author's browser, or their way-back code, has. No row leads from here
    to a person: not by a key of the server either, since both seals must be opened.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.ForeignKey("lounge.Question", models.CASCADE, related_name="masks", db_comment=kept.LOUNGE)
    pseudonym = models.CharField(max_length=60, db_comment=kept.LOUNGE)
    asks = models.BooleanField(default=False, db_comment=kept.LOUNGE)  # whether it is the one who asked
    handle = models.BinaryField(max_length=32, db_comment=kept.WITHHELD)
    sealed = models.BinaryField(db_comment=kept.WITHHELD)
    outer = models.ForeignKey(KeyHolder, models.PROTECT, related_name="+", db_comment=kept.WITHHELD)
    inner = models.ForeignKey(KeyHolder, models.PROTECT, related_name="+", db_comment=kept.WITHHELD)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "handle"], name="one_mask_per_handle"),
            models.UniqueConstraint(fields=["question", "pseudonym"], name="one_pseudonym_per_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.pseudonym}"


class Tally(models.Model):
    """How often somebody posted on a day with the name withheld: for limits, and for nothing else.

    token: keyed digest of the person; its key lies outside database and backups and is destroyed the day after, with
    this row. All rows of a day are written anew together, so that none tells when it changed.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    day = models.DateField(db_comment=kept.WITHHELD)  # by UTC
    token = models.BinaryField(max_length=32, db_comment=kept.WITHHELD)
    posts = models.PositiveSmallIntegerField(default=0, db_comment=kept.WITHHELD)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "day", "token"], name="one_tally_per_token_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.posts}"


class Unmasking(models.Model):
    """Two holders open one withheld name for a listed cause. Between the two, only the inner seal lies here."""

    class Cause(models.TextChoices):
        DANGER = "danger", _("Danger to somebody's life or health")
        PATIENT = "patient", _("A patient was made recognisable")
        IMPOSTOR = "impostor", _("The author may not be a physician")
        HARASSMENT = "harassment", _("A colleague was threatened or harassed")
        ORDER = "order", _("A court or an authority ordered it")

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    mask = models.ForeignKey(Mask, models.PROTECT, related_name="unmaskings", db_comment=kept.UNMASKING)
    cause = models.CharField(max_length=10, choices=Cause.choices, db_comment=kept.UNMASKING)
    words = models.TextField(max_length=1000, db_comment=kept.UNMASKING)
    silent = models.TextField(max_length=500, blank=True, default="", db_comment=kept.UNMASKING)
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.UNMASKING)
    asked_at = models.DateTimeField(db_comment=kept.UNMASKING)
    half = models.BinaryField(db_comment=kept.WITHHELD)  # the inner seal, until the other one decides
    agreed_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", null=True, blank=True, db_comment=kept.UNMASKING
    )
    agreed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.UNMASKING)
    told_at = models.DateTimeField(null=True, blank=True, db_comment=kept.UNMASKING)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mask"], condition=models.Q(agreed_at__isnull=True), name="one_open_unmasking"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (
                    models.Q(agreed_by__isnull=False, agreed_at__isnull=False)
                    & ~models.Q(agreed_by=models.F("asked_by"))
                ),
                name="unmasked_by_two",
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="unmasking_says_why"),
            models.CheckConstraint(
                condition=models.Q(agreed_at__isnull=True) | models.Q(told_at__isnull=False) | ~models.Q(silent=""),
                name="unmasked_author_is_told",
            ),
        ]

    def __str__(self) -> str:
        return f"unmasking {self.mask_id}"

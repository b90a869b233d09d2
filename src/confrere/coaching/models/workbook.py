"""A physician's workbook, as the server sees it: ciphertext, its version, and the locks that open it elsewhere.

Nothing here can be read without the person's device and the server's share (`vault.shares`), which lies outside the
database. There is no column for a word.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Mod
from django.db.models.lookups import Exact

from confrere.vault import classification as kept

#: Octets: text is padded to whole steps, so that its length says little; a nonce and a tag come with it.
STEP, AROUND = 4096, 28
#: The most steps of one workbook: a quarter of a million octets.
STEPS = 64
#: Octets of a key under a lock: nonce, 256 bits, tag.
WRAPPED = 12 + 32 + 16


class Lock(models.TextChoices):
    """What opens a workbook, always together with the server's share."""

    PASSKEY = "passkey"
    CODE = "code"


class Workbook(models.Model):
    """One person's workbook in a programme. Set aside when both ways in are lost: nobody can open it then."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.WORKBOOK_MARK)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.WORKBOOK_MARK)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.WORKBOOK_MARK)
    #: Bound into every ciphertext and every key of it.
    number = models.UUIDField(unique=True, db_comment=kept.WORKBOOK_MARK)
    #: 0 until it is first written; then one more with each saving, bound into the ciphertext.
    version = models.PositiveIntegerField(default=0, db_comment=kept.WORKBOOK_MARK)
    sealed = models.BinaryField(default=b"", blank=True, db_comment=kept.WORKBOOK)
    current = models.BooleanField(default=True, db_comment=kept.WORKBOOK_MARK)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "person"], condition=Q(current=True), name="one_current_workbook_per_person"
            ),
            models.CheckConstraint(
                condition=Q(version=0, sealed=b"")
                | (Q(version__gt=0) & Exact(Mod(Length(F("sealed")), STEP), AROUND) & ~Q(sealed=b"")),
                name="a_workbook_holds_whole_steps_of_ciphertext",
            ),
        )

    def __str__(self) -> str:
        return f"workbook {self.number}"


class WorkbookLock(models.Model):
    """The workbook's key, encrypted under one way in and the server's share."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.WORKBOOK_MARK)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.WORKBOOK_MARK)
    workbook = models.ForeignKey(Workbook, models.CASCADE, related_name="locks", db_comment=kept.WORKBOOK_MARK)
    kind = models.CharField(max_length=16, choices=Lock.choices, db_comment=kept.WORKBOOK_MARK)
    #: Of a passkey: which one, as browsers name it; of the code: empty.
    credential = models.CharField(max_length=1400, blank=True, db_comment=kept.WORKBOOK_MARK)
    wrapped = models.BinaryField(max_length=WRAPPED, db_comment=kept.WORKBOOK)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workbook", "kind", "credential"], name="one_lock_per_way_in"),
            models.CheckConstraint(
                condition=Q(kind=Lock.CODE, credential="") | (Q(kind=Lock.PASSKEY) & ~Q(credential="")),
                name="a_lock_is_a_passkey_or_the_code",
            ),
            models.CheckConstraint(condition=Exact(Length(F("wrapped")), WRAPPED), name="a_lock_holds_one_key"),
        )

    def __str__(self) -> str:
        return f"lock {self.pk}"


class Showing(models.Model):
    """A coach's device waits to be shown a workbook; then the ciphertext for it, until it is fetched. Minutes.

    It names nobody: the device is known by a random word of its own, and by six digits that are read out.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.SHOWING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.SHOWING)
    ticket = models.BinaryField(max_length=32, unique=True, db_comment=kept.SHOWING)  # digest of the random word
    code = models.CharField(max_length=6, db_comment=kept.SHOWING)  # computed from the public key
    public_key = models.BinaryField(max_length=32, db_comment=kept.SHOWING)
    sealed = models.BinaryField(default=b"", blank=True, db_comment=kept.SHOWING)
    until = models.DateTimeField(db_comment=kept.SHOWING)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "code"], name="one_device_per_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="a_code_has_six_digits"),
        )

    def __str__(self) -> str:
        return f"showing {self.pk}"

"""Who says that they are which physician, and what binds the person to it."""

from typing import Final

from django.db import models

from confrere.vault import classification as kept


class ClaimState(models.TextChoices):
    OPEN = "open"  # it fits the registers; nothing binds the person to it yet
    BOUND = "bound"  # the person is shown to be this physician
    FROZEN = "frozen"  # a second person says the same; two moderators decide
    LAPSED = "lapsed"  # a register, or the time, no longer carries it
    REVOKED = "revoked"  # taken back by a moderator or by a register; for ever
    GONE = "gone"  # given up, or refused by a moderator


#: From each state, where it may go. The state machine of the tests and the manual are read from here.
MOVES: Final[dict[str, frozenset[str]]] = {
    "open": frozenset({"bound", "frozen", "gone"}),
    "bound": frozenset({"frozen", "lapsed", "revoked", "gone"}),
    "frozen": frozenset({"open", "bound", "lapsed", "revoked", "gone"}),
    "lapsed": frozenset({"bound", "frozen", "revoked", "gone"}),
    "revoked": frozenset(),
    "gone": frozenset(),
}
#: States in which a claim stands in the way of another one of the same person or number.
STANDING: Final = ("open", "bound", "frozen", "lapsed")


class Binding(models.TextChoices):
    SIGN_ON = "sign_on"  # the institution's own sign-in said: a physician of ours
    ROSTER = "roster"  # a one-time link to a mailbox that the institution listed
    VOUCHERS = "vouchers"  # two colleagues who are bound themselves
    BADGE = "badge"  # badge and face, seen by two moderators


class Claim(models.Model):
    """ "I am this physician": what was typed, what the registers said, and how far it has come."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.CREDENTIAL)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.CREDENTIAL)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="claims", db_comment=kept.CREDENTIAL)
    register = models.SlugField(db_comment=kept.CREDENTIAL)
    number = models.CharField(max_length=32, db_comment=kept.CREDENTIAL)
    family = models.CharField(max_length=100, db_comment=kept.CREDENTIAL)
    given = models.CharField(max_length=100, blank=True, db_comment=kept.CREDENTIAL)
    jurisdiction = models.CharField(max_length=16, blank=True, db_comment=kept.CREDENTIAL)
    licence = models.CharField(max_length=32, blank=True, db_comment=kept.CREDENTIAL)
    trainee = models.BooleanField(db_comment=kept.CREDENTIAL)
    specialty = models.SlugField(db_comment=kept.CREDENTIAL)
    #: Somebody of this name, without a number, is on a list of the excluded: moderators look before anything binds.
    namesake = models.BooleanField(default=False, db_comment=kept.CREDENTIAL)
    state = models.CharField(
        max_length=8, choices=ClaimState.choices, default=ClaimState.OPEN, db_comment=kept.CREDENTIAL
    )
    #: Where a frozen claim came from: to others it looks as it did then.
    before = models.CharField(max_length=8, blank=True, db_comment=kept.CREDENTIAL)
    why = models.CharField(max_length=32, blank=True, db_comment=kept.CREDENTIAL)  # a key of `rules.claims.WHY`
    binding = models.CharField(max_length=8, choices=Binding.choices, blank=True, db_comment=kept.CREDENTIAL)
    opened_at = models.DateTimeField(db_comment=kept.CREDENTIAL)
    #: When the person was bound; what they showed then counts for twelve months.
    bound_at = models.DateTimeField(null=True, db_comment=kept.CREDENTIAL)
    #: Since when they have been bound without a break: vouchers need thirty days.
    member_since = models.DateTimeField(null=True, db_comment=kept.CREDENTIAL)
    #: Until which day the oldest of the files held that last carried the claim.
    data_of = models.DateField(db_comment=kept.CREDENTIAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["register", "number"],
                condition=models.Q(state__in=["bound", "lapsed"]),
                name="one_identifier_one_person",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state__in=STANDING), name="one_standing_claim_per_person"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="bound") | models.Q(bound_at__isnull=False) & ~models.Q(binding=""),
                name="whoever_is_bound_has_a_binding",
            ),
            models.CheckConstraint(
                condition=~models.Q(trainee=True) | models.Q(binding__in=["", "sign_on", "roster"]),
                name="trainees_are_bound_by_their_institution",
            ),
        )

    def __str__(self) -> str:
        return f"claim {self.state}"


class Decision(models.Model):
    """One step of a claim and what it rests on. Never changed."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions", db_comment=kept.CREDENTIAL)
    came_from = models.CharField(max_length=8, blank=True, db_comment=kept.CREDENTIAL)
    went_to = models.CharField(max_length=8, db_comment=kept.CREDENTIAL)
    why = models.CharField(max_length=32, db_comment=kept.CREDENTIAL)
    evidence = models.JSONField(db_comment=kept.CREDENTIAL)  # names and numbers: files, rows, persons
    actor = models.CharField(max_length=64, db_comment=kept.CREDENTIAL)
    at = models.DateTimeField(db_comment=kept.CREDENTIAL)

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(why=""), name="every_decision_says_why"),)

    def __str__(self) -> str:
        return f"{self.came_from} → {self.went_to}"


class Rostered(models.Model):
    """One line of the list of physicians that an institution uploaded, with the mailbox it gave them."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.ROSTER)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.ROSTER)
    mailbox = models.EmailField(db_comment=kept.ROSTER)
    family = models.CharField(max_length=100, db_comment=kept.ROSTER)
    given = models.CharField(max_length=100, blank=True, db_comment=kept.ROSTER)
    number = models.CharField(max_length=32, blank=True, db_comment=kept.ROSTER)
    uploaded_on = models.DateField(db_comment=kept.ROSTER)

    class Meta:
        constraints = (
            models.UniqueConstraint("programme", models.functions.Lower("mailbox"), name="one_line_per_mailbox"),
        )

    def __str__(self) -> str:
        return "rostered"


class BindingLink(models.Model):
    """A link that was sent to a mailbox, or that a colleague was handed: the digest of its secret, never the secret."""

    class Kind(models.TextChoices):
        ROSTER = "roster"
        VOUCH = "vouch"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="links", db_comment=kept.CREDENTIAL)
    kind = models.CharField(max_length=8, choices=Kind.choices, db_comment=kept.CREDENTIAL)
    digest = models.BinaryField(unique=True, db_comment=kept.CREDENTIAL)
    until = models.DateTimeField(db_comment=kept.CREDENTIAL)
    used_at = models.DateTimeField(null=True, db_comment=kept.CREDENTIAL)

    def __str__(self) -> str:
        return f"link {self.kind}"


class Vouch(models.Model):
    """A colleague's word that they know the person behind a claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="vouches", db_comment=kept.CREDENTIAL)
    voucher = models.ForeignKey("people.User", models.PROTECT, related_name="vouched", db_comment=kept.CREDENTIAL)
    at = models.DateTimeField(db_comment=kept.CREDENTIAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "voucher"], name="one_word_per_voucher"),)

    def __str__(self) -> str:
        return "vouch"


class Look(models.Model):
    """What one moderator found: at badge and face, or at a claim that waits for a decision."""

    class Asked(models.TextChoices):
        BADGE = "badge"
        FROZEN = "frozen"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="looks", db_comment=kept.CREDENTIAL)
    asked = models.CharField(max_length=8, choices=Asked.choices, db_comment=kept.CREDENTIAL)
    moderator = models.ForeignKey("people.User", models.PROTECT, related_name="looked", db_comment=kept.CREDENTIAL)
    agrees = models.BooleanField(db_comment=kept.CREDENTIAL)
    at = models.DateTimeField(db_comment=kept.CREDENTIAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "asked", "moderator"], name="one_look_per_moderator"),)

    def __str__(self) -> str:
        return f"look {self.asked}"


class Picture(models.Model):
    """A badge or a face, encrypted under a key of its claim's own that is destroyed with it."""

    class Of(models.TextChoices):
        BADGE = "badge"
        FACE = "face"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="pictures", db_comment=kept.BADGE)
    of = models.CharField(max_length=8, choices=Of.choices, db_comment=kept.BADGE)
    sealed = models.BinaryField(db_comment=kept.BADGE)
    until = models.DateTimeField(db_comment=kept.BADGE)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "of"], name="one_picture_of_each"),)

    def __str__(self) -> str:
        return f"picture {self.of}"

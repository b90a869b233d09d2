from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from confrere.people.models.door import (
    MOVES,
    STANDING,
    Binding,
    BindingLink,
    Claim,
    ClaimState,
    Decision,
    Look,
    Picture,
    Rostered,
    Vouch,
)
from confrere.people.models.registers import Exclusion, Licence, Listed, RegisterFile, Taxonomy
from confrere.people.roles import Role
from confrere.vault import classification as kept

__all__ = [
    "MOVES",
    "STANDING",
    "Binding",
    "BindingLink",
    "Claim",
    "ClaimState",
    "Credential",
    "Decision",
    "Exclusion",
    "Incentive",
    "Licence",
    "Listed",
    "Look",
    "MailRefusal",
    "Membership",
    "Parcel",
    "Picture",
    "Programme",
    "RegisterFile",
    "Rostered",
    "Site",
    "Taxonomy",
    "User",
    "UserManager",
    "Vouch",
]


class Site(models.Model):
    """A hospital or practice; rows of a programme say at which site they belong."""

    slug = models.SlugField(unique=True, db_comment=kept.PROGRAMME)
    name = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    zone = models.CharField(max_length=64, db_comment=kept.PROGRAMME)  # IANA name

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """One coaching programme, with or without a trial; the lounge belongs to one too."""

    site = models.ForeignKey(Site, models.PROTECT, db_comment=kept.PROGRAMME)
    slug = models.SlugField(unique=True, db_comment=kept.PROGRAMME)
    name = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    zone = models.CharField(max_length=64, db_comment=kept.PROGRAMME)  # IANA name
    #: Its last day; what people met for is erased 30 days later. Empty while nobody has said it.
    ends_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)

    def __str__(self) -> str:
        return self.name


class ProgrammeSite(models.Model):
    """A further site of a programme, beside the one where it is run: with its own people and its own staff."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="further", db_comment=kept.PROGRAMME)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "site"], name="a_site_joins_a_programme_once"),)

    def __str__(self) -> str:
        return f"{self.site_id} in {self.programme_id}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. There are no passwords: sign-in is a mailed code or a passkey."""

    email = models.EmailField(db_comment=kept.ACCOUNT)
    name = models.CharField(max_length=200, db_comment=kept.ACCOUNT)
    zone = models.CharField(max_length=64, default="UTC", db_comment=kept.ACCOUNT)
    language = models.CharField(max_length=16, default="en", db_comment=kept.ACCOUNT)
    quiet_from = models.TimeField(null=True, blank=True, db_comment=kept.ACCOUNT)
    quiet_until = models.TimeField(null=True, blank=True, db_comment=kept.ACCOUNT)
    is_active = models.BooleanField(default=True, db_comment=kept.ACCOUNT)
    # A date, not a time: the last moment of use is nobody's business.
    last_seen_on = models.DateField(null=True, blank=True, db_comment=kept.ACCOUNT)
    password = models.CharField(max_length=128, default="!", db_comment=kept.SIGN_IN)
    last_login = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_per_address"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role of a person in a programme, from a moment until another."""

    user = models.ForeignKey(User, models.PROTECT, db_comment=kept.MEMBERSHIP)
    programme = models.ForeignKey(Programme, models.PROTECT, db_comment=kept.MEMBERSHIP)
    site = models.ForeignKey(Site, models.PROTECT, db_comment=kept.MEMBERSHIP)
    role = models.CharField(max_length=16, choices=Role.choices, db_comment=kept.MEMBERSHIP)
    since = models.DateTimeField(db_comment=kept.MEMBERSHIP)
    until = models.DateTimeField(null=True, blank=True, db_comment=kept.MEMBERSHIP)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "programme", "role"],
                condition=models.Q(models.Q(until__isnull=True), ~models.Q(role=Role.COORDINATOR)),
                name="one_open_membership_per_role",
            ),
            # Coordinators belong to a site, and one of them may look after several.
            models.UniqueConstraint(
                fields=["user", "programme", "site"],
                condition=models.Q(until__isnull=True, role=Role.COORDINATOR),
                name="one_open_coordinator_per_site",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[value for value, _label in Role.choices]),
                name="membership_role_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Credential(models.Model):
    """What was verified about a person, by what evidence, by whom, and until when it counts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="credentials", db_comment=kept.CREDENTIAL)
    specialty = models.SlugField(db_comment=kept.CREDENTIAL)  # of specialties.toml
    evidence = models.CharField(max_length=200, db_comment=kept.CREDENTIAL)
    verified_by = models.CharField(max_length=64, db_comment=kept.CREDENTIAL)  # the audit's name of the actor
    verified_at = models.DateTimeField(db_comment=kept.CREDENTIAL)
    until = models.DateTimeField(db_comment=kept.CREDENTIAL)
    #: What it rests on; empty where somebody answered for it by hand.
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="credentials", db_comment=kept.CREDENTIAL)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("verified_at")), name="credential_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~models.Q(evidence=""), name="credential_has_evidence"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.specialty}"


class MailRefusal(models.Model):
    """A mail server said that nobody can be reached at this address. Letters stop; what they said is not kept."""

    user = models.OneToOneField(User, models.PROTECT, related_name="mail_refusal", db_comment=kept.ACCOUNT)
    #: The address as it was then: once the account has another one, letters leave again.
    email = models.EmailField(db_comment=kept.ACCOUNT)
    #: The server's code, such as "5.1.1"; never its words.
    status = models.CharField(max_length=16, db_comment=kept.ACCOUNT)
    noticed_on = models.DateField(db_comment=kept.ACCOUNT)

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"


class Incentive(models.Model):
    """An item for whoever completes one of these waves. stock: how many there are in all, sent or not."""

    programme = models.ForeignKey(Programme, models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey(Site, models.PROTECT, db_comment=kept.PROGRAMME)
    name = models.CharField(max_length=120, db_comment=kept.PROGRAMME)
    stock = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    waves = models.JSONField(default=list, db_comment=kept.PROGRAMME)  # their short names

    class Meta:
        constraints = (
            models.UniqueConstraint("programme", Lower("name"), name="one_incentive_per_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="incentive_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Parcel(models.Model):
    """One item for one person, and where it goes. It knows no survey, no study id and no time of day.

    The key is random, so that it tells no order; the address is empty once it is erased.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        SHIPPED = "shipped"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False, db_comment=kept.PARCEL)
    programme = models.ForeignKey(Programme, models.PROTECT, db_comment=kept.PARCEL)
    site = models.ForeignKey(Site, models.PROTECT, db_comment=kept.PARCEL)
    incentive = models.ForeignKey(Incentive, models.PROTECT, related_name="parcels", db_comment=kept.PARCEL)
    person = models.ForeignKey(User, models.PROTECT, related_name="parcels", db_comment=kept.PARCEL)
    address = models.TextField(db_comment=kept.PARCEL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED, db_comment=kept.PARCEL)
    asked_on = models.DateField(db_comment=kept.PARCEL)
    shipped_on = models.DateField(null=True, blank=True, db_comment=kept.PARCEL)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="asked", shipped_on__isnull=True)
                | models.Q(state="shipped", shipped_on__isnull=False),
                name="a_shipped_parcel_has_its_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(address="") | models.Q(state="shipped"), name="a_waiting_parcel_has_an_address"
            ),
        )

    def __str__(self) -> str:
        return f"parcel {self.state}"

"""Copies of public registers, and which files they came from. Nothing here says who is a member."""

from django.db import models

from confrere.vault import classification as kept


class RegisterFile(models.Model):
    """A file that was, or is being, read. rows: how many are in the database; reading goes on behind them."""

    class Kind(models.TextChoices):
        PHYSICIANS = "physicians"
        LICENCES = "licences"
        EXCLUSIONS = "exclusions"
        CODES = "codes"

    register = models.SlugField(db_comment=kept.REGISTER)
    kind = models.CharField(max_length=10, choices=Kind.choices, db_comment=kept.REGISTER)
    #: Of licences: whose they are.
    jurisdiction = models.CharField(max_length=16, blank=True, db_comment=kept.REGISTER)
    sha256 = models.CharField(max_length=64, db_comment=kept.REGISTER)
    #: Holds everything: what is not in it is gone.
    whole = models.BooleanField(db_comment=kept.REGISTER)
    #: Holds all that changed since the file before; answers about single numbers do not.
    changes = models.BooleanField(default=False, db_comment=kept.REGISTER)
    #: Until which day it holds: what the door counts its thirty days from.
    as_of = models.DateField(db_comment=kept.REGISTER)
    rows = models.PositiveBigIntegerField(default=0, db_comment=kept.REGISTER)
    read_on = models.DateField(db_comment=kept.REGISTER)
    done = models.BooleanField(default=False, db_comment=kept.REGISTER)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "sha256"], name="one_import_per_file"),)

    def __str__(self) -> str:
        return f"{self.register} {self.as_of}"


class Listed(models.Model):
    """A number of a register and what it says. Names are lists [family, given, middle]; the first one is the legal one.

    fields: lists [code, state, licence, primary].
    """

    register = models.SlugField(db_comment=kept.REGISTER)
    number = models.CharField(max_length=32, db_comment=kept.REGISTER)
    entity = models.CharField(max_length=12, blank=True, db_comment=kept.REGISTER)
    active = models.BooleanField(db_comment=kept.REGISTER)
    names = models.JSONField(db_comment=kept.REGISTER)
    fields = models.JSONField(db_comment=kept.REGISTER)
    file = models.BigIntegerField(db_comment=kept.REGISTER)  # the file that said it last

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "number"], name="one_entry_per_number"),)

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Exclusion(models.Model):
    """Somebody on a list of those who are kept out. folded: the names for looking up where there is no number."""

    register = models.SlugField(db_comment=kept.REGISTER)
    number = models.CharField(max_length=32, blank=True, db_comment=kept.REGISTER)
    folded = models.CharField(max_length=300, db_comment=kept.REGISTER)
    state = models.CharField(max_length=8, blank=True, db_comment=kept.REGISTER)
    excluded_on = models.DateField(null=True, db_comment=kept.REGISTER)
    reinstated_on = models.DateField(null=True, db_comment=kept.REGISTER)
    file = models.BigIntegerField(db_comment=kept.REGISTER)

    class Meta:
        indexes = (models.Index(fields=["number"]), models.Index(fields=["folded"]))

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Licence(models.Model):
    """One licence of one jurisdiction. names: as `Listed.names`."""

    register = models.SlugField(db_comment=kept.REGISTER)
    jurisdiction = models.CharField(max_length=16, db_comment=kept.REGISTER)
    number = models.CharField(max_length=32, db_comment=kept.REGISTER)
    names = models.JSONField(db_comment=kept.REGISTER)
    status = models.CharField(max_length=8, db_comment=kept.REGISTER)
    expires_on = models.DateField(null=True, db_comment=kept.REGISTER)
    file = models.BigIntegerField(db_comment=kept.REGISTER)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="one_licence_per_number_and_jurisdiction"),
        )

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.number}"


class Taxonomy(models.Model):
    """A code of what providers are, from NUCC's list."""

    code = models.CharField(max_length=16, unique=True, db_comment=kept.REGISTER)
    grouping = models.CharField(max_length=200, db_comment=kept.REGISTER)
    title = models.CharField(max_length=300, db_comment=kept.REGISTER)
    file = models.BigIntegerField(db_comment=kept.REGISTER)

    def __str__(self) -> str:
        return self.code

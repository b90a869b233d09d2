"""Frozen data sets, what was computed from them, what leaders may see, who took rows. No row here is ever changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class FrozenDataSet(models.Model):
    """The answers of a programme at one moment, with the plan they are analysed by; named by its hash.

    Rows stand under study ids. `content` is a CSV file in UTF-8, `plan` the TOML that `confrere analyze` reads.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.FROZEN)
    frozen_at = models.DateTimeField(db_comment=kept.FROZEN)
    content = models.BinaryField(db_comment=kept.FROZEN)
    sha256 = models.CharField(max_length=64, db_comment=kept.FROZEN)
    plan = models.TextField(db_comment=kept.FROZEN)
    participants = models.PositiveIntegerField(db_comment=kept.FROZEN)
    rows = models.PositiveIntegerField(db_comment=kept.FROZEN)
    flow = models.TextField(db_comment=kept.FROZEN)  # the flow diagram of that moment, as SVG

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "number"], name="frozen_sets_are_numbered"),
            models.UniqueConstraint(fields=["programme", "sha256"], name="a_frozen_set_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"data set {self.number}"


class FrozenMember(models.Model):
    """Whose answers a frozen data set holds, so that a disclosure about somebody names it."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    data_set = models.ForeignKey(FrozenDataSet, models.PROTECT, related_name="+", db_comment=kept.FROZEN)
    study_id = models.CharField(max_length=16, db_comment=kept.FROZEN)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["data_set", "study_id"], name="a_member_stands_once_in_a_set"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} in {self.data_set_id}"


class Report(models.Model):
    """What one version of the software computed from one frozen data set."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    data_set = models.ForeignKey(FrozenDataSet, models.PROTECT, related_name="+", db_comment=kept.FROZEN)
    version = models.CharField(max_length=40, db_comment=kept.FROZEN)
    computed_at = models.DateTimeField(db_comment=kept.FROZEN)
    results = models.JSONField(db_comment=kept.FROZEN)  # as `confrere analyze` writes results.json
    pages = models.JSONField(db_comment=kept.FROZEN)  # the same report's sections as HTML, SVG and CSV

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["data_set", "version"], name="one_report_per_set_and_version"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Release(models.Model):
    """Tables that leaders may read: fixed at this moment, each cell from at least five people."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    report = models.ForeignKey(Report, models.PROTECT, related_name="+", db_comment=kept.RELEASE)
    page = models.JSONField(db_comment=kept.RELEASE)  # sentences and tables as they were released
    released_at = models.DateTimeField(db_comment=kept.RELEASE)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [models.UniqueConstraint(fields=["report"], name="a_report_is_released_once")]

    def __str__(self) -> str:
        return f"release {self.pk}"


class DataAgreement(models.Model):
    """What whoever takes rows away promises; each version stays as it was accepted."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    written_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "version"], name="agreements_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"agreement {self.version}"


class Export(models.Model):
    """Rows of a data set that left: to a person under an agreement, or made coarser for everybody."""

    class Kind(models.TextChoices):
        NAMED = "named", _("To one person")
        PUBLIC = "public", _("Public package")

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    data_set = models.ForeignKey(FrozenDataSet, models.PROTECT, related_name="+", db_comment=kept.HANDED_OUT)
    kind = models.CharField(max_length=8, choices=Kind, db_comment=kept.HANDED_OUT)
    taker = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.HANDED_OUT)
    agreement = models.ForeignKey(
        DataAgreement, models.PROTECT, null=True, related_name="+", db_comment=kept.HANDED_OUT
    )
    purpose = models.TextField(db_comment=kept.HANDED_OUT)
    choices = models.JSONField(db_comment=kept.HANDED_OUT)  # of a public package: what became of each column
    sha256 = models.CharField(max_length=64, db_comment=kept.HANDED_OUT)  # of the zip
    made_at = models.DateTimeField(db_comment=kept.HANDED_OUT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="named", agreement__isnull=False) | models.Q(kind="public"),
                name="rows_leave_to_a_person_under_an_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

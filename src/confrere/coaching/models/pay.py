"""What coaches are paid: rates, and lines that name a coach and a day and nobody whom the coach met."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept

#: Letters, figures and a few marks: no sentence, and nothing that a spreadsheet could take for a formula.
COST_CENTRE = r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$"


class LineKind(models.TextChoices):
    SESSION = "session", _("Session")
    GROUP = "group", _("Group session")
    SUPERVISION = "supervision", _("Supervision")
    STIPEND = "stipend", _("Training and certification")
    REVERSAL = "reversal", _("Taken back")


class Rate(models.Model):
    """What a coached hour and a coach's training are worth from a day on. A change is a further row."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PAY)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PAY)
    since = models.DateField(db_comment=kept.PAY)
    hourly = models.DecimalField(max_digits=8, decimal_places=2, db_comment=kept.PAY)
    stipend = models.DecimalField(max_digits=10, decimal_places=2, db_comment=kept.PAY)
    #: An hour with a group; empty where it is worth what any coached hour is.
    group_hourly = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True, db_comment=kept.PAY)
    #: An hour of supervision, for everyone who is in it; 0: it counts in the log and is not paid.
    supervision_hourly = models.DecimalField(max_digits=8, decimal_places=2, default=0, db_comment=kept.PAY)
    currency = models.CharField(max_length=3, db_comment=kept.PAY)
    cost_centre = models.CharField(max_length=40, blank=True, db_comment=kept.PAY)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(hourly__gte=0, stipend__gte=0), name="rates_are_not_negative"),
            models.CheckConstraint(
                condition=(models.Q(group_hourly=None) | models.Q(group_hourly__gte=0))
                & models.Q(supervision_hourly__gte=0),
                name="group_rates_are_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(currency__regex="^[A-Z]{3}$"), name="currency_is_a_code"),
            models.CheckConstraint(
                condition=models.Q(cost_centre="") | models.Q(cost_centre__regex=COST_CENTRE),
                name="rate_has_a_plain_cost_centre",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hourly} {self.currency} since {self.since}"


class PayLine(models.Model):
    """One line of a coach's statement. It holds no participant, no session number and no hour of the day."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PAY)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PAY)
    coach = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.PAY)
    kind = models.CharField(max_length=16, choices=LineKind.choices, db_comment=kept.PAY)
    day = models.DateField(db_comment=kept.PAY)
    minutes = models.PositiveSmallIntegerField(db_comment=kept.PAY)
    hourly = models.DecimalField(max_digits=8, decimal_places=2, db_comment=kept.PAY)
    amount = models.DecimalField(max_digits=10, decimal_places=2, db_comment=kept.PAY)
    currency = models.CharField(max_length=3, db_comment=kept.PAY)
    cost_centre = models.CharField(max_length=40, blank=True, db_comment=kept.PAY)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal", db_comment=kept.PAY)

    class Meta:
        indexes = (models.Index(fields=["programme", "coach", "day"], name="pay_lines_of_a_coach"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[value for value, _label in LineKind.choices]),
                name="pay_line_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False, amount__lte=0)
                | (~models.Q(kind="reversal") & models.Q(reverses__isnull=True, amount__gte=0)),
                name="only_a_reversal_takes_back",
            ),
            models.UniqueConstraint(
                fields=["programme", "coach"],
                condition=models.Q(kind="stipend"),
                name="training_is_paid_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.day}: {self.amount} {self.currency}"

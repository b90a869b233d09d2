"""Who left coaching, wants no further questions, or takes answers back, under a study id."""

from django.db import models
from django.db.models import F, Q

from confrere.trial.models.states import LeavingReason, WithdrawalKind, one_of
from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept


class Withdrawal(models.Model):
    """A study id left coaching, wants no further questions, or takes answers back; undone when it was a mistake.

    `erased_on`: when the answers were erased; from then on a withdrawal of data cannot be taken back.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    kind = models.CharField(max_length=16, choices=WithdrawalKind.choices, db_comment=kept.PLACE)
    #: Empty where nobody wanted to say it, which is everybody's right.
    reason = models.CharField(
        max_length=16, choices=LeavingReason.choices, blank=True, default="", db_comment=kept.PLACE
    )
    withdrawn_on = models.DateField(db_comment=kept.PLACE)
    taken_back_on = models.DateField(null=True, blank=True, db_comment=kept.PLACE)
    erased_on = models.DateField(null=True, blank=True, db_comment=kept.PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["trial", "study_id", "kind"],
                condition=Q(taken_back_on__isnull=True, erased_on__isnull=True),
                name="one_open_withdrawal_of_a_kind",
            ),
            one_of("kind", WithdrawalKind, "withdrawal_kind_is_known"),
            models.CheckConstraint(
                condition=Q(reason__in=["", *LeavingReason.values]), name="reason_for_leaving_is_known"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True) | Q(taken_back_on__gte=F("withdrawn_on")),
                name="withdrawal_is_taken_back_afterwards",
            ),
            models.CheckConstraint(
                condition=Q(erased_on__isnull=True) | Q(kind="data", taken_back_on__isnull=True),
                name="only_withdrawn_data_are_erased",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"

"""How somebody becomes a coach, stays one, and stops: stages as data, days, closed lists; no word of a coachee."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Stage(models.TextChoices):
    INVITED = "invited", _("Invited")
    AGREED = "agreed", _("Agreement signed")
    TRAINING = "training", _("In training")
    CERTIFIED = "certified", _("Certified")
    PAUSED = "paused", _("Pauses")
    REMOVED = "removed", _("No longer a coach here")


#: From a stage to those that may follow.
STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.INVITED: frozenset({Stage.AGREED, Stage.REMOVED}),
    Stage.AGREED: frozenset({Stage.TRAINING, Stage.CERTIFIED, Stage.REMOVED}),
    Stage.TRAINING: frozenset({Stage.CERTIFIED, Stage.REMOVED}),
    Stage.CERTIFIED: frozenset({Stage.CERTIFIED, Stage.PAUSED, Stage.REMOVED}),
    Stage.PAUSED: frozenset({Stage.CERTIFIED, Stage.REMOVED}),
    Stage.REMOVED: frozenset({Stage.INVITED}),
}


class Certificate(models.TextChoices):
    ACC = "acc", _("ICF associate (ACC)")
    PCC = "pcc", _("ICF professional (PCC)")
    MCC = "mcc", _("ICF master (MCC)")
    BCC = "bcc", _("Board certified coach (BCC)")
    OWN = "own", _("The programme's own certificate")


class Agreement(models.Model):
    """The text that coaches of a programme sign; a change is a further row."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    text = models.TextField(max_length=20_000, db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    since = models.DateField(db_comment=kept.PROGRAMME)

    def __str__(self) -> str:
        return f"agreement {self.sha256[:8]} since {self.since}"


class CoachFile(models.Model):
    """One coach in one programme: the stage, and the days on which things were done."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.COACH_FILE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.COACH_FILE)
    person = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.COACH_FILE)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.INVITED, db_comment=kept.COACH_FILE)
    since = models.DateField(db_comment=kept.COACH_FILE)  # of this stage
    #: The agreement that was signed, and the day.
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, db_comment=kept.COACH_FILE)
    agreed_on = models.DateField(null=True, db_comment=kept.COACH_FILE)
    training_days = ArrayField(models.DateField(), default=list, blank=True, db_comment=kept.COACH_FILE)
    certificate = models.CharField(max_length=8, choices=Certificate.choices, blank=True, db_comment=kept.COACH_FILE)
    certified_on = models.DateField(null=True, db_comment=kept.COACH_FILE)
    expires_on = models.DateField(null=True, db_comment=kept.COACH_FILE)  # the last day on which it counts
    supervision_days = ArrayField(models.DateField(), default=list, blank=True, db_comment=kept.COACH_FILE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "person"], name="one_file_per_coach"),
            models.CheckConstraint(
                condition=models.Q(stage__in=[value for value, _label in Stage.choices]), name="stage_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(certificate__in=["", *(value for value, _label in Certificate.choices)]),
                name="certificate_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["agreed", "training", "certified", "paused"])
                | models.Q(agreement__isnull=False, agreed_on__isnull=False),
                name="nobody_coaches_without_an_agreement",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=["certified", "paused"])
                | (
                    ~models.Q(certificate="")
                    & models.Q(certified_on__isnull=False, expires_on__gte=models.F("certified_on"))
                ),
                name="a_certificate_has_its_days",
            ),
        )

    def __str__(self) -> str:
        return f"file of coach {self.person_id}"


class Complaint(models.Model):
    """That somebody complained about a coach, of what kind, and how it ended. What was said stands elsewhere."""

    class Kind(models.TextChoices):
        CONDUCT = "conduct", _("How the coach behaved")
        CONFIDENCE = "confidence", _("Something was passed on")
        RELIABLE = "reliable", _("Sessions missed or late")
        OTHER = "other", _("Something else")

    class End(models.TextChoices):
        OPEN = "", _("Open")
        UPHELD = "upheld", _("It was right")
        DISMISSED = "dismissed", _("It was not right")

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.COACH_FILE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.COACH_FILE)
    file = models.ForeignKey(CoachFile, models.CASCADE, db_comment=kept.COACH_FILE)
    kind = models.CharField(max_length=16, choices=Kind.choices, db_comment=kept.COACH_FILE)
    came_on = models.DateField(db_comment=kept.COACH_FILE)
    end = models.CharField(max_length=16, choices=End.choices, blank=True, db_comment=kept.COACH_FILE)
    ended_on = models.DateField(null=True, db_comment=kept.COACH_FILE)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=["conduct", "confidence", "reliable", "other"]),
                name="complaint_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(end="", ended_on__isnull=True)
                | models.Q(end__in=["upheld", "dismissed"], ended_on__isnull=False),
                name="a_complaint_ends_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"complaint {self.kind}"

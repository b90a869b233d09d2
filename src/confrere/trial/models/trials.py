"""The trial of a programme, and the letters that announced it."""

from django.db import models
from django.db.models import Q

from confrere.trial.models.states import TrialState, one_of
from confrere.vault import classification as kept


class Trial(models.Model):
    """The trial of a programme: its protocol, and what was promised before the first draw."""

    programme = models.OneToOneField("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    state = models.CharField(
        max_length=16, choices=TrialState.choices, default=TrialState.DRAFT, db_comment=kept.PROGRAMME
    )
    protocol = models.TextField(db_comment=kept.PROGRAMME)
    protocol_sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    commitment = models.CharField(max_length=64, blank=True, db_comment=kept.PROGRAMME)
    #: The label of test entropy; empty for a real key. Only a database marked simulated takes one.
    test_entropy = models.CharField(max_length=64, blank=True, db_comment=kept.PROGRAMME)
    join_token = models.CharField(max_length=32, unique=True, db_comment=kept.PROGRAMME)
    locked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)
    published_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            one_of("state", TrialState, "trial_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft", commitment="", locked_at__isnull=True)
                | Q(~Q(state="draft"), ~Q(commitment=""), locked_at__isnull=False),
                name="trial_is_locked_with_its_commitment",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | Q(~Q(state="published"), published_at__isnull=True),
                name="trial_is_published_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"trial of {self.programme_id}"


class Announcement(models.Model):
    """A mailing that told people of the trial: how many addresses, and when. No address is kept."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    number = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)
    addresses = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    sent_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["trial", "number"], name="announcements_are_numbered"),)

    def __str__(self) -> str:
        return f"announcement {self.number}"

"""Who gets what. Consent is kept with the person; places, draws and withdrawals with the study id only.

No row of this room joins a person and a study id: the one link is vault's, encrypted. Nor does an instant: what
stands under a study id here is dated by the day.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from confrere.vault import classification as kept


class TrialState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    PUBLISHED = "published"


class PlaceState(models.TextChoices):
    HELD = "held"
    FINAL = "final"
    WAITING = "waiting"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


TRIAL_TRANSITIONS: dict[TrialState, frozenset[TrialState]] = {
    TrialState.DRAFT: frozenset({TrialState.OPEN}),
    TrialState.OPEN: frozenset({TrialState.PUBLISHED}),
    TrialState.PUBLISHED: frozenset(),
}
#: A final place stays final: who withdraws after the draw stays in the intention-to-treat set.
PLACE_TRANSITIONS: dict[PlaceState, frozenset[PlaceState]] = {
    PlaceState.HELD: frozenset({PlaceState.FINAL, PlaceState.LAPSED, PlaceState.WITHDRAWN}),
    PlaceState.WAITING: frozenset({PlaceState.HELD, PlaceState.FINAL, PlaceState.WITHDRAWN}),
    PlaceState.LAPSED: frozenset({PlaceState.WAITING, PlaceState.WITHDRAWN}),
    PlaceState.WITHDRAWN: frozenset({PlaceState.WAITING}),
    PlaceState.FINAL: frozenset(),
}
#: In these states a place takes a seat.
SEATED = (PlaceState.HELD, PlaceState.FINAL)


class StepKind(models.TextChoices):
    TOLD = "told"
    GRANTED = "granted"


class WithdrawalKind(models.TextChoices):
    COACHING = "coaching"
    QUESTIONS = "questions"


def _one_of(field: str, states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [value for value, _label in states.choices]}), name=name
    )


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
            _one_of("state", TrialState, "trial_state_is_known"),
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


class ConsentText(models.Model):
    """The exact text of a version of the consent. Never changed; other words are another version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    meaning = models.TextField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    published_at = models.DateTimeField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["trial", "version"], name="one_consent_text_per_version"),)

    def __str__(self) -> str:
        return f"consent text {self.version}"


class Consent(models.Model):
    """A person's consent as they gave it: name, time, meaning, and the hash of the text they read."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    text = models.ForeignKey(ConsentText, models.PROTECT, db_comment=kept.CONSENT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_comment=kept.CONSENT)
    name = models.CharField(max_length=200, db_comment=kept.CONSENT)
    meaning = models.TextField(db_comment=kept.CONSENT)
    sha256 = models.CharField(max_length=64, db_comment=kept.CONSENT)
    given_at = models.DateTimeField(db_comment=kept.CONSENT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["person", "text"], name="one_consent_per_text"),
            models.CheckConstraint(condition=~Q(name=""), name="consent_bears_a_name"),
        )

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Seat(models.Model):
    """One of the places that the protocol allows. There are as many rows as the cap, so nobody is the 139th."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["trial", "number"], name="seats_are_numbered"),)

    def __str__(self) -> str:
        return f"seat {self.number}"


class Place(models.Model):
    """Where a study id stands between consent and draw. `number` is the order in which they came."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    state = models.CharField(max_length=16, choices=PlaceState.choices, db_comment=kept.PLACE)
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, blank=True, db_comment=kept.PLACE)
    #: Order of coming; whoever loses a place and waits again gets a new one.
    number = models.PositiveIntegerField(db_comment=kept.PLACE)
    asked_on = models.DateField(db_comment=kept.PLACE)
    held_until = models.DateTimeField(null=True, blank=True, db_comment=kept.PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id"], name="one_place_per_study_id"),
            models.UniqueConstraint(fields=["trial", "number"], name="places_are_numbered"),
            _one_of("state", PlaceState, "place_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=SEATED, seat__isnull=False) | Q(~Q(state__in=SEATED), seat__isnull=True),
                name="a_seat_for_each_held_or_final_place",
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False) | Q(~Q(state="held"), held_until__isnull=True),
                name="a_held_place_has_its_deadline",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.state}"


class Allocation(models.Model):
    """One draw. `counter` counts from 0 within the stratum; the arm derives from the key, nothing is stored ahead."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.ALLOCATION)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.ALLOCATION)
    study_id = models.CharField(max_length=16, db_comment=kept.ALLOCATION)
    stratum = models.CharField(max_length=200, db_comment=kept.ALLOCATION)
    counter = models.PositiveIntegerField(db_comment=kept.ALLOCATION)
    nonce = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    leaf = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    arm = models.CharField(max_length=64, db_comment=kept.ALLOCATION)
    drawn_on = models.DateField(db_comment=kept.ALLOCATION)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id"], name="one_allocation_per_study_id"),
            models.UniqueConstraint(fields=["trial", "stratum", "counter"], name="draws_are_counted_by_stratum"),
        )

    def __str__(self) -> str:
        return f"{self.study_id} in {self.stratum}"


class Step(models.Model):
    """What followed a draw, done once: the letter that tells of it, the coaching that it opens.

    To whom stands in coaching and in the letter, never here.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    kind = models.CharField(max_length=16, choices=StepKind.choices, db_comment=kept.PLACE)
    done_on = models.DateField(db_comment=kept.PLACE)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id", "kind"], name="one_step_of_a_kind"),
            _one_of("kind", StepKind, "step_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"


class Withdrawal(models.Model):
    """A study id left coaching, or wants no further questions; taken back when it was a mistake."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    kind = models.CharField(max_length=16, choices=WithdrawalKind.choices, db_comment=kept.PLACE)
    withdrawn_on = models.DateField(db_comment=kept.PLACE)
    taken_back_on = models.DateField(null=True, blank=True, db_comment=kept.PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["trial", "study_id", "kind"],
                condition=Q(taken_back_on__isnull=True),
                name="one_open_withdrawal_of_a_kind",
            ),
            _one_of("kind", WithdrawalKind, "withdrawal_kind_is_known"),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True) | Q(taken_back_on__gte=F("withdrawn_on")),
                name="withdrawal_is_taken_back_afterwards",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"

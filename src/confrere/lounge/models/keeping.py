"""What keeps the lounge clean: marks of the identifier guard, flags, removals, slow mode, notes of peers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Kept(models.Model):
    """What every row here says of itself."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)

    class Meta:
        abstract = True


class GuardMark(Kept):
    """An author said that something held is no identifier: who, of which kind, in which post. Never the words.

    With the name withheld, `author` is empty: the row would open the name.
    """

    post = models.ForeignKey("lounge.Post", models.CASCADE, related_name="+", db_comment=kept.MODERATION)
    author = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.MODERATION
    )
    kind = models.CharField(max_length=20, db_comment=kept.MODERATION)  # science.identifiers.KINDS
    marked_at = models.DateTimeField(db_comment=kept.MODERATION)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.kind}"


class Flag(Kept):
    """A member asks the moderators to look at a post."""

    class Reason(models.TextChoices):
        IDENTIFIER = "identifier", _("It may point at a patient; it is hidden at once")
        UNSAFE = "unsafe", _("It could harm a patient, or is wrong")
        UNKIND = "unkind", _("It is unkind or discriminates")
        ADVERTISING = "advertising", _("It advertises")
        ELSEWHERE = "elsewhere", _("It does not belong here")

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for a moderator")
        KEPT = "kept", _("the post stays")
        REMOVED = "removed", _("the post was removed")

    post = models.ForeignKey("lounge.Post", models.CASCADE, related_name="+", db_comment=kept.MODERATION)
    member = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.MODERATION)
    reason = models.CharField(max_length=12, choices=Reason.choices, db_comment=kept.MODERATION)
    words = models.CharField(max_length=300, blank=True, default="", db_comment=kept.MODERATION)
    flagged_at = models.DateTimeField(db_comment=kept.MODERATION)
    outcome = models.CharField(
        max_length=8, choices=Outcome.choices, blank=True, default="", db_comment=kept.MODERATION
    )
    settled_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.MODERATION
    )
    settled_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MODERATION)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "post"], condition=Q(outcome=""), name="one_open_flag_per_member_and_post"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="flag_settled_has_an_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["programme", "flagged_at"], condition=Q(outcome=""), name="flags_that_wait"),
            models.Index(fields=["member", "flagged_at"], name="flags_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.reason}"


class Removal(Kept):
    """A moderator asks, another confirms; the author may appeal, and somebody who took no part decides."""

    class Cause(models.TextChoices):
        IDENTIFIER = "identifier", _("It pointed at a patient")
        UNSAFE = "unsafe", _("It could harm a patient")
        UNKIND = "unkind", _("It was unkind or discriminated")
        ADVERTISING = "advertising", _("It advertised")
        ELSEWHERE = "elsewhere", _("It did not belong here")

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        DECLINED = "declined", _("the second moderator did not agree; the post stands again")
        RESTORED = "restored", _("the appeal was right; the post stands again")
        UPHELD = "upheld", _("the appeal was heard; the post stays away")
        LAPSED = "lapsed", _("nobody appealed in time; the text is erased")

    post = models.ForeignKey("lounge.Post", models.CASCADE, related_name="+", db_comment=kept.MODERATION)
    cause = models.CharField(max_length=12, choices=Cause.choices, db_comment=kept.MODERATION)
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.MODERATION)
    asked_at = models.DateTimeField(db_comment=kept.MODERATION)
    confirmed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.MODERATION
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MODERATION)
    appeal = models.CharField(max_length=2000, blank=True, default="", db_comment=kept.MODERATION)
    appealed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MODERATION)
    outcome = models.CharField(
        max_length=8, choices=Outcome.choices, blank=True, default="", db_comment=kept.MODERATION
    )
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.MODERATION
    )
    decided_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MODERATION)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post"], condition=Q(outcome=""), name="one_open_removal_per_post"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")), name="removal_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="removal_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True, appeal="")
                | (Q(appealed_at__isnull=False, confirmed_at__isnull=False) & ~Q(appeal="")),
                name="removal_appealed_after_it",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["restored", "upheld"])
                | (Q(appealed_at__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("confirmed_by"))),
                name="removal_decided_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="removal_ended_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by_id}: {self.cause}"


class SlowMode(Kept):
    """In a heated question each member answers once in so many minutes."""

    question = models.OneToOneField("lounge.Question", models.CASCADE, related_name="slow", db_comment=kept.LOUNGE)
    minutes = models.PositiveSmallIntegerField(db_comment=kept.LOUNGE)
    set_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.MODERATION)
    set_at = models.DateTimeField(db_comment=kept.LOUNGE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="slow_for_a_day_at_most")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.minutes} min"


class Note(Kept):
    """Peers of the specialty contradict a post: one writes, with a source; it is shown once another one agrees."""

    post = models.ForeignKey("lounge.Post", models.CASCADE, related_name="notes", db_comment=kept.LOUNGE)
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+", db_comment=kept.LOUNGE)
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE)
    text = models.CharField(max_length=600, db_comment=kept.LOUNGE)
    source = models.CharField(max_length=300, db_comment=kept.LOUNGE)
    written_at = models.DateTimeField(db_comment=kept.LOUNGE)
    agreed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.LOUNGE
    )
    agreed_at = models.DateTimeField(null=True, blank=True, db_comment=kept.LOUNGE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=""), name="note_names_its_source"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("author"))),
                name="note_agreed_by_another_peer",
            ),
        ]

    def __str__(self) -> str:
        return self.text

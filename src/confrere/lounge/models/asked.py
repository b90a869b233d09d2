"""Questions, what was written in them, and what stood there before."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class State(models.TextChoices):
    """Whether members can read it."""

    SHOWN = "shown", _("Shown")
    HELD = "held", _("Held until somebody has looked")
    HIDDEN = "hidden", _("Hidden while a flag is looked at")
    REMOVED = "removed", _("Removed")


class Question(models.Model):
    """One question in one specialty, and how its thread stands. What was written is in its posts; number 0 asks.

    answers: how many are shown. last: the highest number of a shown post. numbered: the highest that was ever given.
    With the name withheld, `author` is empty.
    """

    class AgeBand(models.TextChoices):
        """Bands, so that nobody is told by an age; the last one is open, as the law asks."""

        NEWBORN = "newborn", _("Under 28 days")
        INFANT = "infant", _("Under 1 year")
        CHILD = "child", _("1 to 11 years")
        YOUTH = "youth", _("12 to 17 years")
        YOUNG = "young", _("18 to 39 years")
        MIDDLE = "middle", _("40 to 64 years")
        OLDER = "older", _("65 to 79 years")
        OLDEST = "oldest", _("80 years and older")

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    specialty = models.SlugField(max_length=60, db_comment=kept.LOUNGE)
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+", null=True, db_comment=kept.LOUNGE)
    title = models.CharField(max_length=160, db_comment=kept.LOUNGE)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN, db_comment=kept.LOUNGE)
    asked_at = models.DateTimeField(db_comment=kept.LOUNGE)
    moved_at = models.DateTimeField(db_comment=kept.LOUNGE)  # the last answer, or the question itself
    answers = models.PositiveIntegerField(default=0, db_comment=kept.LOUNGE)
    last = models.PositiveIntegerField(default=0, db_comment=kept.LOUNGE)
    numbered = models.PositiveIntegerField(default=0, db_comment=kept.LOUNGE)
    accepted = models.OneToOneField(
        "lounge.Post", models.PROTECT, null=True, blank=True, related_name="+", db_comment=kept.LOUNGE
    )
    # What helps a specialist; all of it may stay empty.
    setting = models.CharField(max_length=120, blank=True, default="", db_comment=kept.LOUNGE)
    age_band = models.CharField(max_length=8, choices=AgeBand.choices, blank=True, default="", db_comment=kept.LOUNGE)
    course = models.TextField(max_length=2000, blank=True, default="", db_comment=kept.LOUNGE)
    tried = models.TextField(max_length=2000, blank=True, default="", db_comment=kept.LOUNGE)
    urgency_days = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=kept.LOUNGE)
    # Whoever asks about a patient says that the patient agreed, or that nobody can be recognised.
    attested_at = models.DateTimeField(null=True, blank=True, db_comment=kept.LOUNGE)
    outcome_asked_at = models.DateTimeField(null=True, blank=True, db_comment=kept.LOUNGE)

    class Meta:
        indexes: ClassVar = [
            # Lists go by key in this order, never by offset; one index for each list that there is.
            models.Index(
                "programme", "specialty", models.F("moved_at").desc(), models.F("id").desc(),
                condition=models.Q(state="shown"), name="question_list",
            ),
            models.Index(
                "programme", models.F("moved_at").desc(), models.F("id").desc(),
                condition=models.Q(state="shown"), name="question_list_all",
            ),
            models.Index(
                "programme", "specialty", models.F("moved_at").desc(), models.F("id").desc(),
                condition=models.Q(state="shown", answers=0), name="question_waiting",
            ),
            models.Index(
                "programme", models.F("moved_at").desc(), models.F("id").desc(),
                condition=models.Q(state="shown", answers=0), name="question_waiting_all",
            ),
            models.Index("author", models.F("id").desc(), name="questions_of_member"),
            models.Index(
                "asked_at", condition=models.Q(outcome_asked_at__isnull=True), name="question_outcome_due"
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(moved_at__gte=models.F("asked_at")), name="question_moves_forward"
            ),
            models.CheckConstraint(condition=models.Q(answers__lte=models.F("last")), name="question_counts_shown"),
            models.CheckConstraint(
                condition=models.Q(urgency_days__isnull=True) | models.Q(urgency_days__range=(1, 90)),
                name="question_urgency_in_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """What somebody wrote in a question: the asking (number 0), an answer, or how it went.

    html is made from text once, when it is written. search holds the words with their weights (A title, B text) and
    markers such as "in:cardiology" and "by:12", so that a filter narrows the index itself. recent: among the newest
    of the programme, which are searched first, by an index of their own.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        OUTCOME = "outcome", _("How it went")

    class Basis(models.TextChoices):
        NONE = "", ""
        EXPERIENCE = "experience", _("From experience")
        SOURCE = "source", _("With a source")

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.ForeignKey(Question, models.PROTECT, related_name="posts", db_comment=kept.LOUNGE)
    number = models.PositiveIntegerField(db_comment=kept.LOUNGE)
    kind = models.CharField(max_length=8, choices=Kind.choices, db_comment=kept.LOUNGE)
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+", null=True, db_comment=kept.LOUNGE)
    mask = models.ForeignKey("lounge.Mask", models.PROTECT, related_name="posts", null=True, db_comment=kept.LOUNGE)
    # What the author's credential said then; empty where too few share it for a withheld name.
    specialty = models.SlugField(max_length=60, blank=True, db_comment=kept.LOUNGE)
    text = models.TextField(max_length=8000, db_comment=kept.LOUNGE)
    html = models.TextField(db_comment=kept.LOUNGE)
    basis = models.CharField(max_length=10, choices=Basis.choices, blank=True, default="", db_comment=kept.LOUNGE)
    source = models.CharField(max_length=300, blank=True, default="", db_comment=kept.LOUNGE)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN, db_comment=kept.LOUNGE)
    written_at = models.DateTimeField(db_comment=kept.LOUNGE)
    edited_at = models.DateTimeField(null=True, blank=True, db_comment=kept.LOUNGE)
    search = SearchVectorField(db_comment=kept.LOUNGE)
    recent = models.BooleanField(default=True, db_comment=kept.LOUNGE)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["author", "-written_at"], name="posts_of_member"),
            # Newest first for the demotion of what is no longer recent.
            models.Index("programme", models.F("id").desc(), condition=models.Q(recent=True), name="posts_recent"),
            GinIndex(
                fields=["search"],
                condition=models.Q(recent=True, state="shown"),
                fastupdate=False,
                name="posts_search_recent",
            ),
            GinIndex(
                fields=["search"],
                condition=models.Q(recent=False, state="shown"),
                fastupdate=False,  # a search asks it month by month, and would read what is pending each time
                name="posts_search_older",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "number"], name="posts_in_order"),
            models.CheckConstraint(
                condition=(models.Q(kind="question", number=0) | (~models.Q(kind="question") & models.Q(number__gt=0))),
                name="post_zero_asks",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="answer", basis="source") & ~models.Q(source="")
                | models.Q(kind="answer", basis="experience", source="")
                | ~models.Q(kind="answer") & models.Q(basis="", source=""),
                name="answer_with_source_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(author__isnull=True, mask__isnull=False)
                | models.Q(author__isnull=False, mask__isnull=True),
                name="post_has_author_or_mask",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.number}"


class Revision(models.Model):
    """What stood in a post before it was changed; members can read it, except what a moderator took out."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.PROGRAMME)
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions", db_comment=kept.LOUNGE)
    title = models.CharField(max_length=160, blank=True, db_comment=kept.LOUNGE)  # of a question
    text = models.TextField(max_length=8000, db_comment=kept.LOUNGE)
    source = models.CharField(max_length=300, blank=True, db_comment=kept.LOUNGE)
    until = models.DateTimeField(db_comment=kept.LOUNGE)  # when it was replaced

    class Meta:
        indexes: ClassVar = [models.Index(fields=["post", "-id"], name="revisions_newest_first")]

    def __str__(self) -> str:
        return f"{self.post_id} until {self.until}"

"""Who is told of the trial, what they read, and how many came: lists that end with recruitment, texts, counts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept

#: As in Kiser 2024: whoever has not answered two letters has answered.
MOST_ANNOUNCEMENTS = 2


class Invitation(models.Model):
    """What strangers read before they decide, beside what the protocol says by itself."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.OneToOneField(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    who_may = models.TextField(max_length=2000, db_comment=kept.PROGRAMME)
    contact = models.TextField(max_length=500, db_comment=kept.PROGRAMME)

    def __str__(self) -> str:
        return f"invitation to {self.trial_id}"


class Recipient(models.Model):
    """An address to which announcements go. No answer, no click and no consent is ever noted beside it."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.RECRUITMENT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.RECRUITMENT)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.RECRUITMENT)
    name = models.CharField(max_length=200, blank=True, db_comment=kept.RECRUITMENT)
    email = models.EmailField(db_comment=kept.RECRUITMENT)
    imported_on = models.DateField(db_comment=kept.RECRUITMENT)

    class Meta:
        constraints = (models.UniqueConstraint("trial", Lower("email"), name="one_recipient_per_address"),)

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class OptOut(models.Model):
    """An address that wants no announcement from this site, as a keyed digest: recognised again, never read."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.OPT_OUT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.OPT_OUT)
    digest = models.CharField(max_length=64, db_comment=kept.OPT_OUT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site", "digest"], name="one_opt_out_per_address"),)

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


class Mailing(models.Model):
    """The words of an announcement, and whether it went out. `number` counts from 1."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    number = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)
    subject = models.CharField(max_length=120, db_comment=kept.PROGRAMME)
    text = models.TextField(max_length=4000, db_comment=kept.PROGRAMME)
    sent_at = models.DateTimeField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["trial", "number"], name="mailings_are_numbered"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ANNOUNCEMENTS), name="two_announcements_at_most"
            ),
        )

    def __str__(self) -> str:
        return f"mailing {self.number}"


class Visits(models.Model):
    """How often the public page was opened on a day. A count and nothing else: no person, no hour, no way there."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    day = models.DateField(db_comment=kept.PROGRAMME)
    count = models.PositiveIntegerField(db_comment=kept.PROGRAMME)

    class Meta:
        verbose_name_plural = "visits"
        constraints = (models.UniqueConstraint(fields=["trial", "day"], name="visits_are_counted_by_day"),)

    def __str__(self) -> str:
        return f"visits on {self.day}"


class Demographic(models.Model):
    """How many of the institution answer to a level of a baseline question; counts that the director brought."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    question = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    level = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    count = models.PositiveIntegerField(db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["trial", "question", "level"], name="one_count_per_demographic_level"),
        )

    def __str__(self) -> str:
        return f"{self.question} {self.level}"


class Lottery(models.Model):
    """The lottery for the places of a trial: promised before anybody asked, drawn once after its last day."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    trial = models.OneToOneField(Trial, models.PROTECT, db_comment=kept.PROGRAMME)
    commitment = models.CharField(max_length=64, db_comment=kept.PROGRAMME)
    #: The last day on which asking counts for the lottery.
    closes_on = models.DateField(db_comment=kept.PROGRAMME)
    #: What was said in public after that day; its SHA-256 is the second contribution.
    said = models.CharField(max_length=500, blank=True, db_comment=kept.PROGRAMME)
    drawn_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(drawn_on__isnull=True, said="") | Q(Q(drawn_on__isnull=False), ~Q(said="")),
                name="a_drawn_lottery_says_with_what",
            ),
        )

    def __str__(self) -> str:
        return f"lottery of {self.trial_id}"


class Lot(models.Model):
    """The rank that a study id drew, from 1, with the nonce of its leaf."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PLACE)
    trial = models.ForeignKey(Trial, models.PROTECT, db_comment=kept.PLACE)
    study_id = models.CharField(max_length=16, db_comment=kept.PLACE)
    rank = models.PositiveIntegerField(db_comment=kept.PLACE)
    nonce = models.CharField(max_length=64, db_comment=kept.PLACE)
    leaf = models.CharField(max_length=64, db_comment=kept.PLACE)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id"], name="one_lot_per_study_id"),
            models.UniqueConstraint(fields=["trial", "rank"], name="one_lot_per_rank"),
        )

    def __str__(self) -> str:
        return f"lot {self.rank}"

from django.db import models

from confrere.vault import classification as kept


class State(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"
    #: Nobody wanted it any more when its turn came: somebody withdrew, answered, or stopped such letters.
    DROPPED = "dropped"


#: What may follow what.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.WAITING, State.SENT, State.GIVEN_UP, State.DROPPED}),
    State.SENT: frozenset(),
    State.GIVEN_UP: frozenset(),
    State.DROPPED: frozenset(),
}


class Letter(models.Model):
    """One mail that leaves. Its text is written once and never changes; it is blanked when the letter has left.

    What remains of a sent letter says nothing about a person: a digest of its event, a state and a time.
    """

    #: Keyed digest (HMAC-SHA256) of what the letter is about, in hexadecimal: a second letter about the same event
    #: is not written.
    event_digest = models.CharField(max_length=64, unique=True, db_comment=kept.MAIL)
    message_id = models.CharField(max_length=320, db_comment=kept.MAIL)
    programme = models.BigIntegerField(null=True, blank=True, db_comment=kept.MAIL)  # no key: people live upstairs
    to = models.CharField(max_length=254, db_comment=kept.MAIL)
    subject = models.CharField(max_length=200, db_comment=kept.MAIL)
    body = models.TextField(db_comment=kept.MAIL)
    #: What the room that wrote it recognises it by when it is about to leave; sealed, so that it joins nothing.
    guard = models.CharField(max_length=300, blank=True, db_comment=kept.MAIL)
    #: The address that stops letters like this one with one click (RFC 8058); empty for letters that cannot be stopped.
    one_click = models.CharField(max_length=400, blank=True, db_comment=kept.MAIL)
    #: An entry for the recipient's calendar (RFC 5545); empty where the letter brings none.
    calendar = models.TextField(blank=True, db_comment=kept.MAIL)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING, db_comment=kept.MAIL)
    #: Somebody waits for it before a screen, such as for a sign-in code; it leaves before the others.
    urgent = models.BooleanField(default=False, db_comment=kept.MAIL)
    written_at = models.DateTimeField(db_comment=kept.MAIL)
    attempts = models.PositiveSmallIntegerField(default=0, db_comment=kept.MAIL)
    next_try_at = models.DateTimeField(db_comment=kept.MAIL)
    ended_at = models.DateTimeField(null=True, blank=True, db_comment=kept.MAIL)
    #: Why the last attempt failed: an SMTP code such as "450", or the kind of error. Never the server's words,
    #: which may quote the address.
    trouble = models.CharField(max_length=64, blank=True, db_comment=kept.MAIL)

    class Meta:
        indexes = (
            models.Index(
                fields=["-urgent", "next_try_at"], condition=models.Q(state="waiting"), name="letters_that_wait"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[value for value, _label in State.choices]),
                name="letter_state_is_known",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="waiting", ended_at__isnull=True) & ~models.Q(to="") & ~models.Q(body=""))
                | (
                    ~models.Q(state="waiting")
                    & models.Q(ended_at__isnull=False, to="", subject="", body="", guard="", one_click="", calendar="")
                ),
                name="letter_is_blank_once_it_left",
            ),
        )

    def __str__(self) -> str:
        return self.message_id


class Picture(models.Model):
    """A picture as we drew it anew from what was uploaded: a small JPEG without anything but its pixels."""

    programme = models.BigIntegerField(db_comment=kept.COACH_PAGE)  # no keys: people live upstairs
    site = models.BigIntegerField(db_comment=kept.COACH_PAGE)
    jpeg = models.BinaryField(db_comment=kept.COACH_PAGE)

    def __str__(self) -> str:
        return f"picture {self.pk}"

"""Grants and bookings."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.coaching.models.choosing import Conversation
from confrere.coaching.models.coach import Coach
from confrere.coaching.models.gatherings import Gathering
from confrere.coaching.models.hours import ZONE, half_open
from confrere.vault import classification as kept


class Source(models.TextChoices):
    """Who granted the sessions; one grant a source and person."""

    TRIAL = "trial", _("The trial")
    COORDINATOR = "coordinator", _("The coordinator")
    SERVICE = "service", _("The coaching service")


class State(models.TextChoices):
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved to another time")
    MISSED = "missed", _("Did not happen")


#: From a state to those that may follow; empty means final.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.BOOKED: frozenset({State.HELD, State.CANCELLED, State.MOVED, State.MISSED}),
    State.HELD: frozenset(),
    State.CANCELLED: frozenset(),
    State.MOVED: frozenset(),
    State.MISSED: frozenset(),
}
#: In these states a booking has its number k and keeps both people's time.
LIVE = (State.BOOKED, State.HELD)


class Said(models.TextChoices):
    """What one of the two people tapped after the session; never a word more."""

    NOTHING = "", _("Not yet said")
    HAPPENED = "happened", _("It happened")
    MOVED = "moved", _("We moved it")
    MISSED = "missed", _("It did not happen")


class Entitlement(models.Model):
    """How many sessions of how many minutes a person may book, from a moment until another."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.ENTITLEMENT)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.ENTITLEMENT)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.ENTITLEMENT)
    source = models.CharField(max_length=16, choices=Source.choices, db_comment=kept.ENTITLEMENT)
    #: Minutes of session 1, 2, …: [90, 60, 60, 60, 60, 60].
    minutes = ArrayField(models.PositiveSmallIntegerField(), db_comment=kept.ENTITLEMENT)
    since = models.DateTimeField(db_comment=kept.ENTITLEMENT)
    until = models.DateTimeField(db_comment=kept.ENTITLEMENT)
    granted_at = models.DateTimeField(db_comment=kept.ENTITLEMENT)
    #: Stays true when that booking is gone, so that nobody reads from a list that a meeting did not happen.
    booked_once = models.BooleanField(default=False, db_comment=kept.ENTITLEMENT)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "person", "source"], name="one_grant_per_source"),
            models.CheckConstraint(
                condition=models.Q(source__in=[value for value, _label in Source.choices]),
                name="entitlement_source_is_known",
            ),
            models.CheckConstraint(condition=models.Q(minutes__len__gt=0), name="entitlement_has_sessions"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="entitlement_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{len(self.minutes)} sessions of {self.person_id}"


class Booking(models.Model):
    """Session k of an entitlement, with a coach, at a time. After seven days it only says that it was held."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BOOKING)
    coach = models.ForeignKey(Coach, models.PROTECT, db_comment=kept.BOOKING)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, db_comment=kept.BOOKING)
    #: From 1; null once the booking is no longer live, so that the number is free again.
    k = models.PositiveSmallIntegerField(null=True, db_comment=kept.BOOKING)
    minutes = models.PositiveSmallIntegerField(db_comment=kept.BOOKING)
    during = DateTimeRangeField(db_comment=kept.BOOKING)
    zone = models.CharField(max_length=64, db_comment=kept.BOOKING)  # IANA name of the participant's clock then
    state = models.CharField(max_length=16, choices=State.choices, default=State.BOOKED, db_comment=kept.BOOKING)
    coach_said = models.CharField(
        max_length=16, choices=Said.choices, default=Said.NOTHING, blank=True, db_comment=kept.BOOKING
    )
    participant_said = models.CharField(
        max_length=16, choices=Said.choices, default=Said.NOTHING, blank=True, db_comment=kept.BOOKING
    )
    #: The form's own number: the same form sent twice makes one booking.
    key = models.UUIDField(db_comment=kept.TECHNICAL)
    asked_for = models.DateTimeField(db_comment=kept.BOOKING)  # the start in that form
    #: Whether the coach's statement has its line, which knows nothing of this row.
    paid = models.BooleanField(default=False, db_comment=kept.BOOKING)
    #: How often it was moved or ended: calendars keep the entry with the highest number.
    sequence = models.PositiveSmallIntegerField(default=0, db_comment=kept.BOOKING)
    changed_at = models.DateTimeField(db_comment=kept.BOOKING)  # when it was booked, moved or ended
    reminded = models.BooleanField(default=False, db_comment=kept.BOOKING)  # of this time

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entitlement", "k"], name="a_session_is_booked_once"),
            models.UniqueConstraint(fields=["entitlement", "key"], name="a_form_books_once"),
            half_open("bookings_are_half_open"),
            # What `Occupied` refers to, so that both people's time follows the booking's.
            models.UniqueConstraint(fields=["id", "during"], name="booking_and_its_time"),
            models.CheckConstraint(
                condition=models.Q(state__in=[value for value, _label in State.choices]),
                name="booking_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE, k__isnull=False, k__gte=1)
                | (~models.Q(state__in=LIVE) & models.Q(k__isnull=True)),
                name="a_live_booking_has_its_number",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    coach_said__in=[value for value, _label in Said.choices],
                    participant_said__in=[value for value, _label in Said.choices],
                ),
                name="only_known_answers_after_a_session",
            ),
            models.CheckConstraint(condition=models.Q(zone__regex=ZONE), name="booking_zone_is_a_name"),
        )

    def __str__(self) -> str:
        return f"booking {self.pk}"


def _one_reason() -> models.Q:
    """Exactly one of the reasons why somebody's time is kept; a hold, and nothing else, has its end."""
    reasons = ("booking", "conversation", "gathering", "holder")
    whole = models.Q()
    for reason in reasons:
        rest = {f"{other}__isnull": other != reason for other in reasons}
        whole |= models.Q(**rest, held_until__isnull=reason != "holder")
    return whole


class Occupied(models.Model):
    """A person's time kept by a booking: two rows each, one constraint for every human, coach or coached.

    Or kept for a few minutes by somebody who is choosing it (`holder`): two rows as well, and no booking yet.

    The database lets `during` follow the booking's (a foreign key on both columns, `on update cascade`), so
    that moving a booking is one statement and both people move or neither does.
    """

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.BOOKING)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.BOOKING)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.BOOKING)
    booking = models.ForeignKey(Booking, models.CASCADE, null=True, blank=True, db_comment=kept.BOOKING)
    #: Or a first conversation, which never moves.
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, db_comment=kept.BOOKING)
    #: Or a group session or supervision: a row for each human who is in it.
    gathering = models.ForeignKey(Gathering, models.CASCADE, null=True, db_comment=kept.BOOKING)
    during = DateTimeRangeField(db_comment=kept.BOOKING)
    #: Who is choosing this time, and until when it waits for them.
    holder = models.ForeignKey(
        "people.User", models.CASCADE, null=True, blank=True, related_name="+", db_comment=kept.BOOKING
    )
    held_until = models.DateTimeField(null=True, blank=True, db_comment=kept.BOOKING)

    class Meta:
        verbose_name_plural = "occupied"
        constraints = (
            half_open("occupied_is_half_open"),
            models.CheckConstraint(condition=_one_reason(), name="time_is_booked_or_held"),
            models.UniqueConstraint(
                fields=["holder", "person"],
                condition=models.Q(holder__isnull=False),
                name="everyone_holds_one_time",
            ),
            models.UniqueConstraint(fields=["booking", "person"], name="one_row_per_person_and_booking"),
            models.UniqueConstraint(fields=["conversation", "person"], name="one_row_per_person_and_conversation"),
            models.UniqueConstraint(fields=["gathering", "person"], name="one_row_per_person_and_gathering"),
            ExclusionConstraint(
                name="nobody_is_in_two_places",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        for what in ("conversation", "gathering"):
            if number := getattr(self, f"{what}_id"):
                return f"time of {what} {number}"
        return f"time of booking {self.booking_id}"


class HeldSession(models.Model):
    """Session k happened. No coach, no time, no word."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.HELD_SESSION)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.HELD_SESSION)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, db_comment=kept.HELD_SESSION)
    k = models.PositiveSmallIntegerField(db_comment=kept.HELD_SESSION)

    class Meta:
        db_table_comment = "append-only"
        constraints = (
            models.UniqueConstraint(fields=["entitlement", "k"], name="a_session_is_held_once"),
            models.CheckConstraint(condition=models.Q(k__gte=1), name="held_sessions_count_from_one"),
        )

    def __str__(self) -> str:
        return f"session {self.k} of entitlement {self.entitlement_id}"

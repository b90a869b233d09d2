"""Seats and places: who stands where between consent and draw, under a study id."""

from django.db import models
from django.db.models import Q

from confrere.trial.models.states import SEATED, PlaceState, one_of
from confrere.trial.models.trials import Trial
from confrere.vault import classification as kept


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
    #: The state of which its owner knows, by letter or because the page said it. The letter names a person, so it is
    #: written in a transaction of its own, before this.
    told = models.CharField(max_length=16, choices=PlaceState.choices, blank=True, db_comment=kept.PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["trial", "study_id"], name="one_place_per_study_id"),
            models.UniqueConstraint(fields=["trial", "number"], name="places_are_numbered"),
            one_of("state", PlaceState, "place_state_is_known"),
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

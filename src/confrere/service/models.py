"""A service and its intakes, who agreed to it, and who has a place. No answer and no study id stands here."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from confrere.service.states import SEATED, IntakeKind, Order, PlaceState, ServiceState
from confrere.vault import classification as kept


class Service(models.Model):
    """The coaching service of a programme: what one person gets, how places are given, what is asked."""

    programme = models.OneToOneField("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    state = models.CharField(
        max_length=16, choices=ServiceState.choices, default=ServiceState.DRAFT, db_comment=kept.PROGRAMME
    )
    title = models.CharField(max_length=200, db_comment=kept.PROGRAMME)
    #: Minutes of session 1, 2, …
    minutes = ArrayField(models.PositiveSmallIntegerField(), db_comment=kept.PROGRAMME)
    window_days = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)
    intake = models.CharField(max_length=16, choices=IntakeKind.choices, db_comment=kept.PROGRAMME)
    order = models.CharField(max_length=16, choices=Order.choices, db_comment=kept.PROGRAMME)
    #: For so many days a place that became free is kept for the next in line.
    offer_days = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)
    #: Instruments that are asked before and after; none asks nothing.
    instruments = ArrayField(models.CharField(max_length=64), default=list, blank=True, db_comment=kept.PROGRAMME)
    #: A published questionnaire that is asked instead of the instruments.
    questionnaire = models.SlugField(blank=True, db_comment=kept.PROGRAMME)
    join_token = models.CharField(max_length=32, unique=True, db_comment=kept.PROGRAMME)
    opened_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in ServiceState.choices]),
                name="service_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", opened_on__isnull=True) | (~Q(state="draft") & Q(opened_on__isnull=False)),
                name="service_is_opened_on_a_day",
            ),
            models.CheckConstraint(condition=Q(minutes__len__gt=0), name="service_has_sessions"),
            models.CheckConstraint(
                condition=Q(order="first-come") | Q(intake="cohorts"), name="a_lottery_is_for_cohorts"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Terms(models.Model):
    """The exact words to which people agree. Never changed; other words are another version."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    service = models.ForeignKey(Service, models.PROTECT, db_comment=kept.PROGRAMME)
    version = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    text = models.TextField(db_comment=kept.PROGRAMME)
    sha256 = models.CharField(max_length=64, db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        verbose_name_plural = "terms"
        constraints = (models.UniqueConstraint(fields=["service", "version"], name="one_text_per_version_of_terms"),)

    def __str__(self) -> str:
        return f"terms {self.version}"


class Agreement(models.Model):
    """A person's agreement to the terms: name, time, and the text they read."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.CONSENT)
    terms = models.ForeignKey(Terms, models.PROTECT, db_comment=kept.CONSENT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_comment=kept.CONSENT)
    name = models.CharField(max_length=200, db_comment=kept.CONSENT)
    given_at = models.DateTimeField(db_comment=kept.CONSENT)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (
            models.UniqueConstraint(fields=["person", "terms"], name="one_agreement_per_text"),
            models.CheckConstraint(condition=~Q(name=""), name="agreement_bears_a_name"),
        )

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Intake(models.Model):
    """A time at which people come in. The rolling one has no last day. `number` counts from 1."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    service = models.ForeignKey(Service, models.PROTECT, related_name="intakes", db_comment=kept.PROGRAMME)
    number = models.PositiveSmallIntegerField(db_comment=kept.PROGRAMME)
    opens_on = models.DateField(db_comment=kept.PROGRAMME)
    #: The last day of asking; null where people may always ask.
    closes_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)
    starts_on = models.DateField(db_comment=kept.PROGRAMME)
    coach_hours = models.PositiveIntegerField(db_comment=kept.PROGRAMME)
    commitment = models.CharField(max_length=64, blank=True, db_comment=kept.PROGRAMME)
    said = models.CharField(max_length=500, blank=True, db_comment=kept.PROGRAMME)
    drawn_on = models.DateField(null=True, blank=True, db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["service", "number"], name="intakes_are_numbered"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on"), starts_on__gt=F("closes_on")),
                name="intake_opens_closes_and_starts",
            ),
            models.CheckConstraint(
                condition=Q(drawn_on__isnull=True) | (~Q(said="") & ~Q(commitment="")),
                name="a_drawn_intake_says_with_what",
            ),
        )

    def __str__(self) -> str:
        return f"intake {self.number}"


class Seat(models.Model):
    """One of the places that the coach hours of an intake carry."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="seats", db_comment=kept.PROGRAMME)
    number = models.PositiveIntegerField(db_comment=kept.PROGRAMME)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["intake", "number"], name="seats_of_an_intake_are_numbered"),)

    def __str__(self) -> str:
        return f"seat {self.number}"


class Place(models.Model):
    """Where a person stands in the service; once in a programme. `number` is the order in the line."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.SERVICE_PLACE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.SERVICE_PLACE)
    service = models.ForeignKey(Service, models.PROTECT, db_comment=kept.SERVICE_PLACE)
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="places", db_comment=kept.SERVICE_PLACE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_comment=kept.SERVICE_PLACE)
    state = models.CharField(max_length=16, choices=PlaceState.choices, db_comment=kept.SERVICE_PLACE)
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, blank=True, db_comment=kept.SERVICE_PLACE)
    number = models.PositiveIntegerField(db_comment=kept.SERVICE_PLACE)
    asked_on = models.DateField(db_comment=kept.SERVICE_PLACE)
    #: An offer ends with the end of this day (UTC).
    offered_until = models.DateField(null=True, blank=True, db_comment=kept.SERVICE_PLACE)
    #: The days on which coaching opens and ends; null before a place was taken.
    since = models.DateField(null=True, blank=True, db_comment=kept.SERVICE_PLACE)
    until = models.DateField(null=True, blank=True, db_comment=kept.SERVICE_PLACE)
    #: The state of which the person knows, by letter or because the page said it.
    told = models.CharField(max_length=16, blank=True, db_comment=kept.SERVICE_PLACE)
    #: Whether the questions before and after were opened, under the study id and in a transaction of their own.
    asked = models.BooleanField(default=False, db_comment=kept.SERVICE_PLACE)
    #: In the lottery: the random name of the lot, its nonce and the rank that was drawn.
    lot = models.CharField(max_length=32, blank=True, db_comment=kept.SERVICE_PLACE)
    nonce = models.CharField(max_length=32, blank=True, db_comment=kept.SERVICE_PLACE)
    rank = models.PositiveIntegerField(null=True, blank=True, db_comment=kept.SERVICE_PLACE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["service", "person"], name="one_service_place_per_person"),
            models.UniqueConstraint(fields=["service", "number"], name="service_places_are_numbered"),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in PlaceState.choices]),
                name="service_place_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SEATED, seat__isnull=False) | (~Q(state__in=SEATED) & Q(seat__isnull=True)),
                name="a_seat_for_each_offered_or_taken_place",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="an_offer_has_its_deadline",
            ),
        )

    def __str__(self) -> str:
        return f"service place {self.number}"


class Lottery(models.Model):
    """The leaves of a drawn lottery in the order of their ranks: public, and no name in it."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.PROGRAMME)
    intake = models.OneToOneField(Intake, models.PROTECT, db_comment=kept.PROGRAMME)
    record = models.JSONField(db_comment=kept.PROGRAMME)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        verbose_name_plural = "lotteries"

    def __str__(self) -> str:
        return f"lottery of {self.intake_id}"


class YearReport(models.Model):
    """What a service came to up to a day, as it was computed then: counts, and changes of five people or more."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, related_name="+", db_comment=kept.RELEASE)
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+", db_comment=kept.RELEASE)
    service = models.ForeignKey(Service, models.PROTECT, db_comment=kept.RELEASE)
    number = models.PositiveSmallIntegerField(db_comment=kept.RELEASE)
    made_on = models.DateField(db_comment=kept.RELEASE)
    found = models.JSONField(db_comment=kept.RELEASE)

    class Meta:
        db_table_comment = kept.APPEND_ONLY
        constraints = (models.UniqueConstraint(fields=["service", "number"], name="year_reports_are_numbered"),)

    def __str__(self) -> str:
        return f"report {self.number}"

"""A coach's page: what participants read before they choose, and the coach's own rules for hours."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from confrere.vault import classification as kept


class Area(models.TextChoices):
    """What a coach likes to work on. A fixed list, so that participants can look for it."""

    WORKLOAD = "workload", _("Workload and time")
    CAREER = "career", _("Career and transitions")
    EARLY = "early", _("The first years after training")
    LEADING = "leading", _("Leading people")
    TEAM = "team", _("Conflict in a team")
    TEACHING = "teaching", _("Teaching and mentoring")
    RESEARCH = "research", _("Research and writing")
    HOME = "home", _("Work and home")
    LEAVE = "leave", _("Coming back after leave")
    ERROR = "error", _("After an error or a complaint")
    MEANING = "meaning", _("Meaning in work")
    LATE = "late", _("The last years before retiring")


class Coach(models.Model):
    """A coach's page in a programme: what participants read before they choose."""

    programme = models.ForeignKey("people.Programme", models.PROTECT, db_comment=kept.COACH_PAGE)
    site = models.ForeignKey("people.Site", models.PROTECT, db_comment=kept.COACH_PAGE)
    person = models.ForeignKey("people.User", models.PROTECT, db_comment=kept.COACH_PAGE)
    biography = models.TextField(max_length=2000, db_comment=kept.COACH_PAGE)
    focus = models.CharField(max_length=200, blank=True, db_comment=kept.COACH_PAGE)
    languages = models.CharField(max_length=200, db_comment=kept.COACH_PAGE)
    video_link = models.URLField(blank=True, db_comment=kept.COACH_PAGE)
    phone = models.CharField(max_length=32, blank=True, db_comment=kept.COACH_PAGE)
    #: The most participants whom the coach takes on in this programme.
    capacity = models.PositiveSmallIntegerField(db_comment=kept.COACH_PAGE)
    #: What the coach likes to work on, from the fixed list: it can be looked for.
    areas = ArrayField(
        models.CharField(max_length=16, choices=Area.choices), default=list, blank=True, db_comment=kept.COACH_PAGE
    )
    picture = models.OneToOneField(
        "post.Picture", models.SET_NULL, null=True, related_name="+", db_comment=kept.COACH_PAGE
    )
    #: Where the coach works: nobody of the same division or line is offered this page.
    division = models.CharField(max_length=80, blank=True, db_comment=kept.COACH_PAGE)
    reports_to = models.CharField(max_length=80, blank=True, db_comment=kept.COACH_FILE)
    #: Minutes that stay free before and after a session.
    buffer = models.PositiveSmallIntegerField(default=0, db_comment=kept.COACH_PAGE)
    #: Hours between the booking of a session and its start.
    notice = models.PositiveSmallIntegerField(default=2, db_comment=kept.COACH_PAGE)
    #: The most sessions on one day; null is no limit.
    daily = models.PositiveSmallIntegerField(null=True, blank=True, db_comment=kept.COACH_PAGE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "person"], name="one_page_per_coach"),
            models.CheckConstraint(
                condition=~models.Q(video_link="") | ~models.Q(phone=""), name="a_coach_can_be_reached"
            ),
            models.CheckConstraint(
                condition=models.Q(areas__contained_by=[value for value, _label in Area.choices]),
                name="areas_are_of_the_list",
            ),
            models.CheckConstraint(
                condition=models.Q(buffer__lte=120, notice__lte=336) & (models.Q(daily=None) | models.Q(daily__gte=1)),
                name="hours_stay_within_reason",
            ),
        )

    def __str__(self) -> str:
        return f"coach {self.person_id}"

"""The states of trials and places as data, and which may follow which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class VersionKind(models.TextChoices):
    DRAFT = "draft"
    AMENDMENT = "amendment"


class WithdrawalKind(models.TextChoices):
    COACHING = "coaching"
    QUESTIONS = "questions"
    #: Of answers that stand in no frozen set yet.
    DATA = "data"


#: These end the questions: nothing is asked of somebody whose answers count no more.
SILENT = frozenset({WithdrawalKind.QUESTIONS, WithdrawalKind.DATA})


class LeavingReason(models.TextChoices):
    """Why somebody leaves, if they want to say it; one of a short list, so that nothing can be told by it."""

    TIME = "time", _("no time")
    UNSUITED = "unsuited", _("it did not suit them")
    PRIVACY = "privacy", _("worried about privacy")
    MOVED = "moved", _("left the institution")
    OTHER = "other", _("another reason")


class DeviationKind(models.TextChoices):
    ELIGIBILITY = "eligibility", _("Somebody took part who should not have")
    CONSENT = "consent", _("Consent was missing or out of date")
    ALLOCATION = "allocation", _("Coaching other than the draw said")
    TIMING = "timing", _("A survey or session outside its window")
    DATA = "data", _("Answers lost, mixed up or seen by someone who should not")
    OTHER = "other", _("Something else")


class EventKind(models.TextChoices):
    """What a note about harm may say: a kind and nothing clinical."""

    DISTRESS = "distress", _("Distress during or after a session or a survey")
    PRIVACY = "privacy", _("Something confidential became known")
    WORK = "work", _("Trouble at work that followed from taking part")
    OTHER = "other", _("Another unwanted event")


def one_of(field: str, states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [value for value, _label in states.choices]}), name=name
    )

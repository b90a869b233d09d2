"""What the trial puts on home pages: one sentence and one act each."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.people.queries import Card, Standing, at
from confrere.people.roles import Role
from confrere.trial.models import Consent, PlaceState, Step, StepKind, Trial, TrialState
from confrere.trial.queries.consents import asked_again
from confrere.trial.queries.events import places
from confrere.trial.queries.trials import (
    ahead_of,
    allocation_of,
    consent_of,
    consent_text,
    of_programme,
    place_of,
    protocol,
)
from confrere.vault import link

TEAM = frozenset({Role.DIRECTOR, Role.COORDINATOR})


def today(*, standing: Standing, now: datetime) -> list[Card]:  # every room has this signature
    """The cards of this room; none where coaching runs without a trial."""
    trial = of_programme(standing.programme)
    if trial is None:
        return []
    mine = _participant(trial, standing) if Role.PARTICIPANT in standing.roles else []
    return [*mine, *(_team(trial, standing) if standing.roles & TEAM else [])]


def _participant(trial: Trial, standing: Standing) -> list[Card]:
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    signed, newest = consent_of(trial=trial, person=standing.person), consent_text(trial)
    url = reverse("trial:mine", args=[standing.programme_slug])
    cards = []
    asked = asked_again(trial)
    again = asked is not None and signed is not None and signed.text.version < asked.version
    if newest is not None and (again or (signed is None and trial.state == TrialState.OPEN)):
        sentence = _("The text of your consent has a new version. Please read it and decide again.")
        act = reverse("join_consent", args=[trial.join_token])
        cards.append(Card(10, _("Consent"), sentence, _("Read it"), act, "trial.Consent.name"))
    place = place_of(trial=trial, study_id=study_id)
    if place is not None and place.state == PlaceState.WAITING:
        sentence = _("You are number %(number)s on the waiting list. We write to you when a place is free.") % {
            "number": ahead_of(place) + 1
        }
        cards.append(Card(40, _("Your place"), sentence, _("See what you can do"), url, "trial.Place.state"))
    drawn = allocation_of(trial=trial, study_id=study_id)
    after = None if drawn is None else protocol(trial).arm(drawn.arm).coaching_after
    if after is not None and not Step.objects.filter(trial=trial, study_id=study_id, kind=StepKind.GRANTED).exists():
        sentence = _("It starts after the survey “%(wave)s”, by itself.") % {"wave": protocol(trial).wave(after).title}
        cards.append(Card(60, _("Your coaching"), sentence, _("See your part"), url, "trial.Allocation.arm"))
    return cards


def _team(trial: Trial, standing: Standing) -> list[Card]:
    url = reverse("trial:programme", args=[standing.programme_slug])
    if trial.state == TrialState.DRAFT:
        sentence = _("The protocol is a draft. Nobody can join before it is locked.")
        return [Card(30, _("Recruitment"), sentence, _("Open the programme"), url)]
    stand, cap = places(trial, standing.sites), protocol(trial).cap
    rows = Consent.objects.filter(programme_id=trial.programme_id, **at(standing.sites))
    signed = rows.values("person").distinct().count()
    sentence = _(
        "%(final)s of %(cap)s places are final, %(held)s are held, %(waiting)s wait; %(signed)s have consented."
    ) % {
        "final": stand[PlaceState.FINAL],
        "held": stand[PlaceState.HELD],
        "waiting": stand[PlaceState.WAITING],
        "signed": signed,
        "cap": cap,
    }
    return [Card(50, _("Recruitment"), sentence, _("Open the programme"), url)]

"""From a signed-in person to a study id with a place. Two transactions, so that no number joins the two."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import team
from confrere.people.actions import grant_role
from confrere.people.queries import site_of
from confrere.people.roles import Role
from confrere.surveys import actions as surveys
from confrere.trial import queries
from confrere.trial.actions.leaving import take_back
from confrere.trial.actions.places import hold_place
from confrere.trial.models import SILENT, Consent, ConsentText, PlaceState, Trial, TrialState
from confrere.trial.rules import check_can_sign, check_consent
from confrere.vault import audit, link
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


def consent(
    *,
    programme: int,
    person: int,
    version: int,
    sha256: str,
    name: str,
    now: datetime,
    proved_by: str = "",
    site: int | None = None,
) -> str:
    """Sign the newest consent text, then hold a place or join the waiting list; returns the place's state.

    version, sha256: what the person had on the screen. proved_by: how they had signed in; without that the copy
    says that it is no signature. Killed between signature and place, asking again (or the worker's next round)
    goes on from there; the signature is kept once. Who signed before may sign newer words after recruitment, too:
    the place stays as it is, and questions that waited for this are asked again. site: where the person works; it is
    said with the first signature and stays.
    """
    trial = queries.required(programme)
    here = site_of(person=person, programme=programme) or _site(trial, site)
    check_can_sign(trial=trial, signed=queries.consent_of(trial=trial, person=person), now=now)
    study_id = _sign(
        trial=trial,
        person=person,
        site=here,
        version=version,
        sha256=sha256,
        name=name,
        proved_by=proved_by,
        now=now,
    )
    if not queries.withdrawn(trial=trial, study_id=study_id) & SILENT:
        surveys.reopen(programme=programme, study_id=study_id, now=now)
    if trial.state != TrialState.OPEN:
        return _place_after_recruitment(trial, study_id)
    place = queries.place_of(trial=trial, study_id=study_id)
    if place is not None and place.state == PlaceState.WITHDRAWN:
        for kind in sorted(queries.withdrawn(trial=trial, study_id=study_id)):  # signing again is coming back
            take_back(programme=programme, study_id=study_id, kind=kind, now=now)
    return hold_place(programme=programme, study_id=study_id, now=now)


def _place_after_recruitment(trial: Trial, study_id: str) -> str:
    place = queries.place_of(trial=trial, study_id=study_id)
    return "" if place is None else place.state


def _site(trial: Trial, site: int | None) -> int:
    """The site that somebody chose; where there is one only, nothing has to be chosen."""
    known = team.sites(trial.programme_id)
    if site is None and len(known) > 1:
        raise Refusal(_("Please choose the site at which you work."), status=422)
    if site is not None and site not in known:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return trial.site_id if site is None else site


@transaction.atomic
def _sign(
    *, trial: Trial, person: int, site: int, version: int, sha256: str, name: str, proved_by: str, now: datetime
) -> str:
    newest = queries.consent_text(trial)
    text = ConsentText.objects.filter(trial=trial, version=version).first()
    if newest is None or text is None:
        raise Refusal(_("There is no consent text of that version."), status=404)
    check_consent(text=text, newest=newest, sha256=sha256, name=name)
    _signature, new = Consent.objects.get_or_create(
        person_id=person,
        text=text,
        defaults={
            "programme_id": trial.programme_id,
            "site_id": site,
            "name": " ".join(name.split()),
            "meaning": text.meaning,
            "sha256": text.sha256,
            "given_at": now,
            "proved_by": proved_by,
        },
    )
    if new:
        actor = Actor.person(person)
        role = Role.PARTICIPANT
        grant_role(person=person, programme=trial.programme_id, role=role, site=site, now=now, actor=actor)
        audit.record(
            action="trial.consent",
            actor=actor,
            about=f"consent text {version}",
            programme=trial.programme_id,
            kept_as=kept.CONSENT,
            now=now,
            details={"sha256": text.sha256},
        )
    return link.create(person=person, programme=trial.programme_id, site=site, now=now)

"""The trial of a programme: its row, its protocol, its consent text."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from confrere.trial.models import Allocation, Consent, ConsentText, Place, Trial
from confrere.trial.protocol import Protocol, load_protocol
from confrere.vault.refusals import Refusal


def of_programme(programme: int, *, locked: bool = False) -> Trial | None:
    """The trial of a programme; None where coaching runs without one. `locked`: until the transaction ends."""
    rows = Trial.objects.select_related("programme").filter(programme_id=programme)
    return (rows.select_for_update(of=("self",), no_key=True) if locked else rows).first()


def required(programme: int, *, locked: bool = False) -> Trial:
    """The trial of a programme; 404 where there is none."""
    trial = of_programme(programme, locked=locked)
    if trial is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return trial


def by_link(token: str) -> Trial | None:
    """The trial that this recruitment link leads to."""
    return Trial.objects.select_related("programme").filter(join_token=token).first()


def protocol(trial: Trial) -> Protocol:
    """The protocol of a trial, as it was checked when it was stored."""
    return _loaded(trial.protocol)


@lru_cache(maxsize=64)
def _loaded(text: str) -> Protocol:
    return load_protocol(text)


def consent_text(trial: Trial) -> ConsentText | None:
    """The newest consent text; None before the first."""
    return ConsentText.objects.filter(trial=trial).order_by("-version").first()


def consent_of(*, trial: Trial, person: int) -> Consent | None:
    """The newest consent of a person."""
    rows = Consent.objects.filter(programme_id=trial.programme_id, person_id=person).select_related("text")
    return rows.order_by("-text__version").first()


def place_of(*, trial: Trial, study_id: str | None) -> Place | None:
    """Where a study id stands; None before consent."""
    return Place.objects.filter(trial=trial, study_id=study_id).first()


def sites_of(trial: Trial, study_ids: Iterable[str]) -> dict[str, int]:
    """Study id → the site at which it takes part; the trial's own for who never asked for a place."""
    codes = list(study_ids)
    known = dict(Place.objects.filter(trial=trial, study_id__in=codes).values_list("study_id", "site_id"))
    return {code: known.get(code, trial.site_id) for code in codes}


def site_of(trial: Trial, study_id: str) -> int:
    """The site at which a study id takes part."""
    return sites_of(trial, [study_id])[study_id]


def ahead_of(place: Place) -> int:
    """How many wait before this place."""
    return Place.objects.filter(trial_id=place.trial_id, state="waiting", number__lt=place.number).count()


def allocation_of(*, trial: Trial, study_id: str | None) -> Allocation | None:
    """The draw of a study id; None before it."""
    return Allocation.objects.filter(trial=trial, study_id=study_id).first()


def arms(*, programme: int) -> dict[str, str]:
    """Study id → arm, of everyone who was allocated."""
    return dict(Allocation.objects.filter(programme_id=programme).values_list("study_id", "arm"))

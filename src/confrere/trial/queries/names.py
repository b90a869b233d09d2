"""Which study ids stand in a box of the flow that leads to people: the boxes up to "allocated", never an arm."""

from django.utils.translation import gettext_lazy as _

from confrere.people.queries import at
from confrere.trial.models import Consent, Place, PlaceState, Trial
from confrere.vault import link

#: Box → its title. After "allocated" there are counts only.
NAMED = {
    "consented": _("Consented"),
    "held": _("Place held, baseline not complete yet"),
    "waiting": _("On the waiting list"),
    "lapsed": _("Place lapsed"),
    "withdrawn": _("Withdrew before the draw"),
    "allocated": _("Allocated by chance"),
}
_STATES = {"allocated": PlaceState.FINAL}


def persons_in(trial: Trial, box: str, sites: frozenset[int] | None) -> list[int]:
    """The persons of a box at these sites, or at every one; raises KeyError for a box that leads to nobody."""
    if box not in NAMED:
        raise KeyError(box)
    if box == "consented":
        signed = Consent.objects.filter(programme_id=trial.programme_id, **at(sites))
        return list(signed.values_list("person", flat=True).distinct())
    rows = Place.objects.filter(trial=trial, state=_STATES.get(box, box), **at(sites))
    study_ids = rows.values_list("study_id", flat=True)
    return list(link.persons_of(study_ids=study_ids, programme=trial.programme_id).values())

"""Whether the study's own letters are still wanted at the moment at which they would leave."""

from confrere.people.queries import person_by_address
from confrere.trial.models import SILENT, PlaceState, Trial, WithdrawalKind
from confrere.trial.queries.draws import withdrawn
from confrere.trial.queries.trials import place_of
from confrere.vault import link

#: What such a letter is recognised by: this, the number of its trial, and what it is about.
MARK = "letter of trial "


def mark(trial: Trial, about: str) -> str:
    """What the outbox keeps with a letter, so that it can be asked about."""
    return f"{MARK}{trial.pk} about {about}"


def letter_wanted(*, guard: str, to: str) -> bool | None:
    """No letter about coaching or the draw to whoever left coaching, and none about a place that was given up.

    One that asks to decide again does not go to whoever left everything. None for other rooms' letters.
    """
    if not guard.startswith(MARK):
        return None
    number, _about, about = guard.removeprefix(MARK).partition(" about ")
    trial, person = Trial.objects.filter(pk=int(number)).first(), person_by_address(to)
    study_id = link.study_id(person=person.pk, programme=trial.programme_id) if trial and person else None
    if trial is None or study_id is None:
        return False
    left = withdrawn(trial=trial, study_id=study_id)
    if about == "place":
        place = place_of(trial=trial, study_id=study_id)
        return place is not None and place.state != PlaceState.WITHDRAWN
    if about == "consent":
        return WithdrawalKind.COACHING not in left or not left & SILENT
    return WithdrawalKind.COACHING not in left

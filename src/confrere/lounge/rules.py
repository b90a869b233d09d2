"""Who is let in, and what a member may do."""

from datetime import datetime

from django.utils.translation import gettext as _

from confrere.lounge.models import Question
from confrere.people import queries as people
from confrere.people.queries import Credential, Standing
from confrere.vault.refusals import Refusal, asks


def check_verified(*, standing: Standing, now: datetime) -> Credential:
    """Physicians only, verified at every access: without a credential that is valid now the door stays shut.

    Returns the credential. One query.
    """
    credential = people.credential(person=standing.person, now=now)
    if credential is None:
        raise Refusal(
            _(
                "The lounge is open to physicians whose credential was verified within the last year. "
                "Ask your coordinator to check yours; you keep your account and your texts."
            ),
            status=403,
        )
    return credential


can_enter = asks(check_verified)


def check_specialty(slug: str) -> None:
    """A question goes to one of the listed specialties."""
    if slug not in people.specialties():
        raise Refusal(
            _("Choose a specialty from the list, so that the question reaches the right colleagues."), status=422
        )


def check_found(found: object | None) -> None:
    """What does not exist and what belongs to another programme get the same answer."""
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_accept(*, standing: Standing, question: Question, answer_author: int) -> None:
    """Only who asked accepts an answer, and not their own."""
    if question.author_id != standing.person:
        raise Refusal(_("Only the colleague who asked can accept an answer."), status=403)
    if answer_author == standing.person:
        raise Refusal(_("You cannot accept your own answer."), status=409)


can_accept = asks(check_accept)

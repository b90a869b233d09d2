"""Which moderator may decide about which claim."""

from django.utils.translation import gettext as _

from confrere.people.models import Claim
from confrere.people.queries import door as doors
from confrere.vault.refusals import Refusal, asks

#: Moderators who have to find the same.
TWO = 2


def check_can_look(*, claim: Claim, moderator: int) -> None:
    """Not at one's own claim, nor at one that one gave one's word for or against, and once each."""
    if claim.user_id == moderator:
        raise Refusal(_("This is your own claim. Other moderators look at it."), status=403)
    if moderator in doors.vouchers(claim):
        raise Refusal(_("You gave your word for this person, so other moderators look at it."), status=403)
    rivals = doors.beside(claim).rivals
    if moderator in {rival.user_id for rival in rivals}:
        raise Refusal(_("Your own number is in question here. Other moderators look at it."), status=403)


can_look = asks(check_can_look)


def asked_of(claim: Claim) -> str:
    """What moderators have to say about a claim: "frozen", "badge", or "" where nothing waits for them."""
    if claim.state == "frozen":
        return "frozen"
    shown = claim.pictures.count() == TWO and claim.state in {"open", "lapsed"}
    return "badge" if shown else ""


def check_can_hold(*, claim: Claim, moderator: int) -> None:
    """A moderator closes a member's door at once; two then decide. Not one's own."""
    check_can_look(claim=claim, moderator=moderator)
    if claim.state != "bound":
        raise Refusal(_("Only somebody who is verified at the moment can be held."), status=409)


can_hold = asks(check_can_hold)

"""Why a door is closed, in words, with the way back. Asked only where it is closed."""

from datetime import datetime

from django.utils.translation import gettext as _

from confrere.people.models import Claim
from confrere.people.queries import door as doors
from confrere.people.rules.claims import EVIDENCE, WHY, is_stale


def why_closed(*, person: int, now: datetime) -> str:
    """The reason and the way back. What others have said or claimed shows only to whom it concerns."""
    claim = doors.claim_of(person)
    if claim is None:
        return _(
            "The lounge is open to physicians whose credential was verified within the last year. "
            "Show that you are one under “Me”, “Your verification”. Ask your coordinator if that does not work."
        )
    return reason(claim, now=now)


def reason(claim: Claim, *, now: datetime) -> str:
    """What a claim's own person is told of its state, while it is not bound or its time has passed."""
    if looks_open(claim):
        return _(
            "Your entry in the register is found. What is missing is something that shows that it is you: "
            "there are four ways, under “Me”, “Your verification”."
        )
    if claim.state == "frozen" and claim.before == "open":
        return _("You have shown who you are. Two moderators look at it first; you get a letter when they have.")
    if claim.state == "bound":
        assert claim.bound_at is not None
        old = now >= claim.bound_at + EVIDENCE and not is_stale(claim.data_of, now=now)
        return str(WHY["evidence_old" if old else "data_old"])
    return str(WHY[claim.why])


def looks_open(claim: Claim) -> bool:
    """A claim that another one has frozen looks like any open one until its person has shown something.

    Otherwise a stranger with somebody's public number would learn here whether that somebody is a member.
    """
    return claim.state == "open" or (claim.state == "frozen" and claim.before == "open" and not claim.binding)

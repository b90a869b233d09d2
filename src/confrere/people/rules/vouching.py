"""Who may give their word for whom."""

from datetime import datetime

from django.utils.translation import gettext as _

from confrere.people.models import Claim
from confrere.people.queries import door as doors
from confrere.vault.refusals import Refusal, asks


def check_can_vouch(*, claim: Claim, voucher: int, now: datetime) -> Claim:
    """The voucher's own claim, if they may say that they know this person; each way in which not has a sentence."""
    if claim.user_id == voucher:
        raise _no(_("This is your own claim. Pass the link on to two colleagues."))
    own = doors.bound(voucher)
    if own is None:
        raise _no(_("Only verified physicians can give their word here, and you are none at the moment."))
    if claim.trainee:
        raise _no(_("Whoever is in training is bound by their institution only; nobody needs to give their word."))
    if claim.state not in {"open", "lapsed", "frozen"}:
        raise _no(_("This claim does not wait for anybody's word any more."))
    since = own.member_since
    if since is None or now - since < doors.SETTLED:
        raise _no(_("You can give your word once you have been verified yourself for thirty days."))
    if own.site_id != claim.site_id and own.specialty != claim.specialty:
        raise _no(_("Only colleagues of the same institution or the same specialty can give their word."))
    if voucher in doors.vouchers(claim):
        raise _no(_("You have given your word for this colleague already. A second colleague is needed."))
    if doors.words_given(voucher, now=now) >= doors.WORDS:
        raise _no(_("You have given your word five times in ninety days, which is as often as one can."))
    _check_no_ring(claim=claim, voucher=voucher)
    return own


can_vouch = asks(check_can_vouch)


def _check_no_ring(*, claim: Claim, voucher: int) -> None:
    """Words must lead out to what an institution said or moderators saw; they may not lead back, nor hang together."""
    if claim.user_id in doors.stand_on(voucher):
        raise _no(_("Your own membership rests on this person's word, so yours cannot carry theirs."))
    for other in doors.vouchers(claim):
        if other in doors.stand_on(voucher) or voucher in doors.stand_on(other):
            raise _no(_("One of you two vouchers rests on the other's word. Somebody independent is needed."))
        if doors.stand_on(voucher) and doors.stand_on(other):
            raise _no(
                _(
                    "The other voucher was let in on colleagues' words, as you were. "
                    "One of the two must have come otherwise."
                )
            )


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=403)

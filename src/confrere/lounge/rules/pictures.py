"""Which pictures may stand beneath a post, and which wait for a second person."""

from django.utils.translation import gettext as _

from confrere.lounge.models import Mask, Picture
from confrere.lounge.rules.keeping import is_own
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.vault.refusals import Refusal


def check_picture(*, words: str, face: bool, attested: bool) -> None:
    """What its author has to say of a picture. No machine looks for faces here: a person says whether there is one."""
    if face:
        raise Refusal(_("A face can point at a patient. Cover it, or choose another picture."), status=422)
    if not words.strip():
        raise Refusal(_("Say in a line what is to be seen, for colleagues who do not see it."), status=422)
    if not attested:
        raise Refusal(
            _("Confirm that the patient agreed to this picture, or that nobody can recognise them."), status=422
        )


def check_waits(*, picture: Picture) -> None:
    """One look is enough."""
    if picture.looked_at is not None:
        raise Refusal(_("Another moderator has looked at it meanwhile."))


def check_may_see(*, standing: Standing, picture: Picture, mask: Mask | None) -> None:
    """Everyone once a second person has looked; before that its author and the moderators. Others: nothing is here."""
    own = is_own(standing=standing, post=picture.post, mask=mask)
    if picture.looked_at is None and not own and Role.MODERATOR not in standing.roles:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
